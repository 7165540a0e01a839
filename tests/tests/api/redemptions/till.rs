//! At the till: the member shows a one-time code, and the reward's partner holds for it.

use std::future::IntoFuture as _;

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

use super::{Scene, id, mug};

both_databases!(
    a_till_holds_for_whoever_shows_a_code,
    a_till_without_a_code_is_refused,
    a_tills_retry_holds_once,
    a_code_raced_by_two_holds_spoils_nothing_beside_it,
);

async fn code(scene: &Scene) -> Value {
    scene.me.post_empty("/v1/me/codes").await.ok(201)["code"].clone()
}

fn request(scene: &Scene, external_id: &str, code: Value) -> Value {
    json!({ "partner": "bakehouse", "reward": "mug", "member": { "card": scene.ada.card }, "external_id": external_id, "code": code })
}

async fn a_till_holds_for_whoever_shows_a_code(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let shown = code(&scene).await;
    let held = scene.brand.http.post("/v1/redemptions", &request(&scene, "till-1", shown.clone())).await.ok(201);
    assert_eq!((held["status"].as_str(), scene.points().await), (Some("held"), (700, 300)));
    scene.brand.capture(id(&held), None).await.ok(200);
    // The code was for once.
    let again = scene.brand.http.post("/v1/redemptions", &request(&scene, "till-2", shown)).await;
    assert!(matches!(again.status.as_u16(), 403 | 409), "{}", again.text());
    assert_eq!(scene.points().await, (700, 0));
}

async fn a_till_without_a_code_is_refused(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    for wrong in [Value::Null, json!("000000"), json!("")] {
        let mut body = request(&scene, "till-1", wrong.clone());
        if wrong.is_null() {
            body.as_object_mut().unwrap().remove("code");
        }
        let answer = scene.brand.http.post("/v1/redemptions", &body).await;
        assert!(matches!(answer.status.as_u16(), 400 | 403 | 409), "{}", answer.text());
        answer.any_problem(answer.status.as_u16());
    }
    assert_eq!(scene.points().await, (1_000, 0));
}

async fn a_tills_retry_holds_once(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let body = request(&scene, "till-1", code(&scene).await);
    let first = scene.brand.http.post("/v1/redemptions", &body).await.ok(201);
    let again = scene.brand.http.post("/v1/redemptions", &body).await;
    assert_eq!(again.ok(200)["id"], first["id"]);
    assert!(again.is_replay());
    let mut other = body.clone();
    other["quantity"] = json!(2);
    scene.brand.http.post("/v1/redemptions", &other).await.problem(409, "external-id-conflict");
    assert_eq!(scene.points().await, (700, 300));
}

/// Two tills hold with one code while a purchase of the same member is posted: one hold and the purchase stand, the other hold is refused.
async fn a_code_raced_by_two_holds_spoils_nothing_beside_it(coalition: Coalition) {
    let scene = Scene::set(&coalition, mug()).await;
    let rival = coalition.another_gateway();
    let there = scene.brand.http.at(&rival.url());
    let mut expected = 1_000;
    for round in 0..4 {
        let shown = code(&scene).await;
        let [one, two] = ["a", "b"].map(|till| request(&scene, &format!("till-{round}-{till}"), shown.clone()));
        let sale = scene.brand.purchase(&scene.ada, 50_000);
        let (one, two, sale) = tokio::join!(
            scene.brand.http.post("/v1/redemptions", &one).into_future(),
            there.post("/v1/redemptions", &two).into_future(),
            scene.brand.http.post("/v1/transactions", &sale).into_future(),
        );
        sale.ok(201);
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert!(matches!(statuses, [201, 403 | 409]), "{} and {}", one.text(), two.text());
        expected += 500 - 300;
        assert_eq!(scene.points().await.0, expected, "round {round}");
    }
    coalition.verify().await;
}
