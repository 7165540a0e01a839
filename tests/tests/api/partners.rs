//! The operator admits partners, changes their terms, rotates their keys, and stops them.

use std::time::{Duration, Instant};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, terms};
use coalition_tests::harness::http::Http;
use serde_json::{Value, json};

both_databases!(
    a_partner_is_admitted_and_its_secret_is_shown_once,
    a_slug_is_taken_for_ever,
    what_a_partner_cannot_be,
    terms_and_name_can_be_changed,
    keys_rotate_with_overlap,
    keys_can_be_narrow,
    a_suspended_partner_is_stopped_at_every_gateway,
    only_the_operator_admits,
);

async fn a_partner_is_admitted_and_its_secret_is_shown_once(coalition: Coalition) {
    let body = json!({ "slug": "bakehouse", "name": "The Bakehouse", "currency": "USD", "terms": terms() });
    let admitted = coalition.operator.post("/v1/partners", &body).await.ok(201);
    assert!(admitted["id"].as_str().unwrap().starts_with("prt_"));
    assert_eq!((admitted["slug"].as_str(), admitted["name"].as_str()), (Some("bakehouse"), Some("The Bakehouse")));
    assert!(admitted["client_secret"].as_str().unwrap().len() >= 32, "256 random bits");

    let read = coalition.operator.get(&format!("/v1/partners/{}", admitted["id"].as_str().unwrap())).await.ok(200);
    assert_eq!(read["slug"], "bakehouse");
    assert_eq!(read["currency"], "USD");
    assert_eq!(read["terms"]["funding"], "postpaid");
    assert_eq!(read["terms"]["caps"]["per_transaction"], 1_000_000);
    assert!(read.get("client_secret").is_none_or(Value::is_null), "{read:#}");
}

async fn a_slug_is_taken_for_ever(coalition: Coalition) {
    coalition.brand("bakehouse").await;
    let again = json!({ "slug": "bakehouse", "name": "Another", "currency": "USD", "terms": terms() });
    coalition.operator.post("/v1/partners", &again).await.any_problem(409);
}

async fn what_a_partner_cannot_be(coalition: Coalition) {
    let good = json!({ "slug": "bakehouse", "name": "The Bakehouse", "currency": "USD", "terms": terms() });
    let with = |pointer: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        changed
    };
    let mut unknown = good.clone();
    unknown["colour"] = json!("red");
    let bad = [
        unknown,
        json!({}),
        json!([]),
        with("/slug", json!("")),
        with("/slug", json!("The Bakehouse!")),
        with("/slug", json!("x".repeat(200))),
        with("/name", json!("")),
        with("/currency", json!("dollars")),
        with("/terms/funding", json!("barter")),
        with("/terms/issue_price/amount", json!(-1)),
        with("/terms/issue_price/amount", json!(1.5)),
        with("/terms/caps/per_transaction", json!(-1)),
    ];
    for body in bad {
        coalition.operator.post("/v1/partners", &body).await.any_problem(400);
    }
    coalition.operator.get("/v1/partners/prt_00000000000000000000000000").await.any_problem(404);
}

async fn terms_and_name_can_be_changed(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let path = format!("/v1/partners/{}", brand.id);
    let mut changed = terms();
    changed["caps"]["per_transaction"] = json!(7);
    coalition.operator.patch(&path, &json!({ "name": "Ovens", "terms": changed })).await.ok(200);
    let read = coalition.operator.get(&path).await.ok(200);
    assert_eq!((read["name"].as_str(), read["terms"]["caps"]["per_transaction"].as_i64()), (Some("Ovens"), Some(7)));
    assert_eq!(read["slug"], "bakehouse");
    coalition.operator.patch(&path, &json!({ "slug": "ovens" })).await.any_problem(400);

    // The cap is what counts from now on, whatever the rules say.
    brand.deploy("puppet", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 10_000).await;
    assert_eq!((sold["points"]["awarded"].as_i64(), sold["points"]["capped"].as_i64()), (Some(7), Some(93)));
    coalition.verify().await;
}

async fn keys_rotate_with_overlap(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let path = format!("/v1/partners/{}/credentials", brand.id);
    let fresh = coalition.operator.post(&path, &json!({})).await.ok(201);
    let (id, secret) = (fresh["client_id"].as_str().unwrap(), fresh["client_secret"].as_str().unwrap());
    let renewed = coalition.stranger().login(id, secret).await;
    for http in [&brand.http, &renewed] {
        http.get("/v1/transactions").await.ok(200);
    }
    let old = &brand.credentials;
    let gone = coalition.operator.delete(&format!("{path}/{}", old.client_id)).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    assert_eq!(coalition.stranger().ask_token(&old.client_id, &old.client_secret).await.status, 401);
    refused_within_5_s(&brand.http).await;
    renewed.get("/v1/transactions").await.ok(200);
    coalition.operator.delete(&format!("{path}/nobody")).await.any_problem(404);
}

async fn keys_can_be_narrow(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let path = format!("/v1/partners/{}/credentials", brand.id);
    let narrow = coalition.operator.post(&path, &json!({ "scopes": ["transactions:read"] })).await.ok(201);
    let reader = coalition.stranger().login(narrow["client_id"].as_str().unwrap(), narrow["client_secret"].as_str().unwrap()).await;
    reader.get("/v1/transactions").await.ok(200);
    reader.post("/v1/transactions", &brand.purchase(&ada, 100)).await.any_problem(403);
    reader.get("/v1/plugins").await.any_problem(403);
    coalition.operator.post(&path, &json!({ "scopes": ["everything"] })).await.any_problem(400);
}

async fn a_suspended_partner_is_stopped_at_every_gateway(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let second = coalition.another_gateway();
    let there = brand.http.at(&second.url());
    there.get("/v1/transactions").await.ok(200);

    let suspended = coalition.operator.post_empty(&format!("/v1/partners/{}/suspend", brand.id)).await;
    assert!(suspended.status.is_success(), "{}", suspended.text());
    refused_within_5_s(&brand.http).await;
    refused_within_5_s(&there).await;
    let purchase = brand.purchase(&ada, 500);
    assert!(matches!(there.post("/v1/transactions", &purchase).await.status.as_u16(), 401 | 403));

    let resumed = coalition.operator.post_empty(&format!("/v1/partners/{}/resume", brand.id)).await;
    assert!(resumed.status.is_success(), "{}", resumed.text());
    let again = coalition.stranger().login(&brand.credentials.client_id, &brand.credentials.client_secret).await;
    let started = Instant::now();
    while again.get("/v1/transactions").await.status != 200 {
        assert!(started.elapsed() < Duration::from_secs(6), "still refused");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    again.post("/v1/transactions", &purchase).await.ok(201);
}

async fn only_the_operator_admits(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let body = json!({ "slug": "freshmart", "name": "Freshmart", "currency": "USD", "terms": terms() });
    brand.http.post("/v1/partners", &body).await.any_problem(403);
    brand.http.post_empty(&format!("/v1/partners/{}/suspend", brand.id)).await.any_problem(403);
    brand.http.get("/v1/ledger/verify").await.any_problem(403);
}

async fn refused_within_5_s(http: &Http) {
    let started = Instant::now();
    loop {
        let answer = http.get("/v1/transactions").await;
        if matches!(answer.status.as_u16(), 401 | 403) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(6), "still served: {}", answer.text());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
