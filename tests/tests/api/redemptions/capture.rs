//! The till takes what is held: once, whole or in part.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

use super::{Scene, id, mug};

both_databases!(
    a_capture_spends_what_was_held,
    points_earned_at_one_brand_are_spent_at_another,
    a_capture_happens_once,
    a_part_is_captured_and_the_rest_released,
    a_capture_cannot_exceed_the_hold,
    only_the_rewards_partner_captures,
    many_tills_at_once_capture_once,
);

async fn a_capture_spends_what_was_held(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held = scene.hold("mug").await;
    let captured = scene.brand.capture(id(&held), None).await.ok(200);
    assert_eq!(captured["status"], "captured", "{captured:#}");
    assert_eq!(scene.points().await, (700, 0));
    let void = scene.me.post_empty(&format!("/v1/redemptions/{}/void", id(&held))).await;
    void.any_problem(409);
    coalition.set_clock("2026-11-21T14:00:00Z").await;
    assert_eq!(scene.points().await, (700, 0), "what is captured does not come back");
    coalition.verify().await;
}

async fn points_earned_at_one_brand_are_spent_at_another(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let voyage = coalition.brand_with_puppet("voyage", &json!({ "rewards": [{ "id": "trip", "points": 900, "value": 7_000 }] })).await;
    let held = scene.me.post("/v1/redemptions", &json!({ "partner": "voyage", "reward": "trip" })).await.ok(201);
    voyage.capture(id(&held), None).await.ok(200);
    assert_eq!(scene.points().await, (100, 0));
    let accounts = coalition.trial_balance().await;
    assert!(accounts.len() >= 3, "{accounts:#?}");
    coalition.verify().await;
}

async fn a_capture_happens_once(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held = scene.hold("mug").await;
    let path = format!("/v1/redemptions/{}/capture", id(&held));
    let body = json!({ "external_id": "receipt-1" });
    let first = scene.brand.http.post(&path, &body).await.ok(200);
    let again = scene.brand.http.post(&path, &body).await;
    assert_eq!(again.ok(200), first);
    assert!(again.is_replay());
    scene.brand.http.post(&path, &json!({ "external_id": "receipt-2" })).await.any_problem(409);
    let other = scene.hold("mug").await;
    let conflict = scene.brand.http.post(&format!("/v1/redemptions/{}/capture", id(&other)), &body).await;
    conflict.problem(409, "external-id-conflict");
    assert_eq!(scene.points().await, (400, 300));
}

async fn a_part_is_captured_and_the_rest_released(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!([{ "id": "pay", "points": 100, "flexible": true }])).await;
    let wish = json!({ "partner": "bakehouse", "reward": "pay", "amount": 999 });
    let held = scene.me.post("/v1/redemptions", &wish).await.ok(201);
    assert_eq!((held["points"].as_i64(), scene.points().await), (Some(999), (1, 999)));
    // ⌈999 × 334 ÷ 999⌉ points for 3.34 of 9.99.
    let captured = scene.brand.capture(id(&held), Some(334)).await.ok(200);
    assert_eq!(captured["status"], "captured", "{captured:#}");
    assert_eq!(scene.points().await, (1_000 - 334, 0));

    let mug = json!({ "rewards": [{ "id": "mug", "points": 300, "value": 1_000 }] });
    scene.brand.deploy("puppet", &mug).await;
    let held = scene.hold("mug").await;
    scene.brand.capture(id(&held), Some(1)).await.ok(200);
    assert_eq!(scene.points().await, (1_000 - 334 - 1, 0), "a cent of 10.00 costs a whole point of 300: rounded up");
    coalition.verify().await;
}

async fn a_capture_cannot_exceed_the_hold(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held = scene.hold("mug").await;
    for amount in [0, -5, 1_001, i64::MAX] {
        let answer = scene.brand.capture(id(&held), Some(amount)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 409 | 422), "{amount}: {}", answer.text());
        answer.any_problem(answer.status.as_u16());
    }
    assert_eq!(scene.points().await, (700, 300));
    scene.brand.capture(id(&held), Some(1_000)).await.ok(200);
    assert_eq!(scene.points().await, (700, 0));
}

async fn only_the_rewards_partner_captures(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let other = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let held = scene.hold("mug").await;
    other.capture(id(&held), None).await.any_problem(404);
    let path = format!("/v1/redemptions/{}/capture", id(&held));
    scene.me.post(&path, &json!({ "external_id": "mine" })).await.any_problem(403);
    let bob = scene.brand.enrol("BOB-1").await;
    coalition.session(&bob).await.post_empty(&format!("/v1/redemptions/{}/void", id(&held))).await.any_problem(404);
    assert_eq!(scene.points().await, (700, 300));
}

async fn many_tills_at_once_capture_once(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held: Value = scene.hold("mug").await;
    let answers = futures::future::join_all((0..12).map(|_| scene.brand.capture(id(&held), None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 11);
    assert_eq!(scene.points().await, (700, 0));
    coalition.verify().await;
}
