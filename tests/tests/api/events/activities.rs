//! Activities: reviews, visits and whatever else a partner rewards.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, NOW};
use coalition_tests::harness::eventually::eventually;
use serde_json::json;

both_databases!(
    an_activity_is_awarded_in_its_answer_once,
    an_activity_that_rules_fail_on_is_decided_later_and_in_order,
    what_is_wrong_with_an_activity_is_told,
    a_review_waits_to_be_approved_or_is_taken_down,
);

async fn an_activity_is_awarded_in_its_answer_once(coalition: Coalition) {
    let config = json!({ "handles": ["activity:review", "activity:x-flown"], "answers": [
        { "on": "activity:review", "points": 20, "key": "review", "counts": "purchases", "tells": true, "badge": true },
        { "on": "activity:x-flown", "points": 7, "key": "flown" },
    ] });
    let shop = coalition.brand_with_puppet("shop", &config).await;
    let house = json!({ "handles": ["activity:review"], "answers": [{ "on": "activity:review", "points": 3, "key": "house" }] });
    coalition.house().deploy("puppet", &house).await;
    let other = coalition.brand("other").await;
    let ada = shop.enrol("ADA-1").await;
    let review = shop.activity(&ada, "review");
    let posted = shop.report(&review).await.ok(201);
    assert_eq!((&posted["status"], &posted["points"]["awarded"]), (&json!("posted"), &json!(23)), "{posted:#}");
    let partners: Vec<_> = posted["decisions"].as_array().unwrap().iter().map(|decision| decision["partner"].clone()).collect();
    assert_eq!(partners[0], "shop", "the partner's rules first: {posted:#}");
    assert_eq!(partners.len(), 2);
    assert!(posted["id"].as_str().unwrap().starts_with("act_"));
    let again = shop.report(&review).await;
    assert!(again.is_replay());
    assert_eq!(again.ok(200), posted);
    let mut changed = review.clone();
    changed["kind"] = json!("visit");
    shop.report(&changed).await.problem(409, "external-id-conflict");
    // A purchase under the same number is another thing.
    let mut purchase = shop.purchase(&ada, 100);
    purchase["external_id"] = review["external_id"].clone();
    shop.post(&purchase).await.ok(201);
    shop.report(&shop.activity(&ada, "x-flown")).await.ok(201);
    shop.report(&shop.activity(&ada, "visit")).await.ok(201);
    assert_eq!(shop.available(&ada).await, 30);
    let messages = shop.http.get(&format!("/v1/members/{}/messages", ada.id)).await.ok(200);
    assert_eq!(messages["items"].as_array().unwrap().len(), 1);

    let listed = shop.http.get("/v1/activities?limit=2").await.ok(200);
    let kinds: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["visit", "x-flown"]);
    let cursor = listed["next_cursor"].as_str().unwrap();
    let rest = shop.http.get(&format!("/v1/activities?limit=2&cursor={cursor}")).await.ok(200);
    assert_eq!((rest["items"][0]["id"].clone(), rest["items"][0]["points"]["awarded"].clone()), (posted["id"].clone(), json!(23)));
    let path = format!("/v1/activities/{}", posted["id"].as_str().unwrap());
    assert_eq!(shop.http.get(&path).await.ok(200)["decisions"].as_array().unwrap().len(), 2);
    other.http.get(&path).await.any_problem(404);
    assert_eq!(other.http.get("/v1/activities").await.ok(200)["items"], json!([]));
    let decisions = shop.decisions(&coalition.operator, &ada).await;
    assert!(decisions.iter().all(|decision| decision["kind"] == "activity"), "{decisions:#?}");
    assert_eq!(decisions.len(), 2);
    coalition.verify().await;
}

async fn an_activity_that_rules_fail_on_is_decided_later_and_in_order(coalition: Coalition) {
    let handles = json!(["purchase", "activity:visit"]);
    let trap = json!({ "handles": handles, "unit": 0, "answers": [{ "on": "activity:visit", "traps": true }] });
    let shop = coalition.brand_with_puppet("shop", &trap).await;
    let ada = shop.enrol("ADA-1").await;
    let visit = shop.report(&shop.activity(&ada, "visit")).await.ok(201);
    assert_eq!((&visit["status"], &visit["points"]["awarded"]), (&json!("deferred"), &json!(0)), "{visit:#}");
    // What comes later waits behind it.
    let bought = shop.post(&shop.purchase(&ada, 500)).await.ok(201);
    assert_eq!(bought["status"], "deferred", "{bought:#}");
    let good = json!({ "handles": handles, "answers": [{ "on": "activity:visit", "points": 4, "counts": "purchases" }] });
    shop.deploy("puppet", &good).await;
    shop.until_available(&ada, 9).await;
    for path in
        [format!("/v1/activities/{}", visit["id"].as_str().unwrap()), format!("/v1/transactions/{}", bought["id"].as_str().unwrap())]
    {
        eventually(&path, || async { (shop.http.get(&path).await.ok(200)["status"] == "posted").then_some(()) }).await;
    }
    let kinds: Vec<_> = shop.decisions(&coalition.operator, &ada).await.iter().map(|decision| decision["kind"].clone()).collect();
    assert_eq!(kinds, ["purchase", "activity"], "newest first");
    coalition.verify().await;
}

async fn what_is_wrong_with_an_activity_is_told(coalition: Coalition) {
    let shop = coalition.brand_with_puppet("shop", &json!({ "handles": ["activity:visit"] })).await;
    let ada = shop.enrol("ADA-1").await;
    let good = shop.activity(&ada, "visit");
    let with = |field: &str, value: serde_json::Value| {
        let mut activity = good.clone();
        activity[field] = value;
        activity
    };
    for (field, value) in [
        ("kind", json!("dance")),
        ("kind", json!("")),
        ("kind", json!("x-")),
        ("external_id", json!("")),
        ("occurred_at", json!("2026-11-21T12:05:01Z")),
        ("occurred_at", json!("2026-10-21T11:59:59Z")),
        ("occurred_at", json!("yesterday")),
        ("member", json!({})),
        ("attributes", json!({ "x-score": [1] })),
        ("score", json!(5)),
    ] {
        let answer = shop.report(&with(field, value.clone())).await;
        assert_eq!(answer.status, 400, "{field} {value}: {}", answer.text());
    }
    shop.report(&with("member", json!({ "card": "NOBODY" }))).await.problem(404, "member-not-found");
    shop.report(&with("occurred_at", json!(NOW))).await.ok(201);
    let suspended = coalition.operator.post_empty(&format!("/v1/partners/{}/suspend", shop.id)).await;
    suspended.ok(200);
    let refused = shop.report(&shop.activity(&ada, "visit")).await;
    assert!([401, 403].contains(&refused.status.as_u16()), "{}", refused.text());
}

async fn a_review_waits_to_be_approved_or_is_taken_down(coalition: Coalition) {
    let config = json!({ "handles": ["activity:review"], "action": "approved", "answers": [{ "on": "activity:review", "points": 20 }] });
    let shop = coalition.brand_with_puppet("shop", &config).await;
    let other = coalition.brand("other").await;
    let ada = shop.enrol("ADA-1").await;
    let mut paths = Vec::new();
    for _ in 0..2 {
        let posted = shop.report(&shop.activity(&ada, "review")).await.ok(201);
        assert_eq!(posted["points"]["pending"], 20);
        paths.push(format!("/v1/activities/{}", posted["id"].as_str().unwrap()));
    }
    other.http.post(&format!("{}/activate", paths[0]), &json!({ "external_id": "a" })).await.any_problem(404);
    let approved = shop.http.post(&format!("{}/activate", paths[0]), &json!({ "external_id": "a", "action": "approved" })).await.ok(200);
    assert_eq!((&approved["points"], approved["activity"].is_string()), (&json!(20), true), "{approved:#}");
    assert_eq!(shop.http.post(&format!("{}/cancel", paths[1]), &json!({ "external_id": "b" })).await.ok(200)["points"], 20);
    shop.http.post(&format!("{}/cancel", paths[0]), &json!({ "external_id": "c" })).await.problem(409, "nothing-waits");
    let balance = shop.balance(&ada).await;
    assert_eq!((&balance["available"], &balance["pending"]), (&json!(20), &json!(0)));
    coalition.verify().await;
}
