//! Partners: admitted, listed, changed.

use coalition_app::Page;
use serde_json::json;

use crate::harness::{World, body, new_partner, read, refused};

#[tokio::test]
async fn a_partner_is_admitted_under_its_terms() {
    let world = World::new().await;
    let operator = world.operator().await;
    let new = read(json!({
        "slug": "bakehouse", "name": "The Bakehouse", "currency": "EUR",
        "terms": {
            "issue_price": {"amount": 1000, "currency": "USD"}, "redeem_price": {"amount": 900, "currency": "USD"},
            "funding": "prepaid", "credit_limit_points": 5000, "caps": {"per_transaction": 100},
        },
    }));
    let admitted = body(&world.app.create_partner(&operator, new, None).await.unwrap());
    assert_eq!((admitted["slug"].as_str(), admitted["status"].as_str()), (Some("bakehouse"), Some("active")));
    let id = admitted["id"].as_str().unwrap().parse().unwrap();
    let view = json!(world.app.partner(&operator, id).await.unwrap());
    assert_eq!(view["terms"], admitted["terms"]);
    assert_eq!(view["terms"]["caps"], json!({"per_transaction": 100, "per_member_day": null, "per_day": null}));
    assert_eq!(view["terms"]["prices_from"], json!(null));
    assert!(view.get("client_secret").is_none());
    refused(world.app.create_partner(&operator, new_partner("bakehouse"), None).await, "slug-taken");
    refused(world.app.create_partner(&operator, new_partner("operator"), None).await, "slug-taken");
}

#[tokio::test]
async fn terms_change_and_prices_are_dated() {
    let world = World::new().await;
    let operator = world.operator().await;
    let brand = world.partner("bakehouse").await;
    world.app.put_clock(&operator, read(json!({"now": "2026-11-21T10:00:00Z"}))).await.unwrap();
    let patch = read(json!({
        "name": "Ovens",
        "terms": {"issue_price": {"amount": 1100, "currency": "USD"}, "credit_limit_points": 7, "caps": {"per_day": 9}},
    }));
    let view = json!(world.app.patch_partner(&operator, brand.id, patch).await.unwrap());
    assert_eq!(view["name"], "Ovens");
    assert_eq!(view["terms"]["issue_price"]["amount"], 1100);
    assert_eq!(view["terms"]["redeem_price"]["amount"], 900);
    assert_eq!(view["terms"]["prices_from"], "2026-11-21T10:00:00Z");
    assert_eq!(view["terms"]["caps"]["per_day"], 9);
    let back = read(json!({"terms": {"credit_limit_points": null}}));
    let view = json!(world.app.patch_partner(&operator, brand.id, back).await.unwrap());
    assert_eq!(view["terms"]["credit_limit_points"], json!(null));
    assert_eq!(view["terms"]["issue_price"]["amount"], 1100);
    let foreign = read(json!({"terms": {"issue_price": {"amount": 1, "currency": "EUR"}}}));
    let error = refused(world.app.patch_partner(&operator, brand.id, foreign).await, "invalid-request");
    assert_eq!(error.errors[0].pointer, "/terms/issue_price/currency");
    let nobody = "prt_00000000000000000000000000".parse().unwrap();
    refused(world.app.partner(&operator, nobody).await, "not-found");
    refused(world.app.partner(&brand.caller, brand.id).await, "forbidden");
}

#[tokio::test]
async fn partners_are_listed_newest_first_page_by_page() {
    let world = World::new().await;
    let operator = world.operator().await;
    for slug in ["a", "b", "c", "d"] {
        world.partner(slug).await;
    }
    let mut slugs = Vec::new();
    let mut cursor = None;
    loop {
        let page = world.app.partners(&operator, Page { limit: 2, cursor }).await.unwrap();
        slugs.extend(page.items.iter().map(|partner| partner.slug.clone()));
        // What comes in between is newer than where the pages are.
        if slugs.len() == 2 {
            world.partner("e").await;
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(slugs, ["d", "c", "b", "a", "operator"]);
    let forged = Page { limit: 2, cursor: Some("AAAA".to_owned()) };
    assert_eq!(refused(world.app.partners(&operator, forged).await, "invalid-request").errors[0].pointer, "/cursor");
}
