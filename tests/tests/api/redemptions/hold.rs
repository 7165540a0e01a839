//! Prices are asked, points are held, and what is held comes back when it is not taken.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

use super::{Scene, id, mug};

both_databases!(
    a_quote_holds_nothing,
    a_hold_takes_points_aside,
    too_few_points_hold_nothing,
    what_cannot_be_redeemed,
    rules_may_deny,
    a_void_gives_the_same_lots_back,
    a_hold_ends_by_itself,
    a_purchase_writes_down_that_a_hold_has_ended,
    concurrent_holds_never_overspend,
);

async fn a_quote_holds_nothing(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let quote = scene.me.post("/v1/redemptions/quote", &json!({ "partner": "bakehouse", "reward": "mug", "quantity": 2 })).await.ok(200);
    assert_eq!(quote["points"], 600, "{quote:#}");
    assert_eq!(quote["value"], json!({ "amount": 2_000, "currency": "USD" }));
    assert_eq!(scene.points().await, (1_000, 0));
}

async fn a_hold_takes_points_aside(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held = scene.hold("mug").await;
    assert!(id(&held).starts_with("rdm_"));
    assert_eq!((held["status"].as_str(), held["points"].as_i64()), (Some("held"), Some(300)), "{held:#}");
    assert_eq!(held["value"], json!({ "amount": 1_000, "currency": "USD" }));
    let code = held["voucher"]["code"].as_str().expect("a code to show at the till");
    assert!(held["voucher"]["qr"].is_string() && held["voucher"]["expires_at"].is_string(), "{held:#}");
    assert_eq!(scene.points().await, (700, 300));

    for http in [&scene.me, &scene.brand.http] {
        let read = http.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200);
        assert_eq!((read["id"].as_str(), read["status"].as_str()), (held["id"].as_str(), Some("held")));
    }
    let by_code = scene.brand.http.get(&format!("/v1/redemptions?code={code}")).await.ok(200);
    assert!(by_code.to_string().contains(id(&held)), "{by_code:#}");
    let other = coalition.brand("freshmart").await;
    other.http.get(&format!("/v1/redemptions/{}", id(&held))).await.any_problem(404);
    other.http.get(&format!("/v1/redemptions?code={code}")).await.any_problem(404);
    coalition.verify().await;
}

async fn too_few_points_hold_nothing(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!([{ "id": "oven", "points": 1_001, "value": 9_000 }])).await;
    let wish = json!({ "partner": "bakehouse", "reward": "oven" });
    scene.me.post("/v1/redemptions", &wish).await.problem(409, "insufficient-points");
    assert_eq!(scene.points().await, (1_000, 0));
}

async fn what_cannot_be_redeemed(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    for path in ["/v1/redemptions", "/v1/redemptions/quote"] {
        for bad in [
            json!({}),
            json!({ "partner": "bakehouse" }),
            json!({ "partner": "bakehouse", "reward": "mug", "quantity": 0 }),
            json!({ "partner": "bakehouse", "reward": "mug", "quantity": -1 }),
            json!({ "partner": "bakehouse", "reward": "mug", "quantity": 1.5 }),
            json!({ "partner": "bakehouse", "reward": "mug", "colour": "red" }),
            json!({ "partner": 5, "reward": "mug" }),
        ] {
            scene.me.post(path, &bad).await.any_problem(400);
        }
        for unknown in [json!({ "partner": "nobody", "reward": "mug" }), json!({ "partner": "bakehouse", "reward": "castle" })] {
            scene.me.post(path, &unknown).await.problem(409, "not-eligible");
        }
    }
    assert_eq!(scene.points().await, (1_000, 0));
}

async fn rules_may_deny(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    scene.brand.deploy("puppet", &json!({ "mood": "refuses", "rewards": mug() })).await;
    let wish = json!({ "partner": "bakehouse", "reward": "mug" });
    scene.me.post("/v1/redemptions", &wish).await.problem(409, "not-eligible");
    assert_eq!(scene.points().await, (1_000, 0));
    scene.brand.deploy("puppet", &json!({ "mood": "traps", "rewards": mug() })).await;
    let broken = scene.me.post("/v1/redemptions", &wish).await;
    assert!(matches!(broken.status.as_u16(), 409 | 422 | 502 | 503), "{}", broken.text());
    assert_eq!(scene.points().await, (1_000, 0));
}

async fn a_void_gives_the_same_lots_back(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let expiring = scene.brand.balance(&scene.ada).await["expiring"].clone();
    let held = scene.hold("mug").await;
    let path = format!("/v1/redemptions/{}/void", id(&held));
    let voided = scene.me.post_empty(&path).await.ok(200);
    assert_eq!(voided["status"], "voided", "{voided:#}");
    assert_eq!(scene.points().await, (1_000, 0));
    assert_eq!(scene.brand.balance(&scene.ada).await["expiring"], expiring);
    let late = scene.brand.capture(id(&held), None).await;
    late.any_problem(409);
    assert_eq!(scene.points().await, (1_000, 0));
    coalition.verify().await;
}

async fn a_hold_ends_by_itself(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let held = scene.hold("mug").await;
    coalition.set_clock("2026-11-21T12:29:00Z").await;
    assert_eq!(scene.points().await, (700, 300));
    coalition.set_clock("2026-11-21T12:31:00Z").await;
    assert_eq!(scene.points().await, (1_000, 0), "derived at once, whether a job has run or not");
    scene.brand.capture(id(&held), None).await.problem(410, "hold-expired");
    let read = scene.me.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200);
    assert_eq!(read["status"], "expired", "{read:#}");
    scene.hold("mug").await;
    assert_eq!(scene.points().await, (700, 300));
    coalition.verify().await;
}

async fn a_purchase_writes_down_that_a_hold_has_ended(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!([{ "id": "mug", "points": 300, "value": 1_000, "stock": 1 }])).await;
    for hour in 13..16 {
        let held = scene.hold("mug").await;
        let then = format!("2026-11-21T{hour}:00:00Z");
        coalition.set_clock(&then).await;
        let mut purchase = scene.brand.purchase(&scene.ada, 1);
        purchase["occurred_at"] = json!(then);
        scene.brand.post(&purchase).await.ok(201);
        assert_eq!(scene.points().await, (1_000, 0));
        let read = scene.me.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200);
        assert_eq!(read["status"], "expired", "{read:#}");
        scene.brand.capture(id(&held), None).await.problem(410, "hold-expired");
        coalition.verify().await;
    }
}

async fn concurrent_holds_never_overspend(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let second = coalition.another_gateway();
    let callers = [scene.me.clone(), scene.me.at(&second.url())];
    let wish = json!({ "partner": "bakehouse", "reward": "mug" });
    let calls = (0..12).map(|number| callers[number % 2].post("/v1/redemptions", &wish).send());
    let answers = futures::future::join_all(calls).await;
    let held = answers.iter().filter(|answer| answer.as_ref().unwrap().status == 201).count();
    assert_eq!(held, 3, "1 000 points hold 300 three times");
    for answer in answers.into_iter().map(Result::unwrap).filter(|answer| answer.status != 201) {
        answer.problem(409, "insufficient-points");
    }
    assert_eq!(scene.points().await, (100, 900));
    coalition.verify().await;
}
