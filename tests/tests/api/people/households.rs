//! Members who spend as one.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, Member};
use coalition_tests::harness::http::Http;
use serde_json::{Value, json};

use super::{Scene, id, mug, program};

both_databases!(
    a_household_spends_the_lots_of_all_in_their_order,
    a_hold_comes_back_to_its_owners,
    a_part_is_captured_and_given_back_in_order,
    a_hold_ends_for_all_at_once,
    nobody_joins_or_lets_in_without_their_word,
    who_leaves_takes_what_is_their_own,
    a_household_is_bounded,
    what_one_owes_stays_theirs,
    who_may_see_and_change_a_household,
    a_pool_as_it_was,
);

/// Ada and Bob in one household, by their own word.
async fn together(scene: &Scene) -> String {
    let made = scene.by_ada.post("/v1/households", &json!({ "name": "Ours" })).await.ok(201);
    let household = id(&made).to_owned();
    assert!(household.starts_with("hhd_"), "{made:#}");
    join(&household, &scene.by_ada, &scene.bob, &scene.by_bob).await;
    household
}

async fn join(household: &str, host: &Http, guest: &Member, by_guest: &Http) {
    let path = format!("/v1/households/{household}/members");
    let invited = host.post(&path, &json!({ "member": guest.id })).await.ok(201);
    assert_eq!(invited["status"], "invited", "{invited:#}");
    let joined = by_guest.post(&path, &json!({})).await.ok(201);
    assert_eq!((&joined["status"], &joined["member"]), (&json!("joined"), &json!(guest.id)), "{joined:#}");
}

/// A flexible reward: a point is worth a cent.
fn pay(points: i64) -> Value {
    json!({ "partner": "bakehouse", "reward": "pay", "amount": points })
}

fn flexible() -> Value {
    json!({ "expires_days": 30, "rewards": [{ "id": "pay", "points": 100, "flexible": true }, { "id": "mug", "points": 100, "value": 500 }] })
}

/// Ada's 100 run out first, then Bob's 100, then Ada's other 100.
async fn interleaved(coalition: &Coalition) -> Scene {
    let scene = Scene::set(coalition, flexible()).await;
    for (day, member) in [(21, &scene.ada), (22, &scene.bob), (23, &scene.ada)] {
        let at = format!("2026-11-{day}T12:00:00Z");
        coalition.set_clock(&at).await;
        let mut purchase = scene.brand.purchase(member, 10_000);
        purchase["occurred_at"] = json!(at);
        scene.brand.post(&purchase).await.ok(201);
    }
    scene
}

async fn a_household_spends_the_lots_of_all_in_their_order(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    together(&scene).await;
    let balance = scene.by_bob.get("/v1/me/balance").await.ok(200);
    assert_eq!(
        (&balance["available"], &balance["pool"]["available"], &balance["pool"]["members"]),
        (&json!(100), &json!(300), &json!(2)),
        "{balance:#}"
    );
    let offers = scene.by_bob.get("/v1/me/offers").await.ok(200);
    assert!(offers["items"].as_array().unwrap().iter().any(|offer| offer["reward"] == "mug" && offer["eligible"] == true), "{offers:#}");
    let quote = scene.by_bob.post("/v1/redemptions/quote", &pay(250)).await.ok(200);
    assert_eq!(quote["points"], 250);
    scene.by_bob.post("/v1/redemptions", &pay(301)).await.problem(409, "insufficient-points");
    let held = scene.by_bob.post("/v1/redemptions", &pay(250)).await.ok(201);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([50, 0, 150, 0], [0, 0, 100, 0]));
    assert_eq!(scene.by_ada.get("/v1/me/balance").await.ok(200)["pool"]["held"], 250);
    coalition.verify().await;
    // It is Bob's, whoever pays.
    scene.by_ada.get(&format!("/v1/redemptions/{}", id(&held))).await.any_problem(404);
    let captured = scene.brand.capture(id(&held), None).await.ok(200);
    assert_eq!((&captured["captured_points"], &captured["member"]), (&json!(250), &json!(scene.bob.id)), "{captured:#}");
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([50, 0, 0, 0], [0; 4]));
    // Each sees their own part.
    let entries = scene.by_ada.get("/v1/me/entries?limit=1").await.ok(200);
    assert_eq!((&entries["items"][0]["kind"], &entries["items"][0]["points"]), (&json!("capture"), &json!(150)), "{entries:#}");
    coalition.verify().await;
}

async fn a_hold_comes_back_to_its_owners(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    together(&scene).await;
    // Ada's points alone pay what Bob redeems first; then it is given up.
    let first = scene.by_bob.post("/v1/redemptions", &pay(60)).await.ok(201);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([140, 0, 60, 0], [100, 0, 0, 0]));
    let second = scene.by_ada.post("/v1/redemptions", &pay(200)).await.ok(201);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([40, 0, 160, 0], [0, 0, 100, 0]));
    scene.by_bob.post_empty(&format!("/v1/redemptions/{}/void", id(&second))).await.any_problem(404);
    for (caller, held) in [(&scene.by_bob, &first), (&scene.by_ada, &second)] {
        let voided = caller.post_empty(&format!("/v1/redemptions/{}/void", id(held))).await.ok(200);
        assert_eq!(voided["status"], "voided");
        coalition.verify().await;
    }
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([200, 0, 0, 0], [100, 0, 0, 0]));
    let expiring = scene.by_ada.get("/v1/me/balance").await.ok(200)["expiring"].clone();
    assert_eq!(expiring[0], json!({ "points": 100, "expires_at": "2026-12-21T12:00:00Z" }), "{expiring:#}");
}

async fn a_part_is_captured_and_given_back_in_order(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    together(&scene).await;
    let held = scene.by_bob.post("/v1/redemptions", &pay(300)).await.ok(201);
    // Of 300 held, 220 are spent: all of Ada's first, all of Bob's, 20 of Ada's other.
    scene.brand.capture(id(&held), Some(220)).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([80, 0, 0, 0], [0; 4]));
    let reverse = async |points: Value| {
        let mut body = json!({ "external_id": coalition_tests::harness::actors::fresh_id("rev") });
        if !points.is_null() {
            body["points"] = points;
        }
        scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&held)), &body).await
    };
    reverse(json!(50)).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([100, 0, 0, 0], [30, 0, 0, 0]));
    coalition.verify().await;
    reverse(json!(90)).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([120, 0, 0, 0], [100, 0, 0, 0]));
    reverse(json!(81)).await.problem(409, "nothing-left");
    reverse(Value::Null).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([200, 0, 0, 0], [100, 0, 0, 0]));
    coalition.verify().await;
}

async fn a_hold_ends_for_all_at_once(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    together(&scene).await;
    let held = scene.by_bob.post("/v1/redemptions", &pay(250)).await.ok(201);
    coalition.set_clock("2026-11-23T12:30:00Z").await;
    // Whoever is looked at or written first: nobody's part is left behind.
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([200, 0, 0, 0], [100, 0, 0, 0]));
    let mut purchase = scene.brand.purchase(&scene.ada, 1_000);
    purchase["occurred_at"] = json!("2026-11-23T12:30:00Z");
    scene.brand.post(&purchase).await.ok(201);
    coalition.verify().await;
    scene.brand.capture(id(&held), None).await.problem(410, "hold-expired");
    assert_eq!(scene.by_bob.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200)["status"], "expired");
    // Held points outlive their time only while they are held.
    let again = scene.by_bob.post("/v1/redemptions", &pay(310)).await.ok(201);
    coalition.set_clock("2026-12-30T12:00:00Z").await;
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0; 4], [0; 4]));
    scene.brand.capture(id(&again), None).await.problem(410, "hold-expired");
    coalition.verify().await;
}

async fn nobody_joins_or_lets_in_without_their_word(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let household = id(&scene.by_ada.post("/v1/households", &json!({})).await.ok(201)).to_owned();
    let path = format!("/v1/households/{household}/members");
    // Without an invitation there is no such household.
    scene.by_bob.post(&path, &json!({})).await.any_problem(404);
    scene.by_bob.post(&path, &json!({ "member": scene.bob.id })).await.any_problem(404);
    scene.by_bob.get(&format!("/v1/households/{household}")).await.any_problem(404);
    scene.by_bob.post(&path, &json!({ "member": scene.ada.id })).await.any_problem(404);
    // An invitation does nothing by itself, and can be declined.
    scene.by_ada.post(&path, &json!({ "member": scene.bob.id })).await.ok(201);
    assert_eq!(scene.by_bob.get("/v1/me/balance").await.ok(200)["pool"], json!(null));
    scene.by_bob.delete(&path).await.ok_empty(204);
    scene.by_bob.post(&path, &json!({})).await.any_problem(404);
    // It ends with the membership of who made it.
    let eve = scene.brand.enrol("EVE-1").await;
    let by_eve = coalition.session(&eve).await;
    join(&household, &scene.by_ada, &scene.bob, &scene.by_bob).await;
    scene.by_bob.post(&path, &json!({ "member": eve.id })).await.ok(201);
    scene.by_bob.delete(&path).await.ok_empty(204);
    by_eve.post(&path, &json!({})).await.any_problem(404);
    scene.by_ada.post(&path, &json!({ "member": eve.id })).await.ok(201);
    by_eve.post(&path, &json!({})).await.ok(201);
    by_eve.post(&path, &json!({})).await.problem(409, "already-in-household");
    by_eve.post("/v1/households", &json!({})).await.problem(409, "already-in-household");
    // The operator needs nobody's word, and says whom it is about.
    coalition.operator.post(&path, &json!({})).await.any_problem(400);
    coalition.operator.post(&path, &json!({ "member": scene.bob.id })).await.ok(201);
    let view = by_eve.get(&format!("/v1/households/{household}")).await.ok(200);
    assert_eq!(view["members"].as_array().unwrap().len(), 3, "{view:#}");
    coalition.verify().await;
}

async fn who_leaves_takes_what_is_their_own(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    let household = together(&scene).await;
    let path = format!("/v1/households/{household}/members");
    let held = scene.by_bob.post("/v1/redemptions", &pay(150)).await.ok(201);
    // What is held was promised: it stays so, and comes back to its owner.
    scene.by_ada.delete(&path).await.ok_empty(204);
    scene.by_ada.delete(&path).await.any_problem(404);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([100, 0, 100, 0], [50, 0, 50, 0]));
    assert_eq!(scene.by_ada.get("/v1/me/balance").await.ok(200)["pool"], json!(null));
    scene.by_bob.post("/v1/redemptions", &mug()).await.problem(409, "insufficient-points");
    scene.brand.capture(id(&held), Some(120)).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([100, 0, 0, 0], [80, 0, 0, 0]));
    let reversed = json!({ "external_id": "rev-1", "points": 70 });
    scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&held)), &reversed).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([150, 0, 0, 0], [100, 0, 0, 0]));
    coalition.operator.delete(&format!("{path}?member={}", scene.bob.id)).await.ok_empty(204);
    scene.by_bob.get(&format!("/v1/households/{household}")).await.any_problem(404);
    coalition.operator.get(&format!("/v1/households/{household}")).await.any_problem(404);
    coalition.verify().await;
}

async fn a_household_is_bounded(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    program(&coalition, json!({ "household_members_max": 2 })).await;
    let household = together(&scene).await;
    let path = format!("/v1/households/{household}/members");
    let eve = scene.brand.enrol("EVE-1").await;
    scene.by_ada.post(&path, &json!({ "member": eve.id })).await.problem(409, "household-full");
    coalition.operator.post(&path, &json!({ "member": eve.id })).await.problem(409, "household-full");
    program(&coalition, json!({ "household_members_max": 0 })).await;
    coalition.session(&eve).await.post("/v1/households", &json!({})).await.problem(409, "households-off");
    // Many at once who want the last place: one has it.
    program(&coalition, json!({ "household_members_max": 3 })).await;
    let mut guests = Vec::new();
    for number in 0..6 {
        guests.push(scene.brand.enrol(&format!("GUEST-{number}")).await);
    }
    let calls = guests.iter().map(|guest| coalition.operator.post(&path, &json!({ "member": guest.id })).send());
    let answers = futures::future::join_all(calls).await;
    let joined = answers.iter().filter(|answer| answer.as_ref().unwrap().status == 201).count();
    assert_eq!(joined, 1);
    coalition
        .operator
        .put(
            "/v1/program",
            &json!({ "name": "X", "points_name": "x", "base_currency": "USD", "time_zone": "UTC", "household_members_max": 21 }),
        )
        .await
        .any_problem(400);
    coalition.verify().await;
}

async fn what_one_owes_stays_theirs(coalition: Coalition) {
    let scene = Scene::set(&coalition, flexible()).await;
    together(&scene).await;
    let sold = scene.brand.sell(&scene.ada, 10_000).await;
    scene.brand.sell(&scene.bob, 10_000).await;
    let held = scene.by_bob.post("/v1/redemptions", &pay(150)).await.ok(201);
    scene.brand.capture(id(&held), None).await.ok(200);
    scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &json!({ "external_id": "r-1" })).await.ok(201);
    // All of Ada's was spent; Bob's fifty are his.
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0, 0, 0, 100], [50, 0, 0, 0]));
    let pool = scene.by_ada.get("/v1/me/balance").await.ok(200)["pool"].clone();
    assert_eq!((&pool["available"], &pool["held"]), (&json!(50), &json!(0)), "{pool:#}");
    scene.by_ada.post("/v1/redemptions", &pay(50)).await.ok(201);
    coalition.verify().await;
}

async fn who_may_see_and_change_a_household(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let household = together(&scene).await;
    let (path, members) = (format!("/v1/households/{household}"), format!("/v1/households/{household}/members"));
    for (answer, status) in [
        (coalition.stranger().get(&path).await, 401),
        (coalition.stranger().post("/v1/households", &json!({})).await, 401),
        (scene.brand.http.get(&path).await, 403),
        (scene.brand.http.post("/v1/households", &json!({ "member": scene.ada.id })).await, 403),
        (scene.brand.http.post(&members, &json!({ "member": scene.ada.id })).await, 403),
        (scene.brand.http.delete(&format!("{members}?member={}", scene.ada.id)).await, 403),
        (scene.brand.session(&scene.ada).await.delete(&members).await, 403),
        (scene.by_ada.delete(&format!("{members}?member={}", scene.bob.id)).await, 403),
        (scene.by_ada.post("/v1/households", &json!({ "member": scene.bob.id })).await, 403),
        (scene.by_ada.delete(&format!("{members}?member=BOB")).await, 400),
        (coalition.operator.delete(&members).await, 400),
        (coalition.operator.post("/v1/households", &json!({})).await, 400),
        (coalition.operator.post("/v1/households", &json!({ "member": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" })).await, 404),
        (coalition.operator.get("/v1/households/hhd_01kkkkkkkkekkbkkkkkkkkkkkk").await, 404),
        (scene.by_ada.post(&members, &json!({ "member": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" })).await, 404),
    ] {
        answer.any_problem(status);
    }
    let view = scene.by_bob.get(&path).await.ok(200);
    assert_eq!((&view["name"], &view["available"]), (&json!("Ours"), &json!(0)), "{view:#}");
    assert_eq!(coalition.operator.get(&path).await.ok(200), view);
}

async fn a_pool_as_it_was(coalition: Coalition) {
    let scene = interleaved(&coalition).await;
    coalition.set_clock("2026-11-24T12:00:00Z").await;
    let household = together(&scene).await;
    coalition.set_clock("2026-11-25T12:00:00Z").await;
    let held = scene.by_bob.post("/v1/redemptions", &pay(250)).await.ok(201);
    coalition.set_clock("2026-11-25T12:10:00Z").await;
    scene.brand.capture(id(&held), Some(220)).await.ok(200);
    coalition.set_clock("2026-11-26T12:00:00Z").await;
    scene.by_ada.delete(&format!("/v1/households/{household}/members")).await.ok_empty(204);
    coalition.set_clock("2026-11-27T12:00:00Z").await;
    for (at, own, pool) in [
        ("2026-11-24T11:00:00Z", [100, 0], None),
        ("2026-11-24T13:00:00Z", [100, 0], Some([300, 0])),
        ("2026-11-25T12:05:00Z", [0, 100], Some([50, 250])),
        ("2026-11-25T12:40:00Z", [0, 0], Some([80, 0])),
        ("2026-11-26T13:00:00Z", [0, 0], Some([0, 0])),
    ] {
        let balance = scene.by_bob.get(&format!("/v1/me/balance?as_of={at}")).await.ok(200);
        let two = |of: &Value| ["available", "held"].map(|name| of[name].as_i64().unwrap());
        assert_eq!(two(&balance), own, "{at} {balance:#}");
        let shown = (!balance["pool"].is_null()).then(|| two(&balance["pool"]));
        assert_eq!(shown, pool, "{at} {balance:#}");
    }
    coalition.verify().await;
}
