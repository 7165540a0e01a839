//! Every operation that the gateway describes, asked in many wrong ways: none answers 5xx, and none a status that it does not document.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use reqwest::Method;
use serde_json::{Value, json};

both_databases!(no_operation_falls_over_or_answers_what_it_does_not_document);

async fn no_operation_falls_over_or_answers_what_it_does_not_document(mut coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 100_000).await;
    let me = coalition.session(&ada).await;
    let described = coalition.stranger().get("/openapi.json").await.ok(200);
    let mut undocumented = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = operations.get(method) else { continue };
            // It would end what the other calls are made with.
            if path.ends_with("/suspend") || path.ends_with("/clock") || (method == "delete" && path.contains("credentials")) {
                continue;
            }
            for id in [ada.id.as_str(), brand.id.as_str(), "mbr_01kkkkkkkkekkbkkkkkkkkkkkk", "x", "%00", "..%2f..", &"9".repeat(300)] {
                let url = path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/");
                for (number, caller) in [&coalition.operator, &brand.http, &me].into_iter().enumerate() {
                    for body in bodies(method, number) {
                        let call = caller.call(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &url);
                        let answer = match &body {
                            Some((media, text)) => call.body(media, text.as_bytes()).await,
                            None => call.await,
                        };
                        let status = answer.status.as_u16();
                        assert!(status < 500, "{method} {url} with {body:?}: {}", answer.text());
                        if !is_documented(operation, status) {
                            undocumented.push(format!("{method} {path}: {status} {}", answer.json()["code"]));
                        }
                    }
                }
            }
        }
    }
    undocumented.sort();
    undocumented.dedup();
    assert!(undocumented.is_empty(), "{undocumented:#?}");
    assert!(coalition.gateway.is_alive());
    coalition.verify().await;
}

fn is_documented(operation: &Value, status: u16) -> bool {
    let responses = &operation["responses"];
    responses.get(status.to_string()).is_some()
        || responses.get("default").is_some()
        || responses.get(format!("{}XX", status / 100)).is_some()
}

type Body = Option<(&'static str, String)>;

/// Wrong bodies; a few for the first caller only, since they are refused before anybody asks who calls.
fn bodies(method: &str, caller: usize) -> Vec<Body> {
    if method == "get" || method == "delete" {
        return vec![None];
    }
    let json = |text: &str| Some(("application/json", text.to_owned()));
    let mut bodies = vec![
        None,
        json("{}"),
        json("[]"),
        json(r#"{"items":[{}, 1, null, {"external_id":"x"}]}"#),
        json(r#"{"amount":-1,"external_id":"","member":{},"partner":"bakehouse","reward":"mug","quantity":4294967296}"#),
        json(r#"{"partner":"bakehouse","reward":"mug"}"#),
        json(r#"{"external_id":"fuzz-1"}"#),
    ];
    if caller == 0 {
        bodies.extend([
            json(""),
            json("null"),
            json("\"\\ud800\""),
            json("1e999"),
            json(&"[".repeat(5_000)),
            Some(("text/plain", "hello".to_owned())),
            Some(("application/wasm", "hello".to_owned())),
            Some(("application/x-ndjson", "{}\n[]\n".to_owned())),
            Some(("application/x-www-form-urlencoded", "grant_type=client_credentials&grant_type=x".to_owned())),
        ]);
    }
    bodies
}
