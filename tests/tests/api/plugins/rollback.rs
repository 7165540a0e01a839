//! One call goes back to the rules before: their version, their configuration, and no further than there were any.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition};
use coalition_tests::harness::http::Answer;
use coalition_tests::harness::{components, plugins};
use serde_json::json;

both_databases!(each_rollback_goes_one_back, a_rollback_reaches_every_gateway_and_what_was_deferred, nothing_before_is_said);

async fn roll_back(brand: &Brand) -> Answer {
    brand.http.call(reqwest::Method::POST, "/v1/plugins/rollback").await
}

async fn each_rollback_goes_one_back(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let puppet = plugins::component("puppet").unwrap();
    let one = brand.deploy_bytes(&components::variant(&puppet, "one"), &json!({ "unit": 100 })).await;
    let two = brand.upload(&components::variant(&puppet, "two")).await;
    brand.activate(&two, &json!({ "unit": 50 })).await.ok(200);
    brand.activate(&two, &json!({ "unit": 10 })).await.ok(200);
    let ada = brand.enrol("ADA-1").await;
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 100);

    // The configuration before, then the version before; a repeat under the same key is one rollback.
    let back = brand.http.call(reqwest::Method::POST, "/v1/plugins/rollback").header("Idempotency-Key", "back-1").await;
    let back = back.ok(200);
    assert_eq!((&back["id"], &back["config"]), (&json!(two), &json!({ "unit": 50 })), "{back:#}");
    brand.http.call(reqwest::Method::POST, "/v1/plugins/rollback").header("Idempotency-Key", "back-1").await.ok(200);
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 20);
    let back = roll_back(&brand).await.ok(200);
    assert_eq!((&back["id"], &back["mode"]), (&json!(one), &json!("live")), "{back:#}");
    let sold = brand.sell(&ada, 1_000).await;
    assert_eq!((&sold["points"]["awarded"], &sold["decisions"][0]["digest"]), (&json!(10), &back["digest"]));
    roll_back(&brand).await.problem(409, "nothing-before");
    coalition.verify().await;
}

async fn a_rollback_reaches_every_gateway_and_what_was_deferred(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let id = brand.deploy("puppet", &json!({ "unit": 100 })).await;
    let ada = brand.enrol("ADA-1").await;
    let second = coalition.another_gateway();
    brand.activate(&id, &json!({ "mood": "traps" })).await.ok(200);
    let sold = brand.post(&brand.purchase(&ada, 1_000)).await.ok(201);
    assert_eq!(sold["status"], "deferred");
    let mut elsewhere = brand.clone();
    elsewhere.http = elsewhere.http.at(&second.url());
    roll_back(&elsewhere).await.ok(200);
    // What waited is decided by the good rules too, soon and by itself.
    for _ in 0..600 {
        if brand.available(&ada).await == 10 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(brand.sell(&ada, 1_000).await["points"]["awarded"], 10);
    assert_eq!(brand.available(&ada).await, 20);
    coalition.verify().await;
}

async fn nothing_before_is_said(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    roll_back(&brand).await.problem(409, "nothing-before");
    let id = brand.deploy("puppet", &json!({})).await;
    roll_back(&brand).await.problem(409, "nothing-before");
    // Where nothing is live, what was last is live again.
    brand.http.call(reqwest::Method::POST, &format!("/v1/plugins/{id}/deactivate")).await.ok(200);
    assert_eq!(roll_back(&brand).await.ok(200)["id"], id.as_str());
    // Another partner's rules are none of one's own.
    let other = coalition.brand("grocer").await;
    roll_back(&other).await.problem(409, "nothing-before");
}
