//! What an upload refuses, each with every violation; the gateway lives on.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::{components, plugins};
use serde_json::{Value, json};

both_databases!(every_hostile_component_is_refused, what_is_too_large_is_not_read, a_body_of_another_type_is_refused);

async fn every_hostile_component_is_refused(mut coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    for (name, component) in components::hostile().unwrap() {
        let answer = brand.http.post_raw("/v1/plugins", "application/wasm", component).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        let problem = answer.problem(422, "plugin-rejected");
        let violations = problem["errors"].as_array().unwrap_or_else(|| panic!("{name}: no violations: {problem:#}"));
        assert!(!violations.is_empty(), "{name}: {problem:#}");
        for violation in violations {
            assert!(violation["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{name}: {problem:#}");
        }
    }
    assert_eq!(brand.http.get("/v1/plugins").await.ok(200)["items"], json!([]));
    assert!(coalition.gateway.is_alive());
    brand.deploy("puppet", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 100).await;
}

async fn what_is_too_large_is_not_read(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let puppet = plugins::component("puppet").unwrap();
    let huge = components::padded(&puppet, 17 << 20);
    if let Ok(answer) = brand.http.post_raw("/v1/plugins", "application/wasm", huge).send().await {
        answer.any_problem(413);
    }
    // Between the two bounds it is of the class that brings its engine along, and may be taken.
    let engine = components::padded(&puppet, 2 << 20);
    brand.upload(&engine).await;
}

async fn a_body_of_another_type_is_refused(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let puppet = plugins::component("puppet").unwrap();
    let answer = brand.http.post_raw("/v1/plugins", "application/json", puppet).await;
    assert!(matches!(answer.status.as_u16(), 400 | 415), "{}", answer.text());
    answer.any_problem(answer.status.as_u16());
    let problems: Value = brand.http.get("/v1/plugins").await.ok(200)["items"].clone();
    assert_eq!(problems, json!([]));
}
