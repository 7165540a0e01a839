//! Joining: the rules of whoever enrols are told, and how the member came.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, Member};
use serde_json::{Value, json};

both_databases!(joining_is_told_to_the_enrolling_partner_and_the_operator, how_a_member_came_is_said_once_and_then_fixed);

fn member(created: &Value, card: &str) -> Member {
    Member { id: created["id"].as_str().unwrap().to_owned(), card: card.to_owned() }
}

async fn joining_is_told_to_the_enrolling_partner_and_the_operator(coalition: Coalition) {
    let welcome = |points: i64| json!({ "handles": ["enrolment"], "answers": [{ "on": "enrolment", "points": points, "key": "welcome", "tells": true }] });
    let shop = coalition.brand_with_puppet("shop", &welcome(50)).await;
    let other = coalition.brand_with_puppet("other", &welcome(1_000)).await;
    coalition.house().deploy("puppet", &welcome(5)).await;
    let ada = shop.enrol("ADA-1").await;
    shop.until_available(&ada, 55).await;
    let created = coalition.operator.post("/v1/members", &json!({ "card": "BEN-1" })).await.ok(201);
    let ben = member(&created, "BEN-1");
    coalition.house().until_available(&ben, 5).await;
    // The repeat of an enrolment is no second one.
    let body = json!({ "card": "CAT-1", "referrer": ada.id });
    let first = shop.http.post("/v1/members", &body).header("Idempotency-Key", "k1").await.ok(201);
    let again = shop.http.post("/v1/members", &body).header("Idempotency-Key", "k1").await;
    assert!(again.is_replay());
    let cat = member(&first, "CAT-1");
    shop.until_available(&cat, 55).await;
    let decisions = shop.decisions(&coalition.operator, &cat).await;
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0]["kind"], "enrolment", "{decisions:#?}");
    assert_eq!(decisions[0]["event"]["enrolment"]["relations"], json!(["referrer"]), "{decisions:#?}");
    assert!(!decisions[0].to_string().contains(&ada.id), "nobody's id enters: {decisions:#?}");
    assert!(decisions[0]["subject"].as_str().unwrap().starts_with("evt_"));
    other.http.get(&format!("/v1/members/{}", cat.id)).await.any_problem(404);
    coalition.verify().await;
}

async fn how_a_member_came_is_said_once_and_then_fixed(coalition: Coalition) {
    let shop = coalition.brand_with_puppet("shop", &json!({})).await;
    let ada = shop.enrol("ADA-1").await;
    let ben = shop.enrol("BEN-1").await;
    let staff = shop.enrol("STAFF-1").await;
    let relations = |of: &Member| format!("/v1/members/{}/relations", of.id);
    let put = async |of: &Member, body: Value| shop.http.put(&relations(of), &body).await;
    put(&ben, json!({ "referrer": ben.id })).await.problem(422, "self-referral");
    let set = put(&ben, json!({ "referrer": ada.id })).await.ok(200);
    assert_eq!((&set["referrer"], &set["enrolled_by"], &set["is_fixed"]), (&json!(ada.id), &Value::Null, &json!(false)));
    put(&ada, json!({ "referrer": ben.id })).await.problem(422, "self-referral");
    put(&ben, json!({ "referrer": "mbr_01h455vb4pex5vsknk084sn02q" })).await.problem(422, "referrer-not-found");
    put(&ben, json!({ "friend": ada.id })).await.any_problem(400);
    // Nothing was given yet: it may still be mended.
    put(&ben, json!({ "referrer": null, "enrolled_by": staff.id })).await.ok(200);
    put(&ben, json!({ "referrer": ada.id })).await.ok(200);
    shop.sell(&ben, 1_000).await;
    put(&ben, json!({ "referrer": null })).await.problem(409, "relations-fixed");
    put(&ben, json!({ "enrolled_by": ada.id })).await.problem(409, "relations-fixed");
    let same = put(&ben, json!({ "referrer": ada.id, "enrolled_by": staff.id })).await.ok(200);
    assert_eq!(same["is_fixed"], true);
    let seen = |decision: &Value| decision["member"]["relations"].clone();
    shop.sell(&ada, 1_000).await;
    assert_eq!(seen(&shop.decisions(&coalition.operator, &ada).await[0]), json!(["referred"]));
    assert_eq!(seen(&shop.decisions(&coalition.operator, &ben).await[0]), json!(["referrer", "enroller"]));
    // Whom a partner can't see it can't name; and not who was erased.
    let other = coalition.brand("other").await;
    let created = other.http.post("/v1/members", &json!({ "referrer": ada.id })).await;
    created.problem(422, "referrer-not-found");
    shop.http.delete(&format!("/v1/members/{}", ada.id)).await;
    shop.http.post("/v1/members", &json!({ "referrer": ada.id })).await.problem(422, "referrer-not-found");
    coalition.verify().await;
}
