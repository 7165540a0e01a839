//! The `Idempotency-Key` header, on whatever writes.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, terms};
use serde_json::json;

both_databases!(
    a_key_makes_any_post_safe_to_repeat,
    a_secret_is_not_told_twice,
    a_key_with_another_body_is_refused,
    a_key_is_its_clients_and_its_paths,
    a_refusal_of_the_body_is_not_kept,
    a_business_denial_is_kept,
    a_key_is_visible_ascii,
    a_key_many_times_at_once_acts_once,
);

async fn a_key_makes_any_post_safe_to_repeat(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let body = json!({ "card": "ADA-1" });
    let first = brand.http.post("/v1/members", &body).key("enrol-1").await;
    first.ok(201);
    assert!(!first.is_replay());
    let again = brand.http.post("/v1/members", &body).key("enrol-1").await;
    assert_eq!(again.ok(201), first.json());
    assert!(again.is_replay());
    brand.http.post("/v1/members", &body).await.any_problem(409);
}

async fn a_secret_is_not_told_twice(coalition: Coalition) {
    let body = json!({ "slug": "bakehouse", "name": "The Bakehouse", "currency": "USD", "terms": terms() });
    let first = coalition.operator.post("/v1/partners", &body).key("admit").await.ok(201);
    let again = coalition.operator.post("/v1/partners", &body).key("admit").await;
    let replayed = again.ok(201);
    assert!(again.is_replay());
    assert_eq!((&replayed["id"], &replayed["client_id"]), (&first["id"], &first["client_id"]));
    assert!(replayed["client_secret"].is_null(), "{replayed:#}");

    let ada = coalition.operator.post("/v1/members", &json!({})).await.ok(201);
    let path = format!("/v1/members/{}/sessions", ada["id"].as_str().unwrap());
    let minted = coalition.operator.post_empty(&path).key("session").await.ok(201);
    assert!(minted["access_token"].is_string());
    assert!(coalition.operator.post_empty(&path).key("session").await.ok(201)["access_token"].is_null());
}

async fn a_key_with_another_body_is_refused(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.http.post("/v1/transactions", &brand.purchase(&ada, 100)).key("k").await.ok(201);
    brand.http.post("/v1/transactions", &brand.purchase(&ada, 100)).key("k").await.problem(422, "idempotency-mismatch");
    assert_eq!(brand.available(&ada).await, 1);
}

async fn a_key_is_its_clients_and_its_paths(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let mut purchase = bakehouse.purchase(&ada, 100);
    purchase["member"] = json!({ "card": ada.card });
    bakehouse.http.post("/v1/transactions", &purchase).key("k").await.ok(201);
    freshmart.http.post("/v1/transactions", &purchase).key("k").await.ok(201);
    bakehouse.http.post("/v1/members", &json!({ "card": "BOB-1" })).key("k").await.ok(201);
    assert_eq!(bakehouse.available(&ada).await, 2);
}

async fn a_refusal_of_the_body_is_not_kept(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let mut wrong = brand.purchase(&ada, 100);
    wrong["total"] = json!(-100);
    brand.http.post("/v1/transactions", &wrong).key("k").await.any_problem(400);
    wrong["member"] = json!({ "card": "NOBODY" });
    wrong["total"] = json!(100);
    brand.http.post("/v1/transactions", &wrong).key("k").await.problem(404, "member-not-found");
    wrong["member"] = json!({ "id": ada.id });
    brand.http.post("/v1/transactions", &wrong).key("k").await.ok(201);
}

async fn a_business_denial_is_kept(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let me = coalition.session(&ada).await;
    let wish = json!({ "partner": "bakehouse", "reward": "mug" });
    let denied = me.post("/v1/redemptions", &wish).key("k").await;
    denied.problem(409, "insufficient-points");
    brand.sell(&ada, 100_000).await;
    let again = me.post("/v1/redemptions", &wish).key("k").await;
    again.problem(409, "insufficient-points");
    assert!(again.is_replay());
    me.post("/v1/redemptions", &wish).key("k2").await.ok(201);
}

async fn a_key_is_visible_ascii(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    for bad in ["", "with space", &"x".repeat(256)] {
        brand.http.post("/v1/members", &json!({})).key(bad).await.any_problem(400);
    }
    brand.http.post("/v1/members", &json!({})).key(&"x".repeat(255)).await.ok(201);
}

async fn a_key_many_times_at_once_acts_once(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let second = coalition.another_gateway();
    let body = json!({ "card": "ADA-1" });
    let callers = [brand.http.clone(), brand.http.at(&second.url())];
    let calls = (0..16).map(|number| callers[number % 2].post("/v1/members", &body).key("enrol").send());
    let answers = futures::future::join_all(calls).await;
    let mut ids = std::collections::HashSet::new();
    for answer in answers {
        let answer = answer.unwrap();
        match answer.status.as_u16() {
            201 => drop(ids.insert(answer.json()["id"].clone().to_string())),
            409 => {
                answer.problem(409, "idempotency-in-flight");
                assert!(answer.header("retry-after").is_some());
            }
            _ => panic!("{}", answer.text()),
        }
    }
    assert_eq!(ids.len(), 1);
}
