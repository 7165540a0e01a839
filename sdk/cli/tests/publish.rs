//! Uploading and activating: what a rule author sees of the gateway.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests stop where they fail"
)]

mod common;

use common::{FakeGateway, Home, Reply, expect};
use serde_json::json;

#[test]
fn a_component_is_pushed_listed_and_activated() {
    let home = Home::new();
    let gateway = FakeGateway::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", "/v1/plugins") => {
            assert_eq!((seen.headers["content-type"].as_str(), seen.body.as_slice()), ("application/wasm", b"\0asm".as_slice()));
            Reply::Json(201, json!({"id": "plg_1", "name": "stamps", "version": "1.0.0", "digest": "3f2a", "status": "ready"}))
        }
        ("POST", "/v1/plugins/plg_1/activate") => {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&seen.body).unwrap(), json!({"mode": "live", "config": {"stamps": 5}}));
            Reply::Json(200, json!({"id": "plg_1", "name": "stamps", "version": "1.0.0", "status": "live"}))
        }
        ("GET", "/v1/plugins?limit=200") => {
            Reply::Json(200, json!({"items": [{"id": "plg_2", "name": "stamps", "status": "ready"}], "next_cursor": "a/b"}))
        }
        ("GET", "/v1/plugins?limit=200&cursor=a%2Fb") => Reply::Json(
            200,
            json!({"items": [{"id": "plg_1", "name": "stamps", "status": "ready", "mode": "live",
            "runs": {"calls": 12345, "traps": 0, "fuel": {"p99": 21000, "limit": 11000000}}}], "next_cursor": null}),
        ),
        other => panic!("{other:?}"),
    });
    let file = home.write("stamps.wasm", b"\0asm");
    let config = home.write("config.json", r#"{"stamps": 5}"#);
    let said = expect(&mut home.at(&gateway, &["plugin", "push", &file]), 0);
    assert!(said.out.contains("plg_1") && said.err.contains("coalition plugin activate plg_1"), "{}{}", said.out, said.err);
    expect(&mut home.at(&gateway, &["plugin", "activate", "plg_1", "--config", &config]), 0);
    let list = expect(&mut home.at(&gateway, &["plugin", "list"]), 0).out;
    assert!(list.contains("plg_2") && list.contains("live") && list.contains("12,345") && list.contains("21,000 of 11,000,000"), "{list}");
    assert_eq!(expect(&mut home.at(&gateway, &["plugin", "list", "--json"]), 0).json().as_array().unwrap().len(), 2);
}

#[test]
fn what_the_gateway_rejects_is_listed_whole() {
    let home = Home::new();
    let gateway = FakeGateway::start(|_| {
        Reply::Json(
            422,
            json!({"title": "Rejected", "status": 422, "code": "plugin-rejected", "detail": "Mend what is listed.",
            "errors": [{"pointer": "", "code": "import", "detail": "imports wasi:cli/stdout"}, {"pointer": "", "code": "world", "detail": "exports no program"}]}),
        )
    });
    let file = home.write("bad.wasm", b"\0asm");
    let said = expect(&mut home.at(&gateway, &["plugin", "push", &file]), 1);
    assert!(said.out.contains("imports wasi:cli/stdout") && said.out.contains("exports no program"), "{}", said.out);
    let said = expect(&mut home.at(&gateway, &["plugin", "activate", "plg_1"]), 1);
    assert!(said.out.contains("Not activated"), "{}", said.out);
    let list = home.write("config.json", "[]");
    expect(&mut home.at(&gateway, &["plugin", "activate", "plg_1", "--config", &list]), 2);
}

#[test]
fn any_call_can_be_made() {
    let home = Home::new();
    let gateway = FakeGateway::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/v1/offers?member=mbr_1") if seen.body.is_empty() => Reply::Json(200, json!({"items": []})),
        ("POST", "/v1/members") => {
            assert_eq!(seen.headers["content-type"], "application/json");
            Reply::Json(201, serde_json::from_slice(&seen.body).unwrap())
        }
        ("DELETE", "/v1/members/mbr_1") => Reply::Json(204, serde_json::Value::Null),
        _ => Reply::Json(409, json!({"title": "Conflict", "status": 409, "code": "card-taken", "detail": "The card is another's."})),
    });
    let said = expect(&mut home.at(&gateway, &["call", "get", "/v1/offers?member=mbr_1"]), 0).json();
    assert_eq!(said, json!({"items": []}));
    let file = home.write("member.json", r#"{"card": "ADA-1"}"#);
    for body in [r#"{"card": "ADA-1"}"#, &format!("@{file}")] {
        assert_eq!(expect(&mut home.at(&gateway, &["call", "POST", "/v1/members", body]), 0).json()["card"], "ADA-1");
    }
    assert_eq!(expect(&mut home.at(&gateway, &["call", "DELETE", "/v1/members/mbr_1"]), 0).out, "");
    assert!(expect(&mut home.at(&gateway, &["call", "POST", "/v1/other", "{}"]), 3).err.contains("The card is another's."));
    expect(&mut home.at(&gateway, &["call", "POST", "/v1/members", "{card"]), 2);
    expect(&mut home.at(&gateway, &["call", "POST", "v1/members"]), 2);
}

#[test]
fn a_version_has_figures_and_a_way_back() {
    let home = Home::new();
    let gateway = FakeGateway::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/v1/plugins/plg_1") => Reply::Json(
            200,
            json!({"id": "plg_1", "name": "stamps", "version": "1.0.0", "status": "ready", "mode": "live",
            "runs": {"calls": 12345, "traps": 2, "fuel": {"p50": 12000, "p99": 21000, "max": 5500000, "limit": 11000000}}}),
        ),
        ("POST", "/v1/plugins/rollback") if seen.body.is_empty() => {
            Reply::Json(200, json!({"id": "plg_0", "name": "stamps", "version": "0.9.0", "mode": "live", "config": {"stamps": 5}}))
        }
        other => panic!("{other:?}"),
    });
    let said = expect(&mut home.at(&gateway, &["plugin", "stats", "plg_1"]), 0).out;
    for part in ["12,345", "99 of 100: 21,000 of 11,000,000 (0.1 %)", "the most: 5,500,000 of 11,000,000 (50.0 %)"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = expect(&mut home.at(&gateway, &["plugin", "rollback"]), 0).out;
    assert!(said.contains("Live again stamps 0.9.0 plg_0") && said.contains("{\"stamps\":5}"), "{said}");
    let gateway = FakeGateway::start(|_| {
        Reply::Json(409, json!({"title": "Conflict", "status": 409, "code": "nothing-before", "detail": "None was."}))
    });
    assert!(expect(&mut home.at(&gateway, &["plugin", "rollback"]), 1).out.contains("None was."));
}

#[test]
fn a_foreign_id_is_exit_code_3() {
    let home = Home::new();
    let gateway = FakeGateway::start(|_| Reply::Json(404, json!({"title": "Not found", "status": 404, "code": "not-found"})));
    let said = expect(&mut home.at(&gateway, &["plugin", "activate", "plg_x"]), 3);
    assert!(said.err.contains("fix: check the id"), "{}", said.err);
}
