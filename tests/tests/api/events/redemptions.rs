//! Each step of a redemption is told to the rules of the reward's owner.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(each_step_of_a_redemption_is_told_to_its_owner);

async fn each_step_of_a_redemption_is_told_to_its_owner(coalition: Coalition) {
    let steps = ["held", "captured", "voided", "expired", "reversed"];
    // Of another size for each step, so that a balance says which were told.
    let answers: Vec<_> = steps
        .iter()
        .zip([1_000, 10_000, 100_000, 200_000, 500_000])
        .map(|(step, points)| json!({ "on": format!("redemption:{step}"), "points": points, "key": step }))
        .collect();
    let shop = coalition.brand_with_puppet("shop", &json!({ "handles": ["purchase", "redemption"], "answers": answers })).await;
    let grocer = coalition.brand_with_puppet("grocer", &json!({ "handles": ["purchase"] })).await;
    let ada = shop.enrol("ADA-1").await;
    grocer.sell(&ada, 50_000).await;
    let me = coalition.session(&ada).await;
    let hold = async || {
        let held = me.post("/v1/redemptions", &json!({ "partner": "shop", "reward": "mug" })).await.ok(201);
        held["id"].as_str().unwrap().to_owned()
    };
    let first = hold().await;
    shop.until_available(&ada, 500 - 100 + 1_000).await;
    shop.capture(&first, None).await.ok(200);
    shop.until_available(&ada, 400 + 11_000).await;
    let body = json!({ "external_id": "rev-1", "points": 40 });
    shop.http.post(&format!("/v1/redemptions/{first}/reverse"), &body).await.ok(200);
    shop.until_available(&ada, 440 + 11_000 + 500_000).await;
    let second = hold().await;
    me.post_empty(&format!("/v1/redemptions/{second}/void")).await.ok(200);
    shop.until_available(&ada, 440 + 12_000 + 600_000).await;
    let _third = hold().await;
    coalition.set_clock("2026-11-21T12:30:01Z").await;
    // The hold has ended by the clock; the first commit that touches the member says so, whosever it is.
    grocer.sell(&ada, 100).await;
    shop.until_available(&ada, 441 + 13_000 + 800_000).await;
    let decisions = shop.decisions(&coalition.operator, &ada).await;
    let of = |step: &str| decisions.iter().find(|decision| decision["event"]["redemption"]["step"] == step).unwrap();
    assert_eq!(of("reversed")["event"]["redemption"]["points"], 40);
    assert_eq!(of("reversed")["event"]["redemption"]["value"]["amount"], 200);
    assert_eq!(of("captured")["event"]["redemption"]["reward"], "mug");
    coalition.verify().await;
}
