//! `Idempotency-Key`: the first answer again, whatever happens in between.

use coalition_app::Kind;
use coalition_app::members::NewMember;
use serde_json::json;

use crate::harness::{World, body, claim, new_partner, read, refused};

const SCOPE: &str = "POST /v1/members";

#[tokio::test]
async fn a_repeat_gets_the_first_answer() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let new: NewMember = read(json!({"card": "ADA-1"}));
    let key = claim("k", SCOPE, &new);
    let first = world.app.create_member(&brand.caller, new.clone(), Some(key.clone())).await.unwrap();
    assert!(first.created && !first.replayed);
    let other_gateway = world.another().await;
    for app in [&world.app, &other_gateway] {
        let again = app.create_member(&brand.caller, new.clone(), Some(key.clone())).await.unwrap();
        assert!(again.created && again.replayed);
        assert_eq!(again.body, first.body);
    }
    let other: NewMember = read(json!({"card": "BOB-1"}));
    let mismatch = world.app.create_member(&brand.caller, other.clone(), Some(claim("k", SCOPE, &other))).await;
    assert_eq!(refused(mismatch, "idempotency-mismatch").kind, Kind::Unprocessable);
    // Another client's key is another key.
    let operators = world.app.create_member(&world.operator().await, other.clone(), Some(claim("k", SCOPE, &other))).await.unwrap();
    assert!(!operators.replayed);
}

#[tokio::test]
async fn secrets_are_not_told_again() {
    let world = World::new().await;
    let operator = world.operator().await;
    let key = claim("admit", "POST /v1/partners", &new_partner("bakehouse"));
    let first = body(&world.app.create_partner(&operator, new_partner("bakehouse"), Some(key.clone())).await.unwrap());
    let again = world.app.create_partner(&operator, new_partner("bakehouse"), Some(key)).await.unwrap();
    let mut expected = first.clone();
    expected["client_secret"] = json!(null);
    assert_eq!(body(&again), expected);
    assert!(first["client_secret"].is_string());
}

#[tokio::test]
async fn denials_are_kept_and_mistakes_are_not() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let new: NewMember = read(json!({"card": "ADA-1"}));
    world.app.create_member(&brand.caller, new.clone(), None).await.unwrap();
    let key = claim("k", SCOPE, &new);
    let denied = refused(world.app.create_member(&brand.caller, new.clone(), Some(key.clone())).await, "card-taken");
    assert!(!denied.replayed);
    let again = refused(world.app.create_member(&brand.caller, new, Some(key)).await, "card-taken");
    assert!(again.replayed);
    assert_eq!(again.detail, denied.detail);

    let bad: NewMember = read(json!({"card": "A B"}));
    let good: NewMember = read(json!({"card": "AB"}));
    refused(world.app.create_member(&brand.caller, bad.clone(), Some(claim("m", SCOPE, &bad))).await, "invalid-request");
    world.app.create_member(&brand.caller, good.clone(), Some(claim("m", SCOPE, &good))).await.unwrap();
}

#[tokio::test]
async fn many_at_once_act_once() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let other_gateway = world.another().await;
    let new: NewMember = read(json!({"card": "ADA-1"}));
    let key = claim("k", SCOPE, &new);
    let apps = [&world.app, &other_gateway];
    let calls = (0..16).map(|number| apps[number % 2].create_member(&brand.caller, new.clone(), Some(key.clone())));
    let mut bodies = std::collections::HashSet::new();
    for answer in futures::future::join_all(calls).await {
        match answer {
            Ok(answer) => drop(bodies.insert(answer.body)),
            Err(error) => assert_eq!((error.code.as_ref(), error.retry_after_s), ("idempotency-in-flight", Some(1))),
        }
    }
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn a_key_is_visible_ascii() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let new = NewMember::default();
    for bad in ["", "with space", "é", &"x".repeat(256)] {
        let error = world.app.create_member(&brand.caller, new.clone(), Some(claim(bad, SCOPE, &new))).await;
        assert_eq!(refused(error, "invalid-request").errors[0].pointer, "/Idempotency-Key", "{bad}");
    }
    world.app.create_member(&brand.caller, new.clone(), Some(claim(&"x".repeat(255), SCOPE, &new))).await.unwrap();
}
