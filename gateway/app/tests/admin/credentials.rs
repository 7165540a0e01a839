//! Credentials and tokens: made once, checked on every call, rotated, refused.

use std::time::{Duration, Instant};

use coalition_app::clients::NewCredentials;
use coalition_app::init::init;
use coalition_app::{Actor, Kind, Scope};
use serde_json::json;

use crate::harness::{World, body, login, new_partner, read, refused, text, token};

#[tokio::test]
async fn a_database_is_initialised_once() {
    let world = World::new().await;
    refused(init(&world.store().await, false).await, "already-initialised");
    assert_eq!(world.operator().await.actor, Actor::Operator);
}

#[tokio::test]
async fn tokens_say_what_they_are() {
    let world = World::new().await;
    let credentials = &world.credentials;
    let answer = world.app.issue_token(&credentials.client_id, credentials.client_secret.as_deref().unwrap(), None).await.unwrap();
    assert_eq!((answer.token_type, answer.expires_in, answer.test), ("Bearer", 900, true));
    let header = jsonwebtoken::decode_header(answer.access_token.unwrap()).unwrap();
    let kid = header.kid.unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    let jwks = world.app.jwks().await.unwrap();
    assert!(jwks.keys.iter().any(|key| key.kid == kid && key.crv == "Ed25519"));
}

#[tokio::test]
async fn wrong_credentials_look_alike() {
    let world = World::new().await;
    let id = &world.credentials.client_id;
    let wrong = refused(world.app.issue_token(id, "wrong", None).await, "invalid-client");
    let unknown = refused(world.app.issue_token("cli_nobody", "wrong", None).await, "invalid-client");
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.kind, Kind::Unauthenticated);
}

#[tokio::test]
async fn scopes_can_be_narrowed_and_never_widened() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let operator = world.operator().await;
    let narrow: NewCredentials = read(json!({"scopes": ["transactions", "members:read"]}));
    let made = body(&world.app.create_credentials(&operator, brand.id, narrow, None).await.unwrap());
    let (id, secret) = (text(&made, "client_id"), text(&made, "client_secret"));
    let caller = login(&world.app, &id, &secret).await;
    assert!(caller.partner(Scope::Transactions, true).is_ok() && caller.partner(Scope::Members, false).is_ok());
    assert_eq!(caller.partner(Scope::Members, true).unwrap_err().kind, Kind::Forbidden);
    let reading = world.app.issue_token(&id, &secret, Some("transactions:read")).await.unwrap();
    assert_eq!(reading.scope, "transactions:read");
    let reader = world.app.authenticate(&reading.access_token.unwrap()).await.unwrap();
    assert!(reader.partner(Scope::Transactions, true).is_err());
    for asked in ["plugins", "everything", "members"] {
        refused(world.app.issue_token(&id, &secret, Some(asked)).await, "invalid-scope");
    }
    for bad in [json!([]), json!(["everything"]), json!(["transactions members"]), json!([""])] {
        let error = world.app.create_credentials(&operator, brand.id, read(json!({"scopes": bad})), None).await.unwrap_err();
        assert_eq!(error.kind, Kind::Invalid, "{bad}");
    }
}

#[tokio::test]
async fn a_deleted_client_is_refused_on_every_gateway() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let other = world.another().await;
    let operator = world.operator().await;
    let bearer = token(&world.app, &brand.client_id, &brand.secret).await;
    other.authenticate(&bearer).await.unwrap();
    let second = body(&world.app.create_credentials(&operator, brand.id, NewCredentials::default(), None).await.unwrap());
    world.app.delete_credentials(&operator, brand.id, &brand.client_id).await.unwrap();
    refused(world.app.authenticate(&bearer).await, "unauthenticated");
    refused(world.app.issue_token(&brand.client_id, &brand.secret, None).await, "invalid-client");
    let started = Instant::now();
    while other.authenticate(&bearer).await.is_ok() {
        assert!(started.elapsed() < Duration::from_secs(4), "still good at the other gateway");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    login(&other, &text(&second, "client_id"), &text(&second, "client_secret")).await;
    refused(world.app.delete_credentials(&operator, brand.id, &brand.client_id).await, "not-found");
}

#[tokio::test]
async fn the_operator_cannot_lock_itself_out() {
    let world = World::new().await;
    let operator = world.operator().await;
    let page = coalition_app::Page::default();
    let own = world.app.partners(&operator, page).await.unwrap().items.remove(0).id;
    refused(world.app.delete_credentials(&operator, own, &world.credentials.client_id).await, "last-credentials");
    let second = body(&world.app.create_credentials(&operator, own, NewCredentials::default(), None).await.unwrap());
    world.app.delete_credentials(&operator, own, &world.credentials.client_id).await.unwrap();
    assert_eq!(login(&world.app, &text(&second, "client_id"), &text(&second, "client_secret")).await.actor, Actor::Operator);
    refused(world.app.suspend_partner(&operator, own, None).await, "operator-partner");
}

#[tokio::test]
async fn a_suspended_partner_is_stopped_on_every_gateway() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let other = world.another().await;
    let operator = world.operator().await;
    let bearer = token(&world.app, &brand.client_id, &brand.secret).await;
    other.authenticate(&bearer).await.unwrap();
    let suspended = world.app.suspend_partner(&operator, brand.id, None).await.unwrap();
    assert_eq!(body(&suspended)["status"], "suspended");
    assert_eq!(refused(world.app.authenticate(&bearer).await, "partner-suspended").kind, Kind::Forbidden);
    refused(world.app.issue_token(&brand.client_id, &brand.secret, None).await, "invalid-client");
    let started = Instant::now();
    while other.authenticate(&bearer).await.is_ok() {
        assert!(started.elapsed() < Duration::from_secs(4), "still good at the other gateway");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    world.app.resume_partner(&operator, brand.id, None).await.unwrap();
    world.app.authenticate(&bearer).await.unwrap();
}

#[tokio::test]
async fn keys_rotate_with_overlap_and_without_a_restart() {
    let world = World::new().await;
    let other = world.another().await;
    let credentials = &world.credentials;
    let secret = credentials.client_secret.as_deref().unwrap();
    let old = token(&world.app, &credentials.client_id, secret).await;
    other.authenticate(&old).await.unwrap();
    world.app.rotate_key().await.unwrap();
    let new = token(&world.app, &credentials.client_id, secret).await;
    let kid = |bearer: &str| jsonwebtoken::decode_header(bearer).unwrap().kid;
    assert_ne!(kid(&old), kid(&new));
    // The other gateway has not heard of the new key, and reads it when it sees it. It may have looked a moment ago.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    for app in [&world.app, &other] {
        app.authenticate(&old).await.unwrap();
        app.authenticate(&new).await.unwrap();
    }
    assert_eq!(world.app.jwks().await.unwrap().keys.len(), 2);
    // Nothing is due yet.
    world.app.sweep().await.unwrap();
    assert_eq!(world.app.jwks().await.unwrap().keys.len(), 2);
}

#[tokio::test]
async fn a_token_of_another_program_is_refused() {
    let (world, foreign) = (World::new().await, World::new().await);
    let bearer = token(&foreign.app, &foreign.credentials.client_id, foreign.credentials.client_secret.as_deref().unwrap()).await;
    let nothing = refused(world.app.authenticate("").await, "unauthenticated");
    for wrong in [bearer.as_str(), &bearer[1..], "..", &"A".repeat(100_000)] {
        assert_eq!(world.app.authenticate(wrong).await.unwrap_err(), nothing);
    }
}

#[tokio::test]
async fn only_the_operator_gives_credentials() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    let app = &world.app;
    refused(app.create_credentials(&brand.caller, brand.id, NewCredentials::default(), None).await, "forbidden");
    refused(app.delete_credentials(&brand.caller, brand.id, &brand.client_id).await, "forbidden");
    refused(app.create_partner(&brand.caller, new_partner("other"), None).await, "forbidden");
}
