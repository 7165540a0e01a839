//! Rewards that count pieces, and rewards that a member gets only so often.

use std::future::IntoFuture as _;

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

use super::{Scene, id};

both_databases!(
    the_last_piece_goes_to_one,
    what_is_given_back_can_be_had_again,
    a_partner_sets_what_remains,
    a_member_gets_it_only_so_often,
);

fn ticket(stock: u64) -> Value {
    json!([{ "id": "ticket", "points": 10, "value": 2_000, "stock": stock }])
}

fn wish() -> Value {
    json!({ "partner": "bakehouse", "reward": "ticket" })
}

async fn the_last_piece_goes_to_one(coalition: Coalition) {
    let scene = Scene::set(&coalition, ticket(3)).await;
    let mut members = Vec::new();
    for number in 0..12 {
        let member = scene.brand.enrol(&format!("MEMBER-{number}")).await;
        scene.brand.sell(&member, 1_000).await;
        members.push(coalition.session(&member).await);
    }
    let wish = wish();
    let answers = futures::future::join_all(members.iter().map(|me| me.post("/v1/redemptions", &wish).send())).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "out-of-stock");
    }
    coalition.verify().await;
}

async fn what_is_given_back_can_be_had_again(coalition: Coalition) {
    let scene = Scene::set(&coalition, ticket(1)).await;
    let held = scene.hold("ticket").await;
    scene.me.post("/v1/redemptions", &wish()).await.problem(409, "out-of-stock");
    scene.me.post_empty(&format!("/v1/redemptions/{}/void", id(&held))).await.ok(200);
    scene.hold("ticket").await;
    // A hold that has ended gives its piece back at once.
    coalition.set_clock("2026-11-21T13:00:00Z").await;
    let held = scene.hold("ticket").await;
    scene.brand.capture(id(&held), None).await.ok(200);
    coalition.set_clock("2026-11-21T14:00:00Z").await;
    scene.me.post("/v1/redemptions", &wish()).await.problem(409, "out-of-stock");
    coalition.verify().await;
}

async fn a_partner_sets_what_remains(coalition: Coalition) {
    let scene = Scene::set(&coalition, ticket(0)).await;
    scene.me.post("/v1/redemptions", &wish()).await.problem(409, "out-of-stock");
    let set = scene.brand.http.put("/v1/rewards/ticket/stock", &json!({ "remaining": 2 })).await;
    assert!(set.status.is_success(), "{}", set.text());
    scene.hold("ticket").await;
    scene.hold("ticket").await;
    scene.me.post("/v1/redemptions", &wish()).await.problem(409, "out-of-stock");
    scene.brand.http.put("/v1/rewards/ticket/stock", &json!({ "remaining": -1 })).await.any_problem(400);
    scene.brand.http.put("/v1/rewards/castle/stock", &json!({ "remaining": 1 })).await.any_problem(404);
}

async fn a_member_gets_it_only_so_often(coalition: Coalition) {
    let rewards = json!([{ "id": "ticket", "points": 10, "value": 2_000, "per_member": 2 }]);
    let scene = Scene::set(&coalition, rewards).await;
    let answers = futures::future::join_all((0..6).map(|_| scene.me.post("/v1/redemptions", &wish()).into_future())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "not-eligible");
    }
    let bob = scene.brand.enrol("BOB-1").await;
    scene.brand.sell(&bob, 1_000).await;
    coalition.session(&bob).await.post("/v1/redemptions", &wish()).await.ok(201);
    coalition.verify().await;
}
