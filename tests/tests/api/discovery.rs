//! What stands around the API: health, metrics, the description of the API, and what is answered where nothing is.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use reqwest::Method;
use serde_json::json;

both_databases!(
    a_gateway_that_serves_is_healthy_and_ready,
    metrics_count_what_was_posted,
    the_api_describes_itself,
    what_does_not_exist_is_a_problem,
    a_gateway_that_is_asked_to_end_drains_and_ends_well,
);

async fn a_gateway_that_serves_is_healthy_and_ready(coalition: Coalition) {
    let anybody = coalition.stranger();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(anybody.get(path).await.status, 200, "{path}");
    }
}

async fn metrics_count_what_was_posted(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 500).await;
    let metrics = coalition.stranger().get("/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").unwrap().starts_with("text/plain"), "{:?}", metrics.header("content-type"));
    let text = metrics.text();
    assert!(text.contains("# TYPE "), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (_, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("not a sample: {line}"));
        assert!(value.parse::<f64>().is_ok(), "not a number: {line}");
    }
}

async fn the_api_describes_itself(coalition: Coalition) {
    let anybody = coalition.stranger();
    let description = anybody.get("/openapi.json").await.ok(200);
    assert!(description["openapi"].as_str().unwrap().starts_with("3."), "{}", description["openapi"]);
    for path in ["/v1/transactions", "/v1/transactions/batch", "/v1/redemptions/{id}/capture", "/v1/plugins", "/v1/members/{id}/balance"] {
        assert!(description["paths"].get(path).is_some(), "{path} is not described");
    }
    let page = anybody.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
}

async fn what_does_not_exist_is_a_problem(coalition: Coalition) {
    coalition.operator.get("/v1/nothing-here").await.any_problem(404);
    let wrong_method = coalition.operator.call(Method::DELETE, "/v1/ledger/verify").await;
    assert!(matches!(wrong_method.status.as_u16(), 404 | 405), "{}", wrong_method.text());
    wrong_method.any_problem(wrong_method.status.as_u16());
    // A fixed path that other methods take is no id that isn't there.
    for path in ["/v1/plugins/rollback", "/v1/transactions/batch"] {
        let refused = coalition.operator.get(path).await;
        assert_eq!(refused.header("allow"), Some("POST"), "{path}: {}", refused.text());
        refused.any_problem(405);
    }
}

async fn a_gateway_that_is_asked_to_end_drains_and_ends_well(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 500).await;
    let Coalition { gateway, database, credentials, .. } = coalition;
    let status = gateway.terminate().expect("the gateway ends");
    assert!(status.success(), "{status}");
    let again = coalition_tests::harness::gateway::Gateway::serve(&database).expect("and starts again");
    let http = brand.http.at(&again.url()).login(&credentials.client_id, &credentials.client_secret).await;
    assert_eq!(http.get(&format!("/v1/members/{}/balance", ada.id)).await.ok(200)["available"], 5);
}
