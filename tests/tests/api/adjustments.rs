//! Points given or taken by the operator's hand, and the second pair of eyes.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use coalition_tests::harness::http::Http;
use serde_json::{Value, json};

both_databases!(
    small_ones_are_applied_at_once,
    large_ones_wait_for_a_second_operator,
    a_rejected_one_is_never_applied,
    what_is_given_repays_what_is_owed,
    an_adjustment_that_cannot_be_is_refused,
);

fn order(member: &Member, points: i64) -> Value {
    json!({ "member": member.id, "points": points, "reason": "A complaint about cold coffee" })
}

fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

/// Another operator's client.
async fn colleague(coalition: &Coalition) -> Http {
    let partners = coalition.operator.get("/v1/partners").await.ok(200);
    let operator =
        partners["items"].as_array().unwrap().iter().find(|partner| partner["slug"] == "operator").expect("the operator").clone();
    let made = coalition.operator.post(&format!("/v1/partners/{}/credentials", id(&operator)), &json!({})).await.ok(201);
    coalition.operator.login(made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap()).await
}

async fn scene(coalition: &Coalition) -> (Brand, Member) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    (brand, ada)
}

async fn small_ones_are_applied_at_once(coalition: Coalition) {
    let (brand, ada) = scene(&coalition).await;
    let given = coalition.operator.post("/v1/adjustments", &order(&ada, 250)).key("k-1").await.ok(201);
    assert_eq!((&given["status"], &given["balance"]["available"]), (&json!("applied"), &json!(250)), "{given:#}");
    let again = coalition.operator.post("/v1/adjustments", &order(&ada, 250)).key("k-1").await;
    assert!(again.is_replay());
    assert_eq!(again.json(), given);
    coalition.operator.post("/v1/adjustments", &order(&ada, -251)).await.problem(409, "insufficient-points");
    coalition.operator.post("/v1/adjustments", &order(&ada, -100)).await.ok(201);
    assert_eq!(brand.available(&ada).await, 150);
    let entries = coalition.operator.get(&format!("/v1/members/{}/entries", ada.id)).await.ok(200);
    let first = &entries["items"][0];
    assert_eq!(
        (&first["kind"], &first["from"], &first["to"], &first["points"]),
        (&json!("adjustment"), &json!("available"), &json!("adjustment"), &json!(100))
    );
    assert_eq!(first["reason"], "A complaint about cold coffee");
    let me = coalition.session(&ada).await;
    me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    let listed = coalition.operator.get("/v1/adjustments").await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let adjustment = coalition
        .trial_balance()
        .await
        .into_iter()
        .find(|account| account["account"].as_str().is_some_and(|name| name.ends_with("adjustment")))
        .expect("the account");
    assert_eq!((&adjustment["debits"], &adjustment["credits"]), (&json!(250), &json!(100)));
    coalition.verify().await;
}

async fn large_ones_wait_for_a_second_operator(coalition: Coalition) {
    let (brand, ada) = scene(&coalition).await;
    let asked = coalition.operator.post("/v1/adjustments", &order(&ada, 10_001)).await.ok(201);
    assert_eq!(asked["status"], "awaiting_approval", "{asked:#}");
    assert_eq!(brand.available(&ada).await, 0);
    let approve = format!("/v1/adjustments/{}/approve", id(&asked));
    coalition.operator.post_empty(&approve).await.problem(409, "same-operator");
    brand.http.post_empty(&approve).await.any_problem(403);
    let colleague = colleague(&coalition).await;
    // However many approve at once, it is applied once.
    let answers = futures::future::join_all((0..8).map(|_| colleague.post_empty(&approve).send())).await;
    for answer in answers {
        assert_eq!(answer.unwrap().ok(200)["status"], "applied");
    }
    assert_eq!(brand.available(&ada).await, 10_001);
    colleague.post_empty(&format!("/v1/adjustments/{}/reject", id(&asked))).await.problem(409, "already-applied");
    let now = coalition.operator.get(&format!("/v1/adjustments/{}", id(&asked))).await.ok(200);
    assert_eq!(now["status"], "applied");
    assert_ne!(now["decided_by"], now["requested_by"]);
    coalition.verify().await;
}

async fn a_rejected_one_is_never_applied(coalition: Coalition) {
    let (brand, ada) = scene(&coalition).await;
    let colleague = colleague(&coalition).await;
    let asked = coalition.operator.post("/v1/adjustments", &order(&ada, 50_000)).await.ok(201);
    let path = format!("/v1/adjustments/{}", id(&asked));
    let rejected = coalition.operator.post_empty(&format!("{path}/reject")).await.ok(200);
    assert_eq!(rejected["status"], "rejected");
    colleague.post_empty(&format!("{path}/approve")).await.problem(409, "already-rejected");
    colleague.post_empty(&format!("{path}/reject")).await.problem(409, "already-rejected");
    // Raced, one of the two holds, and the ledger agrees with it.
    for _ in 0..4 {
        let before = brand.available(&ada).await;
        let asked = coalition.operator.post("/v1/adjustments", &order(&ada, 20_000)).await.ok(201);
        let path = format!("/v1/adjustments/{}", id(&asked));
        let (approve, reject) = (format!("{path}/approve"), format!("{path}/reject"));
        let (approved, rejected) = tokio::join!(colleague.post_empty(&approve).send(), coalition.operator.post_empty(&reject).send());
        let (approved, rejected) = (approved.unwrap().status, rejected.unwrap().status);
        assert!(matches!((approved.as_u16(), rejected.as_u16()), (200, 409) | (409, 200)), "{approved} and {rejected}");
        let now = coalition.operator.get(&path).await.ok(200);
        assert_eq!(now["status"], if approved == 200 { "applied" } else { "rejected" });
        assert_eq!(brand.available(&ada).await - before, if approved == 200 { 20_000 } else { 0 });
    }
    coalition.verify().await;
}

async fn what_is_given_repays_what_is_owed(coalition: Coalition) {
    let (brand, ada) = scene(&coalition).await;
    let sold = brand.sell(&ada, 10_000).await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    brand.capture(id(&held), None).await.ok(200);
    brand.http.post(&format!("/v1/transactions/{}/refunds", id(&sold)), &json!({ "external_id": "r-1" })).await.ok(201);
    assert_eq!(brand.balance(&ada).await["arrears"], 100);
    let given = coalition.operator.post("/v1/adjustments", &order(&ada, 130)).await.ok(201);
    assert_eq!((&given["balance"]["arrears"], &given["balance"]["available"]), (&json!(0), &json!(30)));
    coalition.verify().await;
}

async fn an_adjustment_that_cannot_be_is_refused(coalition: Coalition) {
    let (brand, ada) = scene(&coalition).await;
    for wrong in [
        json!({ "member": ada.id, "points": 0, "reason": "x" }),
        json!({ "member": ada.id, "points": 1, "reason": "" }),
        json!({ "member": ada.id, "points": 1 }),
        json!({ "member": ada.id, "points": 1.5, "reason": "x" }),
        json!({ "member": "ADA-1", "points": 1, "reason": "x" }),
        json!({ "member": ada.id, "points": 1, "reason": "x", "partner": "bakehouse" }),
    ] {
        coalition.operator.post("/v1/adjustments", &wrong).await.any_problem(400);
    }
    for points in [1, 100_000] {
        let nobody = json!({ "member": "mbr_01kkkkkkkkekkbkkkkkkkkkkkk", "points": points, "reason": "x" });
        coalition.operator.post("/v1/adjustments", &nobody).await.any_problem(404);
    }
    brand.http.post("/v1/adjustments", &order(&ada, 1)).await.any_problem(403);
    coalition.operator.get("/v1/adjustments/adj_01kkkkkkkkekkbkkkkkkkkkkkk").await.any_problem(404);
    assert_eq!(brand.available(&ada).await, 0);
}
