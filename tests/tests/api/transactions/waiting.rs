//! Awards that wait for an action, such as a delivery.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use serde_json::{Value, json};

both_databases!(what_is_delivered_can_be_spent, what_is_never_delivered_is_taken_back, only_what_waits_for_it_is_settled);

async fn report(brand: &Brand, sold: &Value, step: &str, more: Value) -> coalition_tests::harness::http::Answer {
    let mut body = json!({ "external_id": format!("{step}-1") });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    brand.http.post(&format!("/v1/transactions/{}/{step}", sold["id"].as_str().unwrap()), &body).await
}

async fn points(brand: &Brand, member: &Member) -> (i64, i64) {
    let balance = brand.balance(member).await;
    (balance["available"].as_i64().unwrap(), balance["pending"].as_i64().unwrap())
}

async fn what_is_delivered_can_be_spent(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "action": "delivered", "bonus": 5 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    assert_eq!((&sold["points"]["awarded"], &sold["points"]["pending"]), (&json!(15), &json!(15)));
    assert_eq!(points(&brand, &ada).await, (0, 15));
    report(&brand, &sold, "activate", json!({ "action": "paid" })).await.problem(409, "nothing-waits");
    let settled = report(&brand, &sold, "activate", json!({ "action": "delivered" })).await.ok(200);
    assert_eq!((&settled["points"], settled["lots"].as_array().unwrap().len()), (&json!(15), 2), "{settled:#}");
    assert_eq!(points(&brand, &ada).await, (15, 0));
    let again = report(&brand, &sold, "activate", json!({ "action": "delivered" })).await;
    assert!(again.is_replay());
    assert_eq!(again.ok(200), settled);
    report(&brand, &sold, "activate", json!({})).await.problem(409, "external-id-conflict");
    report(&brand, &sold, "cancel", json!({})).await.problem(409, "nothing-waits");
    coalition.verify().await;
}

async fn what_is_never_delivered_is_taken_back(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "action": "delivered", "bonus": 5 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    let settled = report(&brand, &sold, "cancel", json!({})).await.ok(200);
    assert_eq!(settled["points"], 15);
    assert_eq!(points(&brand, &ada).await, (0, 0));
    // The award is gone; a refund has nothing more to take.
    let refunded =
        brand.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &json!({ "external_id": "r-1" })).await;
    assert_eq!(refunded.ok(201)["points"], json!({ "recovered": 0, "arrears": 0, "shortfall": 0 }));
    coalition.verify().await;
}

async fn only_what_waits_for_it_is_settled(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "pending_days": 3 })).await;
    let other = coalition.brand_with_puppet("grocer", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    // It waits for a moment, which no till hastens.
    report(&brand, &sold, "activate", json!({})).await.problem(409, "nothing-waits");
    report(&other, &sold, "activate", json!({})).await.any_problem(404);
    report(&brand, &sold, "activate", json!({ "lots": ["lot_x"] })).await.any_problem(400);
    report(&brand, &sold, "activate", json!({ "action": "" })).await.any_problem(400);
    assert_eq!(points(&brand, &ada).await, (0, 10));
    // A refund takes what still waits.
    brand
        .http
        .post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &json!({ "external_id": "r-1", "amount": 400 }))
        .await
        .ok(201);
    assert_eq!(points(&brand, &ada).await, (0, 6));
    coalition.set_clock("2026-11-24T12:00:01Z").await;
    assert_eq!(points(&brand, &ada).await, (6, 0));
    coalition.verify().await;
}
