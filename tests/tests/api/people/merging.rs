//! A lost card: one person has had two accounts, and has one from now on.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, Member};
use serde_json::{Value, json};

use super::{Scene, four, id, mug};

both_databases!(
    the_old_one_answers_as_the_new_everywhere,
    what_was_redeemed_or_bought_before_can_be_taken_back,
    what_waits_and_what_is_owed_goes_over,
    what_partners_know_is_united,
    what_stands_in_the_way_is_told,
    who_was_merged_twice_is_one_person_still,
    the_past_knows_two_people,
);

async fn merge(coalition: &Coalition, from: &Member, into: &Member) -> Value {
    coalition.operator.post(&format!("/v1/members/{}/merge", from.id), &json!({ "into": into.id })).await.ok(200)
}

async fn the_old_one_answers_as_the_new_everywhere(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let (old, new) = (&scene.ada, &scene.bob);
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    scene.brand.http.put(&format!("/v1/members/{}/alias", old.id), &json!({ "alias": "customer-17" })).await.ok(200);
    scene.brand.sell(old, 10_000).await;
    let mut abroad = freshmart.purchase(old, 2_000);
    abroad["member"] = json!({ "card": old.card });
    freshmart.post(&abroad).await.ok(201);
    scene.brand.sell(new, 3_000).await;
    let code = scene.by_ada.post_empty("/v1/me/codes").await.ok(201)["code"].as_str().unwrap().to_owned();
    let merged = merge(&coalition, old, new).await;
    assert_eq!((&merged["into"], &merged["balance"]["available"]), (&json!(new.id), &json!(150)), "{merged:#}");
    assert_eq!(merge(&coalition, old, new).await, merged, "said again, it is the same");
    // By id, by session, to the brand that knew only the old one.
    for path in [format!("/v1/members/{}", old.id), format!("/v1/members/{}", new.id)] {
        assert_eq!(coalition.operator.get(&path).await.ok(200)["id"], json!(new.id));
    }
    assert_eq!(four(&freshmart.http.get(&format!("/v1/members/{}/balance", old.id)).await.ok(200)), [150, 0, 0, 0]);
    assert_eq!(four(&scene.by_ada.get("/v1/me/balance").await.ok(200)), [150, 0, 0, 0]);
    assert_eq!(scene.by_ada.get("/v1/me").await.ok(200)["id"], json!(new.id));
    let entries = scene.by_bob.get("/v1/me/entries").await.ok(200);
    assert_eq!(entries, coalition.operator.get(&format!("/v1/members/{}/entries", old.id)).await.ok(200));
    let awards: i64 = entries["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "award")
        .map(|entry| entry["points"].as_i64().unwrap())
        .sum();
    assert_eq!(awards, 150, "{entries:#}");
    // At the till: by the old card, the old number, the old id, and a code from before.
    for member in [json!({ "card": old.card }), json!({ "alias": "customer-17" }), json!({ "id": old.id })] {
        let mut purchase = scene.brand.purchase(old, 1_000);
        purchase["member"] = member;
        assert_eq!(scene.brand.post(&purchase).await.ok(201)["member"], json!(new.id));
    }
    let at_till = json!({ "reward": "mug", "member": { "card": old.card }, "external_id": "t-1", "code": code });
    let held = scene.brand.http.post("/v1/redemptions", &at_till).await.ok(201);
    assert_eq!(held["member"], json!(new.id));
    scene.by_ada.post_empty(&format!("/v1/redemptions/{}/void", id(&held))).await.ok(200);
    // Points reach them by either name.
    let eve = scene.brand.enrol("EVE-1").await;
    scene.brand.sell(&eve, 1_000).await;
    coalition.session(&eve).await.post("/v1/me/transfers", &json!({ "to": old.id, "points": 10 })).await.ok(201);
    scene.by_ada.post("/v1/me/transfers", &json!({ "to": new.id, "points": 1 })).await.problem(409, "same-member");
    assert_eq!(four(&scene.by_bob.get("/v1/me/balance").await.ok(200)), [190, 0, 0, 0]);
    // A card is one person's, also when it is lost.
    scene.brand.http.post("/v1/members", &json!({ "card": old.card })).await.any_problem(409);
    let statement = scene.by_bob.get("/v1/me/statement").await.ok(200);
    assert_eq!((&statement["formers"], &statement["closing"]["available"]), (&json!([old.id]), &json!(190)), "{statement:#}");
    coalition.verify().await;
}

async fn what_was_redeemed_or_bought_before_can_be_taken_back(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({ "bonus": 5 })).await;
    let (old, new) = (&scene.ada, &scene.bob);
    let sold = scene.brand.sell(old, 20_000).await;
    let held = scene.by_ada.post("/v1/redemptions", &mug()).await.ok(201);
    scene.brand.capture(id(&held), None).await.ok(200);
    let first = json!({ "external_id": "r-1", "amount": 5_000 });
    scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &first).await.ok(201);
    assert_eq!(scene.points(old).await, [55, 0, 0, 0]);
    merge(&coalition, old, new).await;
    // Reversed, it comes back to the lots of then, and goes on to who they are now.
    let reverse = json!({ "external_id": "v-1", "points": 60 });
    scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&held)), &reverse).await.ok(200);
    assert_eq!(scene.points(new).await, [115, 0, 0, 0]);
    assert_eq!(scene.by_bob.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200)["reversed_points"], 60);
    coalition.verify().await;
    // Refunded, the award is taken from the lots that it has become, and ends where one full refund does.
    let rest = json!({ "external_id": "r-2" });
    let refunded = scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &rest).await.ok(201);
    assert_eq!(refunded["points"], json!({ "recovered": 115, "arrears": 40, "shortfall": 0 }), "{refunded:#}");
    assert_eq!(scene.points(new).await, [0, 0, 0, 40]);
    for decision in refunded["decisions"].as_array().unwrap() {
        let shown = coalition.operator.get(&format!("/v1/decisions/{}", id(decision))).await.ok(200);
        assert_eq!(shown["kind"], "reevaluation", "{shown:#}");
    }
    scene
        .brand
        .http
        .post(&format!("/v1/transactions/{}/refunds", id(&sold)), &json!({ "external_id": "r-3" }))
        .await
        .problem(409, "nothing-left");
    let whole = json!({ "external_id": "v-2" });
    scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&held)), &whole).await.ok(200);
    assert_eq!(scene.points(new).await, [0, 0, 0, 0], "what came back paid what was owed");
    coalition.verify().await;
}

async fn what_waits_and_what_is_owed_goes_over(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({ "action": "delivered" })).await;
    let (old, new) = (&scene.ada, &scene.bob);
    let cellar = coalition.brand_with_puppet("cellar", &json!({})).await;
    let buy = async |member: &Member| {
        let mut purchase = cellar.purchase(member, 10_000);
        purchase["member"] = json!({ "card": member.card });
        cellar.post(&purchase).await.ok(201)
    };
    let owed = buy(old).await;
    scene.by_ada.post("/v1/me/transfers", &json!({ "to": new.id, "points": 100 })).await.ok(201);
    cellar.http.post(&format!("/v1/transactions/{}/refunds", id(&owed)), &json!({ "external_id": "r-1" })).await.ok(201);
    let waits = scene.brand.sell(old, 6_000).await;
    let other = scene.brand.sell(old, 4_000).await;
    assert_eq!((scene.points(old).await, scene.points(new).await), ([0, 100, 0, 100], [100, 0, 0, 0]));
    merge(&coalition, old, new).await;
    assert_eq!(scene.points(new).await, [0, 100, 0, 0], "what was owed is repaid from what the other could spend");
    // The till speaks of the purchase of then.
    let step = |name: &str, of: &Value| (format!("/v1/transactions/{}/{name}", id(of)), json!({ "external_id": format!("{name}-1") }));
    let (path, body) = step("activate", &waits);
    scene.brand.http.post(&path, &body).await.ok(200);
    let (path, body) = step("cancel", &other);
    scene.brand.http.post(&path, &body).await.ok(200);
    assert_eq!(scene.points(new).await, [60, 0, 0, 0]);
    // What was cancelled is not taken a second time.
    for (sold, points) in [(&other, [60, 0, 0, 0]), (&waits, [0, 0, 0, 0])] {
        let refund = json!({ "external_id": format!("r-{}", id(sold)) });
        scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(sold)), &refund).await.ok(201);
        assert_eq!(scene.points(new).await, points);
    }
    coalition.verify().await;
}

async fn what_partners_know_is_united(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({ "everything": true, "remembers": true })).await;
    let (old, new) = (&scene.ada, &scene.bob);
    for _ in 0..2 {
        scene.brand.sell(old, 1_000).await;
    }
    let of = async |what: &str, member: &Member| {
        coalition.operator.get(&format!("/v1/members/{}/{what}", member.id)).await.ok(200)["items"].clone()
    };
    let before = [of("counters", old).await, of("badges", old).await, of("vouchers", old).await];
    assert!(before.iter().all(|items| !items.as_array().unwrap().is_empty()), "{before:#?}");
    merge(&coalition, old, new).await;
    assert_eq!([of("counters", new).await, of("badges", new).await, of("vouchers", new).await], before);
    assert!(!of("messages", new).await.as_array().unwrap().is_empty());
    // Rules go on counting where they were: the state went over too.
    let sold = scene.brand.sell(new, 1_000).await;
    assert!(sold["effects"].as_array().unwrap().iter().any(|effect| effect["key"] == "count" && effect["points"] == 3), "{sold:#}");
    let counters = of("counters", new).await;
    assert_eq!(counters[0]["value"].as_i64().unwrap(), before[0][0]["value"].as_i64().unwrap() / 2 * 3, "{counters:#}");
    let decision = id(&sold["decisions"][0]);
    let replay = coalition.operator.post_empty(&format!("/v1/decisions/{decision}/replay")).await.ok(200);
    assert_eq!(replay["identical"], true, "{replay:#}");
    coalition.verify().await;
}

async fn what_stands_in_the_way_is_told(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let path = format!("/v1/members/{}/merge", scene.ada.id);
    let into = json!({ "into": scene.bob.id });
    coalition.stranger().post(&path, &into).await.any_problem(401);
    scene.brand.http.post(&path, &into).await.any_problem(403);
    scene.by_ada.post(&path, &into).await.any_problem(403);
    coalition.operator.post(&path, &json!({ "into": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk" })).await.problem(404, "member-not-found");
    coalition.operator.post("/v1/members/mbr_01kkkkkkkkekkbkkkkkkkkkkkk/merge", &into).await.any_problem(404);
    coalition.operator.post(&path, &json!({})).await.any_problem(400);
    coalition.operator.post(&path, &json!({ "into": scene.ada.id })).await.problem(409, "same-member");
    scene.brand.sell(&scene.ada, 20_000).await;
    let held = scene.by_ada.post("/v1/redemptions", &mug()).await.ok(201);
    coalition.operator.post(&path, &into).await.problem(409, "holds-open");
    scene.brand.capture(id(&held), None).await.ok(200);
    let broken = coalition.brand_with_puppet("cellar", &json!({ "mood": "traps" })).await;
    let mut waits = broken.purchase(&scene.ada, 1_000);
    waits["member"] = json!({ "card": scene.ada.card });
    assert_eq!(broken.post(&waits).await.ok(201)["status"], "deferred");
    coalition.operator.post(&path, &into).await.problem(409, "decisions-deferred");
    broken.deploy("puppet", &json!({})).await;
    for _ in 0..100 {
        if scene.points(&scene.ada).await == [110, 0, 0, 0] {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    coalition.operator.post(&path, &into).await.ok(200);
    let eve = scene.brand.enrol("EVE-1").await;
    coalition.operator.post(&path, &json!({ "into": eve.id })).await.problem(409, "already-merged");
    coalition.verify().await;
}

async fn who_was_merged_twice_is_one_person_still(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let eve = scene.brand.enrol("EVE-1").await;
    let sold = scene.brand.sell(&scene.ada, 10_000).await;
    let held = scene.by_ada.post("/v1/redemptions", &mug()).await.ok(201);
    scene.brand.capture(id(&held), None).await.ok(200);
    scene.brand.sell(&scene.ada, 2_000).await;
    merge(&coalition, &scene.ada, &scene.bob).await;
    scene.brand.sell(&scene.bob, 3_000).await;
    merge(&coalition, &scene.bob, &eve).await;
    for member in [&scene.ada, &scene.bob, &eve] {
        assert_eq!(four(&coalition.operator.get(&format!("/v1/members/{}/balance", member.id)).await.ok(200)), [50, 0, 0, 0]);
    }
    assert_eq!(four(&scene.by_ada.get("/v1/me/balance").await.ok(200)), [50, 0, 0, 0]);
    let mut purchase = scene.brand.purchase(&eve, 1_000);
    purchase["member"] = json!({ "card": scene.ada.card });
    assert_eq!(scene.brand.post(&purchase).await.ok(201)["member"], json!(eve.id));
    scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&held)), &json!({ "external_id": "v-1" })).await.ok(200);
    assert_eq!(scene.points(&eve).await, [160, 0, 0, 0]);
    scene.brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &json!({ "external_id": "r-1" })).await.ok(201);
    assert_eq!(scene.points(&eve).await, [60, 0, 0, 0]);
    // Erased, nothing is left of any of them.
    coalition.operator.delete(&format!("/v1/members/{}", scene.ada.id)).await.ok_empty(204);
    scene.by_ada.get("/v1/me").await.any_problem(401);
    scene.brand.post(&purchase).await;
    let mut late = scene.brand.purchase(&eve, 1_000);
    late["member"] = json!({ "card": scene.ada.card });
    scene.brand.post(&late).await.problem(404, "member-not-found");
    coalition.verify().await;
}

async fn the_past_knows_two_people(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    scene.brand.sell(&scene.ada, 10_000).await;
    scene.brand.sell(&scene.bob, 3_000).await;
    coalition.set_clock("2026-11-22T12:00:00Z").await;
    let as_of = async |member: &Member, at: &str| {
        four(&coalition.operator.get(&format!("/v1/members/{}/balance?as_of={at}", member.id)).await.ok(200))
    };
    let before = "2026-11-21T13:00:00Z";
    assert_eq!((as_of(&scene.ada, before).await, as_of(&scene.bob, before).await), ([100, 0, 0, 0], [30, 0, 0, 0]));
    merge(&coalition, &scene.ada, &scene.bob).await;
    coalition.set_clock("2026-11-23T12:00:00Z").await;
    assert_eq!((as_of(&scene.ada, before).await, as_of(&scene.bob, before).await), ([100, 0, 0, 0], [30, 0, 0, 0]));
    let after = "2026-11-22T13:00:00Z";
    assert_eq!((as_of(&scene.ada, after).await, as_of(&scene.bob, after).await), ([130, 0, 0, 0], [130, 0, 0, 0]));
}
