//! Members: enrolment, who sees them, their balance and its explanation, their own sessions.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, NOW};
use serde_json::json;

both_databases!(
    a_member_is_enrolled_by_card,
    a_card_is_one_persons,
    what_a_member_cannot_be,
    a_stranger_brand_sees_nobody,
    a_balance_is_explained_by_its_entries,
    points_that_wait_are_pending_until_they_are_due,
    points_expire_when_they_said,
    an_alias_names_a_member_at_one_brand_only,
    a_session_shows_a_member_itself_and_nobody_else,
    a_session_minted_by_a_brand_redeems_there_only,
);

async fn a_member_is_enrolled_by_card(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let body = json!({ "card": "HH00900", "name": "Ada Lovelace", "email": "ada@example.org", "birthday": "1815-12-10" });
    let enrolled = brand.http.post("/v1/members", &body).await.ok(201);
    assert!(enrolled["id"].as_str().unwrap().starts_with("mbr_"));
    assert_eq!(enrolled["card"], "HH00900");
    let read = brand.http.get(&format!("/v1/members/{}", enrolled["id"].as_str().unwrap())).await.ok(200);
    assert_eq!((read["id"].as_str(), read["card"].as_str()), (enrolled["id"].as_str(), Some("HH00900")));
    coalition.operator.post("/v1/members", &json!({})).await.ok(201);
}

async fn a_card_is_one_persons(coalition: Coalition) {
    let (bakehouse, freshmart) = (coalition.brand("bakehouse").await, coalition.brand("freshmart").await);
    bakehouse.enrol("HH00900").await;
    for http in [&bakehouse.http, &freshmart.http, &coalition.operator] {
        http.post("/v1/members", &json!({ "card": "HH00900" })).await.any_problem(409);
    }
}

async fn what_a_member_cannot_be(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let bad = [
        json!({ "card": "" }),
        json!({ "card": "with space" }),
        json!({ "card": "x".repeat(65) }),
        json!({ "card": 900 }),
        json!({ "card": "HH1", "colour": "red" }),
        json!({ "card": "HH1", "birthday": "yesterday" }),
        json!("HH1"),
    ];
    for body in bad {
        brand.http.post("/v1/members", &body).await.any_problem(400);
    }
}

async fn a_stranger_brand_sees_nobody(coalition: Coalition) {
    let bakehouse = coalition.brand("bakehouse").await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let nobody = "mbr_01kkkkkkkkekkbkkkkkkkkkkkk";
    for path in ["", "/balance", "/entries"] {
        let foreign = freshmart.http.get(&format!("/v1/members/{}{path}", ada.id)).await;
        foreign.any_problem(404);
        let unknown = freshmart.http.get(&format!("/v1/members/{nobody}{path}")).await;
        assert_eq!(foreign.text(), unknown.text(), "a foreign id answers exactly as one that does not exist");
    }
    // A first accepted transaction links them.
    let mut purchase = freshmart.purchase(&ada, 1_000);
    purchase["member"] = json!({ "card": ada.card });
    freshmart.post(&purchase).await.ok(201);
    assert_eq!(freshmart.available(&ada).await, 10);
}

async fn a_balance_is_explained_by_its_entries(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({ "bonus": 3 })).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    bakehouse.sell(&ada, 1_234).await;
    let mut purchase = freshmart.purchase(&ada, 500);
    purchase["member"] = json!({ "card": ada.card });
    freshmart.post(&purchase).await.ok(201);

    let balance = bakehouse.balance(&ada).await;
    assert_eq!(balance["available"], 12 + 3 + 5, "{balance:#}");
    assert_eq!((balance["pending"].as_i64(), balance["held"].as_i64(), balance["arrears"].as_i64()), (Some(0), Some(0), Some(0)));
    for field in ["expiring", "tier", "as_of"] {
        assert!(balance.get(field).is_some(), "no {field} in {balance:#}");
    }

    let entries = coalition.operator.get(&format!("/v1/members/{}/entries", ada.id)).await.ok(200);
    let items = entries["items"].as_array().unwrap();
    let sum: i64 = items.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
    assert_eq!(sum, 20, "{entries:#}");
    for entry in items {
        assert!(["bakehouse", "freshmart"].contains(&entry["partner"].as_str().unwrap()), "{entry:#}");
        assert!(entry["decision"].as_str().unwrap().starts_with("dec_"), "{entry:#}");
        assert!(!entry["reason"].is_null(), "{entry:#}");
    }
    // Newest first, a page at a time.
    let page = coalition.operator.get(&format!("/v1/members/{}/entries?limit=1", ada.id)).await.ok(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["items"][0], items[0]);
    assert!(page["next_cursor"].is_string());
}

async fn points_that_wait_are_pending_until_they_are_due(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "pending_days": 14 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    assert_eq!((sold["points"]["awarded"].as_i64(), sold["points"]["pending"].as_i64()), (Some(10), Some(10)), "{sold:#}");
    let balance = brand.balance(&ada).await;
    assert_eq!((balance["available"].as_i64(), balance["pending"].as_i64()), (Some(0), Some(10)));
    coalition.set_clock("2026-12-06T12:00:00Z").await;
    let balance = brand.balance(&ada).await;
    assert_eq!((balance["available"].as_i64(), balance["pending"].as_i64()), (Some(10), Some(0)));
    coalition.verify().await;
}

async fn points_expire_when_they_said(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "expires_days": 30 })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    let expiring = brand.balance(&ada).await["expiring"].clone();
    assert_eq!(expiring[0]["points"], 10, "{expiring:#}");
    coalition.set_clock("2026-12-25T12:00:00Z").await;
    assert_eq!(brand.available(&ada).await, 0);
    // Written, too, when something next moves.
    let mut later = brand.purchase(&ada, 500);
    later["occurred_at"] = json!("2026-12-25T12:00:00Z");
    brand.post(&later).await.ok(201);
    assert_eq!(brand.available(&ada).await, 5);
    coalition.verify().await;
}

async fn an_alias_names_a_member_at_one_brand_only(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let path = format!("/v1/members/{}/alias", ada.id);
    let named = bakehouse.http.put(&path, &json!({ "alias": "customer-17" })).await;
    assert!(named.status.is_success(), "{}", named.text());
    let mut purchase = bakehouse.purchase(&ada, 700);
    purchase["member"] = json!({ "alias": "customer-17" });
    bakehouse.post(&purchase).await.ok(201);
    assert_eq!(bakehouse.available(&ada).await, 7);

    let mut foreign = freshmart.purchase(&ada, 700);
    foreign["member"] = json!({ "alias": "customer-17" });
    freshmart.post(&foreign).await.problem(404, "member-not-found");

    let bob = bakehouse.enrol("BOB-1").await;
    bakehouse.http.put(&format!("/v1/members/{}/alias", bob.id), &json!({ "alias": "customer-17" })).await.any_problem(409);
    let removed = bakehouse.http.delete(&path).await;
    assert!(removed.status.is_success(), "{}", removed.text());
    let mut late = bakehouse.purchase(&ada, 700);
    late["member"] = json!({ "alias": "customer-17" });
    bakehouse.post(&late).await.problem(404, "member-not-found");
}

async fn a_session_shows_a_member_itself_and_nobody_else(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let (ada, bob) = (brand.enrol("ADA-1").await, brand.enrol("BOB-1").await);
    brand.sell(&ada, 900).await;
    let me = brand.session(&ada).await;
    assert_eq!(me.get(&format!("/v1/members/{}/balance", ada.id)).await.ok(200)["available"], 9);
    me.get(&format!("/v1/members/{}/balance", bob.id)).await.any_problem(404);
    let mut purchase = brand.purchase(&ada, 100);
    purchase["occurred_at"] = json!(NOW);
    me.post("/v1/transactions", &purchase).await.any_problem(403);
    me.get("/v1/ledger/trial-balance").await.any_problem(403);
}

async fn a_session_minted_by_a_brand_redeems_there_only(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    bakehouse.sell(&ada, 100_000).await;
    let by_bakehouse = bakehouse.session(&ada).await;
    by_bakehouse.post("/v1/redemptions", &json!({ "partner": "freshmart", "reward": "mug" })).await.any_problem(403);
    by_bakehouse.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    let by_operator = coalition.session(&ada).await;
    by_operator.post("/v1/redemptions", &json!({ "partner": "freshmart", "reward": "mug" })).await.ok(201);
    let nobodys = coalition.operator.post("/v1/members", &json!({})).await.ok(201);
    let path = format!("/v1/members/{}/sessions", nobodys["id"].as_str().unwrap());
    freshmart.http.post_empty(&path).await.any_problem(404);
}
