//! Members: enrolled, seen by whom they are linked to, erased; their sessions and one-time codes.

use coalition_app::members::NewMember;
use coalition_app::{Actor, App, Caller, Kind};
use coalition_domain::MemberId;
use coalition_store::entities::idempotency_keys;
use serde_json::{Value, json};

use crate::harness::{World, body, claim, read, refused};

async fn enrol(app: &App, caller: &Caller, new: Value) -> MemberId {
    let made = body(&app.create_member(caller, read(new), None).await.unwrap());
    made["id"].as_str().unwrap().parse().unwrap()
}

async fn session(app: &App, caller: &Caller, id: MemberId) -> Caller {
    let minted = body(&app.create_session(caller, id, None).await.unwrap());
    app.authenticate(minted["access_token"].as_str().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_partner_sees_only_members_linked_to_it() {
    let world = World::new().await;
    let (app, operator) = (&world.app, world.operator().await);
    let (bakehouse, freshmart) = (world.partner("bakehouse").await, world.partner("freshmart").await);
    let ada = enrol(app, &bakehouse.caller, json!({"card": "ADA-1", "email": "ada@example.org", "attributes": {"vip": true}})).await;
    let seen = json!(app.member(&bakehouse.caller, ada).await.unwrap());
    assert_eq!((seen["card"].as_str(), seen["enrolled_by"].as_str()), (Some("ADA-1"), Some("bakehouse")));
    assert_eq!(seen["attributes"], json!({"vip": true}));
    let nobody: MemberId = "mbr_01kkkkkkkkekkbkkkkkkkkkkkk".parse().unwrap();
    assert_eq!(app.member(&freshmart.caller, ada).await.unwrap_err(), app.member(&freshmart.caller, nobody).await.unwrap_err());
    refused(app.resolve_visible(&freshmart.caller, ada).await, "not-found");
    refused(app.create_session(&freshmart.caller, ada, None).await, "not-found");
    refused(app.patch_member(&freshmart.caller, ada, read(json!({"name": "Eve"}))).await, "not-found");
    refused(app.erase_member(&freshmart.caller, ada).await, "not-found");
    // The coalition's cards are one namespace.
    for caller in [&bakehouse.caller, &freshmart.caller, &operator] {
        refused(app.create_member(caller, read(json!({"card": "ADA-1"})), None).await, "card-taken");
    }
    // An alias links.
    let seen = app.put_alias(&freshmart.caller, ada, read(json!({"alias": "customer-17"}))).await.unwrap();
    assert_eq!((seen.alias.as_deref(), seen.enrolled_by), (Some("customer-17"), None));
    assert_eq!(app.resolve_visible(&freshmart.caller, ada).await, Ok(ada));
    let bob = enrol(app, &freshmart.caller, json!({})).await;
    refused(app.put_alias(&freshmart.caller, bob, read(json!({"alias": "customer-17"}))).await, "alias-taken");
    app.put_alias(&bakehouse.caller, ada, read(json!({"alias": "customer-17"}))).await.unwrap();
    app.delete_alias(&freshmart.caller, ada).await.unwrap();
    app.put_alias(&freshmart.caller, bob, read(json!({"alias": "customer-17"}))).await.unwrap();
    // A partner that did not enrol a member doesn't erase them.
    refused(app.erase_member(&freshmart.caller, ada).await, "forbidden");
}

#[tokio::test]
async fn a_member_is_patched_field_by_field() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let ada = enrol(app, &brand.caller, json!({"card": "A", "name": "Ada", "attributes": {"a": 1, "b": "x"}})).await;
    enrol(app, &brand.caller, json!({"card": "B"})).await;
    let patch = json!({"email": "ada@example.org", "name": null, "attributes": {"a": null, "c": true}});
    let view = json!(app.patch_member(&brand.caller, ada, read(patch)).await.unwrap());
    assert_eq!((view["email"].as_str(), &view["name"], view["card"].as_str()), (Some("ada@example.org"), &Value::Null, Some("A")));
    assert_eq!(view["attributes"], json!({"b": "x", "c": true}));
    refused(app.patch_member(&brand.caller, ada, read(json!({"card": "B"}))).await, "card-taken");
    let view = app.patch_member(&brand.caller, ada, read(json!({"card": "A"}))).await.unwrap();
    assert_eq!(view.card.as_deref(), Some("A"));
    assert_eq!(app.patch_member(&brand.caller, ada, read(json!({"card": null}))).await.unwrap().card, None);
}

#[tokio::test]
async fn a_referrer_must_be_there() {
    let world = World::new().await;
    let (app, brand, other) = (&world.app, world.partner("bakehouse").await, world.partner("freshmart").await);
    let ada = enrol(app, &brand.caller, json!({})).await;
    enrol(app, &brand.caller, json!({"referrer": ada})).await;
    refused(app.create_member(&other.caller, read(json!({"referrer": ada})), None).await, "referrer-not-found");
}

#[tokio::test]
async fn erasing_leaves_nothing_personal() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let new: NewMember = read(json!({"card": "ADA-1", "name": "Ada Lovelace", "email": "ada@example.org", "birthday": "1815-12-10"}));
    let key = claim("enrol", "POST /v1/members", &new);
    let made = body(&app.create_member(&brand.caller, new.clone(), Some(key.clone())).await.unwrap());
    let ada: MemberId = made["id"].as_str().unwrap().parse().unwrap();
    app.put_alias(&brand.caller, ada, read(json!({"alias": "ada"}))).await.unwrap();
    let me = session(app, &brand.caller, ada).await;
    let bearer = body(&app.create_session(&brand.caller, ada, None).await.unwrap());
    assert_eq!(refused(app.erase_member(&me, ada).await, "forbidden").kind, Kind::Forbidden, "a partner's session");

    app.erase_member(&brand.caller, ada).await.unwrap();
    app.erase_member(&brand.caller, ada).await.unwrap();
    let view = json!(app.member(&brand.caller, ada).await.unwrap());
    assert_eq!(view["status"], "erased");
    for field in ["card", "alias", "email", "name", "birthday"] {
        assert_eq!(view[field], Value::Null, "{field}");
    }
    refused(app.authenticate(bearer["access_token"].as_str().unwrap()).await, "unauthenticated");
    refused(app.create_session(&brand.caller, ada, None).await, "not-found");
    refused(app.patch_member(&brand.caller, ada, read(json!({"name": "Ada"}))).await, "member-erased");
    let kept = coalition_store::idempotency::find(app.store().read(), &brand.client_id, &key.scope, &key.key).await.unwrap();
    let kept: idempotency_keys::Model = kept.unwrap();
    assert!(!kept.answer.contains("Ada") && !kept.answer.contains("1815") && kept.answer.contains("erased"), "{}", kept.answer);
    // The card is free again.
    enrol(app, &brand.caller, json!({"card": "ADA-1"})).await;
}

#[tokio::test]
async fn a_session_is_the_member_themselves() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let (ada, bob) = (enrol(app, &brand.caller, json!({})).await, enrol(app, &brand.caller, json!({})).await);
    let by_brand = session(app, &brand.caller, ada).await;
    assert_eq!(by_brand.actor, Actor::Member { id: ada, minted_by: Some(brand.id) });
    let by_operator = session(app, &world.operator().await, ada).await;
    assert_eq!(by_operator.actor, Actor::Member { id: ada, minted_by: None });
    assert_eq!(app.me(&by_brand).await.unwrap().id, ada);
    refused(app.member(&by_brand, bob).await, "not-found");
    refused(app.create_member(&by_brand, NewMember::default(), None).await, "forbidden");
    refused(app.me(&brand.caller).await, "forbidden");
    // The member may leave by themselves.
    app.erase_member(&by_operator, ada).await.unwrap();
}

#[tokio::test]
async fn codes_are_kept_as_hashes_and_few_at_a_time() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let ada = enrol(app, &brand.caller, json!({})).await;
    let me = session(app, &brand.caller, ada).await;
    let first = body(&app.create_code(&me, None).await.unwrap());
    assert!(first["code"].as_str().unwrap().len() >= 10);
    let again = claim("code", "POST /v1/me/codes", &json!(null));
    let kept = app.create_code(&me, Some(again.clone())).await.unwrap();
    let replayed = app.create_code(&me, Some(again)).await.unwrap();
    assert!(replayed.replayed && body(&replayed)["code"].is_null());
    assert_eq!(body(&kept)["expires_at"], body(&replayed)["expires_at"]);
    for _ in 2..10 {
        app.create_code(&me, None).await.unwrap();
    }
    let many = refused(app.create_code(&me, None).await, "too-many-codes");
    assert_eq!((many.kind, many.retry_after_s), (Kind::RateLimited, Some(120)));
    refused(app.create_code(&brand.caller, None).await, "forbidden");
}
