//! Every operation that the gateway describes is closed to whoever has no token, and to whoever has no right.
//! The list is the gateway's own, so that a new operation can't be forgotten here.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use reqwest::Method;
use serde_json::json;

both_databases!(every_operation_wants_a_token_and_the_right);

/// Open to anybody.
const PUBLIC: [&str; 7] = ["/oauth/token", "/.well-known/jwks.json", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"];
/// Fewer than these would mean that the description has lost some.
const OPERATIONS_MIN: usize = 30;

async fn every_operation_wants_a_token_and_the_right(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let path = format!("/v1/partners/{}/credentials", brand.id);
    let narrow = coalition.operator.post(&path, &json!({ "scopes": ["statements:read"] })).await.ok(201);
    let powerless = coalition.stranger().login(narrow["client_id"].as_str().unwrap(), narrow["client_secret"].as_str().unwrap()).await;
    let refusal = coalition.stranger().get("/v1/transactions").await.text();

    let described = coalition.stranger().get("/openapi.json").await.ok(200);
    let mut checked = 0;
    for (path, operations) in described["paths"].as_object().unwrap() {
        if PUBLIC.contains(&path.as_str()) || path.starts_with("/docs") {
            continue;
        }
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = operations.get(method) else { continue };
            let url = fill(path);
            let call = || Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let without = coalition.stranger().call(call(), &url).await;
            assert_eq!(without.status, 401, "{method} {path} without a token: {}", without.text());
            assert_eq!(without.text(), refusal, "{method} {path}");
            let powerless = powerless.call(call(), &url).json(&json!({})).await;
            assert_eq!(powerless.status, 403, "{method} {path} without the right: {}", powerless.text());
            powerless.any_problem(403);
            for status in ["401", "403"] {
                assert!(operation["responses"].get(status).is_some(), "{method} {path} does not document {status}");
            }
            checked += 1;
        }
    }
    assert!(checked >= OPERATIONS_MIN, "only {checked} operations are described");
}

/// The path with something in place of its parameters.
fn fill(path: &str) -> String {
    let filled = path.split('/').map(|part| if part.starts_with('{') { "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" } else { part });
    filled.collect::<Vec<_>>().join("/")
}
