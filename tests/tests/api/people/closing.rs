//! A member leaves the coalition: what is personal is gone, what is left is given up, and the books are right.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

use super::{Scene, id, mug};

both_databases!(a_closed_account_gives_up_what_is_left, a_household_goes_on_without_who_is_closed, who_may_close_an_account);

fn account<'a>(accounts: &'a [Value], name: &str) -> &'a Value {
    accounts.iter().find(|row| row["account"] == name).unwrap_or_else(|| panic!("no {name} in {accounts:#?}"))
}

async fn a_closed_account_gives_up_what_is_left(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let slow = coalition.brand_with_puppet("cellar", &json!({ "action": "delivered" })).await;
    scene.brand.sell(&scene.ada, 30_000).await;
    let mut waits = slow.purchase(&scene.ada, 4_000);
    waits["member"] = json!({ "card": scene.ada.card });
    slow.post(&waits).await.ok(201);
    let spent = scene.by_ada.post("/v1/redemptions", &mug()).await.ok(201);
    scene.brand.capture(id(&spent), None).await.ok(200);
    let held = scene.by_ada.post("/v1/redemptions", &mug()).await.ok(201);
    assert_eq!(scene.points(&scene.ada).await, [100, 40, 100, 0]);
    let path = format!("/v1/members/{}", scene.ada.id);
    scene.by_ada.delete(&path).await.ok_empty(204);
    coalition.operator.delete(&path).await.ok_empty(204);
    // Nothing is left, and nobody is there.
    assert_eq!(scene.points(&scene.ada).await, [0; 4]);
    scene.by_ada.get("/v1/me/balance").await.any_problem(401);
    scene.brand.capture(id(&held), None).await.any_problem(404);
    assert_eq!(coalition.operator.get(&format!("/v1/redemptions/{}", id(&held))).await.ok(200)["status"], "voided");
    let erased = coalition.operator.get(&path).await.ok(200);
    assert_eq!((&erased["status"], &erased["card"]), (&json!("erased"), &json!(null)), "{erased:#}");
    let mut late = scene.brand.purchase(&scene.ada, 1_000);
    scene.brand.post(&late).await.problem(404, "member-not-found");
    late["member"] = json!({ "card": scene.ada.card });
    scene.brand.post(&late).await.problem(404, "member-not-found");
    // What could be spent is breakage; what waited is back at who issued it.
    let accounts = coalition.trial_balance().await;
    assert_eq!(account(&accounts, "program:expired")["balance"], 200);
    assert_eq!(account(&accounts, "partner:cellar:recovered")["balance"], 40);
    let entries = coalition.operator.get(&format!("{path}/entries")).await.ok(200);
    let kinds: Vec<&str> = entries["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert!(["forfeiture", "cancellation", "release"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    // The card is free for somebody else.
    scene.brand.http.post("/v1/members", &json!({ "card": scene.ada.card })).await.ok(201);
    coalition.verify().await;
}

async fn a_household_goes_on_without_who_is_closed(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let household = id(&coalition.operator.post("/v1/households", &json!({ "member": scene.ada.id })).await.ok(201)).to_owned();
    let members = format!("/v1/households/{household}/members");
    coalition.operator.post(&members, &json!({ "member": scene.bob.id })).await.ok(201);
    scene.brand.sell(&scene.ada, 12_000).await;
    scene.brand.sell(&scene.bob, 15_000).await;
    let spent = scene.by_bob.post("/v1/redemptions", &mug()).await.ok(201);
    scene.brand.capture(id(&spent), None).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([20, 0, 0, 0], [150, 0, 0, 0]));
    // Bob's hold rests on Ada's points too: it ends with her account.
    let held = scene.by_bob.post("/v1/redemptions", &mug()).await.ok(201);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0, 0, 20, 0], [70, 0, 80, 0]));
    scene.by_ada.delete(&format!("/v1/members/{}", scene.ada.id)).await.ok_empty(204);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0; 4], [150, 0, 0, 0]));
    scene.brand.capture(id(&held), None).await.problem(409, "already-voided");
    let view = scene.by_bob.get(&format!("/v1/households/{household}")).await.ok(200);
    assert_eq!(view["members"].as_array().unwrap().len(), 1, "{view:#}");
    // What comes back to a closed account is given up at once.
    scene.brand.http.post(&format!("/v1/redemptions/{}/reverse", id(&spent)), &json!({ "external_id": "v-1" })).await.ok(200);
    assert_eq!((scene.points(&scene.ada).await, scene.points(&scene.bob).await), ([0; 4], [150, 0, 0, 0]));
    assert_eq!(account(&coalition.trial_balance().await, "program:expired")["balance"], 120);
    coalition.verify().await;
}

async fn who_may_close_an_account(coalition: Coalition) {
    let scene = Scene::set(&coalition, json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let path = format!("/v1/members/{}", scene.ada.id);
    coalition.stranger().delete(&path).await.any_problem(401);
    freshmart.http.delete(&path).await.any_problem(404);
    let mut purchase = freshmart.purchase(&scene.ada, 1_000);
    purchase["member"] = json!({ "card": scene.ada.card });
    freshmart.post(&purchase).await.ok(201);
    freshmart.http.delete(&path).await.any_problem(403);
    scene.brand.session(&scene.ada).await.delete(&path).await.any_problem(403);
    scene.by_bob.delete(&path).await.any_problem(404);
    assert_eq!(scene.points(&scene.ada).await, [10, 0, 0, 0]);
    scene.brand.http.delete(&path).await.ok_empty(204);
    scene.brand.http.delete(&path).await.ok_empty(204);
    assert_eq!(scene.points(&scene.ada).await, [0; 4]);
    coalition.verify().await;
}
