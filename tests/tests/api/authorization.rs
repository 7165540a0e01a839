//! Every operation that the gateway describes is closed to whoever has no token, and to whoever has no right.
//! The list is the gateway's own, so that a new operation can't be forgotten here.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, NOW, terms};
use coalition_tests::harness::http::Http;
use reqwest::Method;
use serde_json::{Value, json};

both_databases!(every_operation_wants_a_token_and_the_right);

/// Open to anybody.
const PUBLIC: [&str; 7] = ["/oauth/token", "/.well-known/jwks.json", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"];
/// Calls that take no body.
const NO_BODY: [&str; 10] =
    ["/suspend", "/resume", "/deactivate", "/rollback", "/void", "/replay", "/sessions", "/codes", "/approve", "/reject"];
/// Fewer than these would mean that the description has lost some.
const OPERATIONS_MIN: usize = 30;

async fn every_operation_wants_a_token_and_the_right(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    // A key that may do one thing; what that thing is about is tried with a key for another.
    let statements_only = narrow(&coalition, &brand, "statements:read").await;
    let webhooks_only = narrow(&coalition, &brand, "webhooks:read").await;
    // Of a member whom the brand knows: what is missing is the right, nothing else.
    let ada = brand.enrol("ADA-1").await;
    let refusal = coalition.stranger().get("/v1/transactions").await.text();

    let described = coalition.stranger().get("/openapi.json").await.ok(200);
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        if PUBLIC.contains(&path.as_str()) || path.starts_with("/docs") {
            continue;
        }
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = operations.get(method) else { continue };
            let url = fill(path, &ada.id);
            let call = || Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let without = coalition.stranger().call(call(), &url).await;
            if without.status != 401 || without.text() != refusal {
                wrong.push(format!("{method} {path} without a token: {}", without.text()));
            }
            let is_statement = path.ends_with("/statement") || path.ends_with("/proof");
            let powerless = if is_statement { &webhooks_only } else { &statements_only };
            let powerless = match body(method, path) {
                Some(Value::String(wasm)) => powerless.call(call(), &url).body("application/wasm", wasm).await,
                Some(body) => powerless.call(call(), &url).json(&body).await,
                None => powerless.call(call(), &url).await,
            };
            if powerless.status != 403 {
                wrong.push(format!("{method} {path} without the right: {}", powerless.text()));
            }
            for status in ["401", "403"] {
                if operation["responses"].get(status).is_none() {
                    wrong.push(format!("{method} {path} does not document {status}"));
                }
            }
            checked += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= OPERATIONS_MIN, "only {checked} operations are described");
}

async fn narrow(coalition: &Coalition, brand: &Brand, scope: &str) -> Http {
    let path = format!("/v1/partners/{}/credentials", brand.id);
    let made = coalition.operator.post(&path, &json!({ "scopes": [scope] })).await.ok(201);
    coalition.stranger().login(made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap()).await
}

/// The path with ids of the right kind in place of its parameters: a member's own, else of nothing that there is.
fn fill(path: &str, member: &str) -> String {
    const KINDS: [(&str, &str); 10] = [
        ("partners", "prt"),
        ("plugins", "plg"),
        ("decisions", "dec"),
        ("redemptions", "rdm"),
        ("transactions", "txn"),
        ("ledger", "ent"),
        ("adjustments", "adj"),
        ("campaigns", "cmp"),
        ("households", "hhd"),
        ("activities", "act"),
    ];
    let kind = KINDS.iter().find(|(resource, _)| path.starts_with(&format!("/v1/{resource}/")));
    let id = kind.map_or_else(|| member.to_owned(), |(_, kind)| format!("{kind}_01kkkkkkkkekkbkkkkkkkkkkkk"));
    let place = |part| if str::starts_with(part, '{') { id.as_str() } else { part };
    let filled = path.split('/').map(place).collect::<Vec<_>>().join("/");
    if path == "/v1/offers" { format!("{filled}?member={member}") } else { filled }
}

/// A body that is right in itself: whether it may be asked is looked at once it can be read.
fn body(method: &str, path: &str) -> Option<Value> {
    let purchase = json!({ "external_id": "x", "member": { "card": "X" }, "occurred_at": NOW, "currency": "USD", "total": 1 });
    let body = match (method, path) {
        ("get" | "delete", _) => return None,
        (_, "/v1/partners") => json!({ "slug": "x", "name": "X", "currency": "USD", "terms": terms() }),
        (_, "/v1/program") => json!({ "name": "X", "points_name": "x", "base_currency": "USD", "time_zone": "UTC" }),
        (_, "/v1/test/clock") => json!({ "now": NOW }),
        (_, "/v1/plugins") => json!("no component"),
        (_, "/v1/plugins/{id}/activate") => json!({ "mode": "live" }),
        (_, "/v1/adjustments") => json!({ "member": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk", "points": 1, "reason": "x" }),
        (_, "/v1/campaigns") => {
            let shares = json!([{ "partner": "x", "basis_points": 10_000 }]);
            json!({ "slug": "x", "budget_points": 1, "from": NOW, "to": "2026-12-01T00:00:00Z", "shares": shares })
        }
        (_, "/v1/transactions") => purchase,
        (_, "/v1/activities") => json!({ "external_id": "x", "member": { "card": "X" }, "occurred_at": NOW, "kind": "visit" }),
        (_, "/v1/activities/{id}/activate" | "/v1/activities/{id}/cancel" | "/v1/vouchers/{code}/use") => json!({ "external_id": "x" }),
        (_, "/v1/members/{id}/consents" | "/v1/me/consents") => json!({ "consents": [] }),
        (_, "/v1/partners/{id}/subscriptions") => json!({ "granted": true }),
        (_, "/v1/transactions/batch") => json!({ "items": [purchase] }),
        (_, "/v1/redemptions" | "/v1/redemptions/quote") => {
            json!({ "partner": "x", "reward": "x", "member": { "card": "X" }, "external_id": "x" })
        }
        (_, "/v1/transactions/{id}/refunds" | "/v1/transactions/{id}/activate" | "/v1/transactions/{id}/cancel") => {
            json!({ "external_id": "x" })
        }
        (_, "/v1/redemptions/{id}/capture" | "/v1/redemptions/{id}/reverse") => json!({ "external_id": "x" }),
        (_, "/v1/members/{id}/transfers" | "/v1/me/transfers") => json!({ "to": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk", "points": 1 }),
        (_, "/v1/members/{id}/merge") => json!({ "into": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" }),
        (_, "/v1/members/{id}/alias") => json!({ "alias": "x" }),
        (_, path) if path.ends_with("/stock") => json!({ "remaining": 1 }),
        ("post", path) if NO_BODY.iter().any(|end| path.ends_with(end)) => return None,
        _ => json!({}),
    };
    Some(body)
}
