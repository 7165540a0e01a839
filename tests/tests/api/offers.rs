//! What a member can get now, from every partner's rules.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

both_databases!(a_member_sees_every_brands_offers, a_brand_asks_for_its_member, a_brand_whose_rules_fail_spoils_nobodys_offers);

fn of<'a>(offers: &'a Value, partner: &str) -> &'a Value {
    offers["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|offer| offer["partner"] == partner)
        .unwrap_or_else(|| panic!("no offer of {partner}: {offers:#}"))
}

async fn a_member_sees_every_brands_offers(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let dear = json!({ "rewards": [{ "id": "trip", "points": 90_000, "value": 50_000, "stock": 4 }] });
    coalition.brand_with_puppet("voyage", &dear).await;
    let ada = bakehouse.enrol("ADA-1").await;
    bakehouse.sell(&ada, 20_000).await;
    let offers = coalition.session(&ada).await.get("/v1/offers").await.ok(200);
    let mug = of(&offers, "bakehouse");
    assert_eq!(
        (mug["reward"].as_str(), mug["points"].as_i64(), mug["eligible"].as_bool()),
        (Some("mug"), Some(100), Some(true)),
        "{mug:#}"
    );
    assert_eq!(mug["value"], json!({ "amount": 500, "currency": "USD" }));
    let trip = of(&offers, "voyage");
    assert_eq!((trip["eligible"].as_bool(), trip["stock"].as_i64()), (Some(false), Some(4)), "{trip:#}");
    assert!(!trip["reason"].is_null(), "{trip:#}");
    for field in ["title", "kind", "valid_until"] {
        assert!(mug.get(field).is_some(), "no {field} in {mug:#}");
    }
}

async fn a_brand_asks_for_its_member(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let offers = bakehouse.http.get(&format!("/v1/offers?member={}", ada.id)).await.ok(200);
    of(&offers, "bakehouse");
    freshmart.http.get(&format!("/v1/offers?member={}", ada.id)).await.any_problem(404);
    bakehouse.http.get("/v1/offers").await.any_problem(400);
}

async fn a_brand_whose_rules_fail_spoils_nobodys_offers(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    coalition.brand_with_puppet("cellar", &json!({ "mood": "traps" })).await;
    coalition.brand_with_puppet("bloom", &json!({ "mood": "loops" })).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let offers = coalition.session(&ada).await.get("/v1/offers").await.ok(200);
    of(&offers, "bakehouse");
    assert!(offers["items"].as_array().unwrap().iter().all(|offer| offer["partner"] == "bakehouse"));
}
