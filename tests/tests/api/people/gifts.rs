//! Points that a member gives to another.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

use super::{Scene, four, id, mug, program};

both_databases!(
    a_gift_moves_points_with_all_that_is_known_of_them,
    a_gift_is_given_once,
    each_limit_has_its_problem,
    who_may_give_whose_points,
    a_refund_takes_nothing_from_who_received_a_gift,
    a_gift_repays_what_is_owed_first,
    the_past_knows_no_gift,
);

fn gift(to: &str, points: i64) -> Value {
    json!({ "to": to, "points": points })
}

async fn a_gift_moves_points_with_all_that_is_known_of_them(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({ "expires_days": 30 })).await;
    scene.brand.sell(&scene.ada, 10_000).await;
    coalition.set_clock("2026-11-25T12:00:00Z").await;
    scene
        .brand
        .http
        .post("/v1/transactions", &{
            let mut later = scene.brand.purchase(&scene.ada, 5_000);
            later["occurred_at"] = json!("2026-11-25T12:00:00Z");
            later
        })
        .await
        .ok(201);
    let given = scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 120)).await.ok(201);
    assert_eq!(
        (&given["from"], &given["to"], &given["points"], &given["balance"]["available"]),
        (&json!(scene.ada.id), &json!(scene.bob.id), &json!(120), &json!(30)),
        "{given:#}"
    );
    assert!(id(&given).starts_with("gft_"));
    // Soonest to run out first: what is received runs out when it would have.
    let bob = scene.brand.balance(&scene.bob).await;
    assert_eq!(
        bob["expiring"],
        json!([{ "points": 100, "expires_at": "2026-12-21T12:00:00Z" }, { "points": 20, "expires_at": "2026-12-25T12:00:00Z" }]),
        "{bob:#}"
    );
    for (caller, other, from, to) in
        [(&scene.by_ada, &scene.bob, "available", "transit"), (&scene.by_bob, &scene.ada, "transit", "available")]
    {
        let entries = caller.get("/v1/me/entries?limit=1").await.ok(200);
        let entry = &entries["items"][0];
        assert_eq!(
            (&entry["kind"], &entry["from"], &entry["to"], &entry["points"], &entry["counterpart"]),
            (&json!("transfer"), &json!(from), &json!(to), &json!(20), &json!(other.id)),
            "{entries:#}"
        );
    }
    // It is spent as any point is, and what the clock makes of it is the same.
    let held = scene.by_bob.post("/v1/redemptions", &mug()).await.ok(201);
    scene.brand.capture(id(&held), None).await.ok(200);
    coalition.set_clock("2026-12-25T12:00:00Z").await;
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0; 4], [0; 4]));
    let statement = scene.by_bob.get("/v1/me/statement").await.ok(200);
    assert_eq!(statement["closing"]["available"], 0, "{statement:#}");
    let transit = coalition.trial_balance().await.into_iter().find(|row| row["account"] == "program:transit").expect("the account");
    assert_eq!((&transit["debits"], &transit["credits"], &transit["balance"]), (&json!(120), &json!(120), &json!(0)));
    coalition.verify().await;
}

async fn a_gift_is_given_once(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    scene.brand.sell(&scene.ada, 10_000).await;
    let mut body = gift(&scene.bob.id, 10);
    body["external_id"] = json!("birthday-1");
    let first = scene.by_ada.post("/v1/me/transfers", &body).await.ok(201);
    let again = scene.by_ada.post(&format!("/v1/members/{}/transfers", scene.ada.id), &body).await;
    assert_eq!(again.ok(200), first);
    assert!(again.is_replay());
    body["points"] = json!(11);
    scene.by_ada.post("/v1/me/transfers", &body).await.problem(409, "external-id-conflict");
    // Another's numbers are another's.
    scene.by_bob.post("/v1/me/transfers", &json!({ "to": scene.ada.id, "points": 1, "external_id": "birthday-1" })).await.ok(201);
    let keyed = scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 5)).key("k-1").await.ok(201);
    let again = scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 5)).key("k-1").await;
    assert!(again.is_replay());
    assert_eq!(again.json(), keyed);
    scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 6)).key("k-1").await.problem(422, "idempotency-mismatch");
    let too_much = scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 1_000)).key("k-2").await;
    too_much.problem(409, "insufficient-points");
    assert!(scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 1_000)).key("k-2").await.is_replay());
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([86, 0, 0, 0], [14, 0, 0, 0]));
    coalition.verify().await;
}

async fn each_limit_has_its_problem(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    scene.brand.sell(&scene.ada, 100_000).await;
    let limits = json!({ "mode": "on", "points_min": 10, "daily_points_max": 100, "yearly_points_max": 150, "cooling_off_d": 0 });
    program(&coalition, json!({ "transfers": limits })).await;
    let give = async |points| scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, points)).await;
    give(9).await.problem(409, "transfer-too-small");
    give(60).await.ok(201);
    give(41).await.problem(409, "transfer-daily-limit");
    give(40).await.ok(201);
    give(10).await.problem(409, "transfer-daily-limit");
    // 23:30 UTC is the next day in Skopje already.
    coalition.set_clock("2026-11-21T22:59:59Z").await;
    give(10).await.problem(409, "transfer-daily-limit");
    coalition.set_clock("2026-11-21T23:00:00Z").await;
    give(51).await.problem(409, "transfer-yearly-limit");
    give(50).await.ok(201);
    give(10).await.problem(409, "transfer-yearly-limit");
    coalition.set_clock("2026-12-31T23:00:00Z").await;
    give(10).await.ok(201);

    program(&coalition, json!({ "transfers": { "mode": "on", "cooling_off_d": 3 } })).await;
    scene.by_bob.post("/v1/me/transfers", &gift(&scene.ada.id, 1)).await.problem(409, "transfer-cooling-off");
    coalition.set_clock("2027-01-03T23:00:00Z").await;
    scene.by_bob.post("/v1/me/transfers", &gift(&scene.ada.id, 1)).await.ok(201);
    let eve = scene.brand.enrol("EVE-1").await;
    let by_eve = coalition.session(&eve).await;
    coalition.operator.post("/v1/adjustments", &json!({ "member": eve.id, "points": 50, "reason": "Welcome" })).await.ok(201);
    by_eve.post("/v1/me/transfers", &gift(&scene.ada.id, 1)).await.problem(409, "transfer-cooling-off");
    coalition.set_clock("2027-01-06T23:00:00Z").await;
    by_eve.post("/v1/me/transfers", &gift(&scene.ada.id, 1)).await.ok(201);

    program(&coalition, json!({ "transfers": { "mode": "off" } })).await;
    by_eve.post("/v1/me/transfers", &gift(&scene.ada.id, 1)).await.problem(409, "transfers-off");
    for wrong in
        [json!({ "mode": "on", "points_min": 0 }), json!({ "mode": "on", "weekly": 1 }), json!({ "mode": "perhaps" }), json!("off")]
    {
        let body = json!({ "name": "X", "points_name": "x", "base_currency": "USD", "time_zone": "UTC", "transfers": wrong });
        coalition.operator.put("/v1/program", &body).await.any_problem(400);
    }
    coalition.verify().await;
}

async fn who_may_give_whose_points(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    scene.brand.sell(&scene.ada, 10_000).await;
    let path = format!("/v1/members/{}/transfers", scene.ada.id);
    coalition.stranger().post(&path, &gift(&scene.bob.id, 1)).await.any_problem(401);
    scene.brand.http.post(&path, &gift(&scene.bob.id, 1)).await.any_problem(403);
    scene.brand.http.post("/v1/me/transfers", &gift(&scene.bob.id, 1)).await.any_problem(403);
    let minted = scene.brand.session(&scene.ada).await;
    minted.post("/v1/me/transfers", &gift(&scene.bob.id, 1)).await.any_problem(403);
    scene.by_bob.post(&path, &gift(&scene.bob.id, 1)).await.any_problem(404);
    scene.by_ada.post(&path, &gift(&scene.ada.id, 1)).await.problem(409, "same-member");
    scene.by_ada.post(&path, &gift("mbr_01kkkkkkkkekkbkkkkkkkkkkkk", 1)).await.problem(404, "member-not-found");
    for wrong in [
        gift(&scene.bob.id, 0),
        gift(&scene.bob.id, -5),
        gift("BOB-1", 5),
        json!({ "to": scene.bob.id }),
        json!({ "to": scene.bob.id, "points": 1, "tip": 1 }),
    ] {
        scene.by_ada.post(&path, &wrong).await.any_problem(400);
    }
    coalition.operator.post(&path, &gift(&scene.bob.id, 30)).await.ok(201);
    scene.by_ada.post(&path, &gift(&scene.bob.id, 71)).await.problem(409, "insufficient-points");
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([70, 0, 0, 0], [30, 0, 0, 0]));
    scene.by_bob.delete(&format!("/v1/members/{}", scene.bob.id)).await.ok_empty(204);
    scene.by_ada.post(&path, &gift(&scene.bob.id, 1)).await.problem(404, "member-not-found");
    coalition.verify().await;
}

async fn a_refund_takes_nothing_from_who_received_a_gift(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let sold = scene.brand.sell(&scene.ada, 10_000).await;
    scene.brand.sell(&scene.ada, 3_000).await;
    scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 90)).await.ok(201);
    let path = format!("/v1/transactions/{}/refunds", id(&sold));
    let refunded = scene.brand.http.post(&path, &json!({ "external_id": "r-1" })).await.ok(201);
    assert_eq!(refunded["points"], json!({ "recovered": 40, "arrears": 60, "shortfall": 0 }), "{refunded:#}");
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0, 0, 0, 60], [90, 0, 0, 0]));
    coalition.verify().await;
}

async fn a_gift_repays_what_is_owed_first(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let sold = scene.brand.sell(&scene.bob, 10_000).await;
    scene.by_bob.post("/v1/me/transfers", &gift(&scene.ada.id, 100)).await.ok(201);
    scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &json!({ "external_id": "r-1" })).await.ok(201);
    assert_eq!(scene.points(&scene.bob).await, [0, 0, 0, 100]);
    scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 70)).await.ok(201);
    assert_eq!(scene.points(&scene.bob).await, [0, 0, 0, 30]);
    scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 30)).await.ok(201);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0; 4], [0; 4]));
    coalition.verify().await;
}

async fn the_past_knows_no_gift(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    scene.brand.sell(&scene.ada, 10_000).await;
    coalition.set_clock("2026-11-22T12:00:00Z").await;
    scene.by_ada.post("/v1/me/transfers", &gift(&scene.bob.id, 40)).await.ok(201);
    coalition.set_clock("2026-11-23T12:00:00Z").await;
    for (at, ada, bob) in [("2026-11-22T11:59:59Z", 100, 0), ("2026-11-22T12:00:00Z", 60, 40)] {
        for (caller, expected) in [(&scene.by_ada, ada), (&scene.by_bob, bob)] {
            let balance = caller.get(&format!("/v1/me/balance?as_of={at}")).await.ok(200);
            assert_eq!(four(&balance), [expected, 0, 0, 0], "{at}");
        }
    }
}
