//! What a manifest asks to be held to, the gateway holds it to.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(a_manifests_own_limits_cut_its_awards_window_by_window);

async fn a_manifests_own_limits_cut_its_awards_window_by_window(coalition: Coalition) {
    let limits = json!([{ "name": "points", "max": 25, "window": "day" }, { "name": "awards", "max": 3, "window": "month" }]);
    let shop = coalition.brand_with_puppet("shop", &json!({ "limits": limits, "bonus": 2 })).await;
    let ada = shop.enrol("ADA-1").await;
    let ben = shop.enrol("BEN-1").await;
    let points = async |member, total: i64| {
        let sold = shop.sell(member, total).await;
        (sold["points"]["awarded"].as_i64().unwrap(), sold["points"]["capped"].as_i64().unwrap())
    };
    assert_eq!(points(&ada, 1_500).await, (17, 0));
    assert_eq!(points(&ada, 1_500).await, (8, 9));
    // Nothing is left of the day: no answer of today is an award any more.
    assert_eq!(points(&ada, 1_500).await, (0, 17));
    assert_eq!(points(&ben, 100).await, (3, 0));
    // Another day has its own; the month has one award left.
    let mut yesterday = shop.purchase(&ada, 1_000);
    yesterday["occurred_at"] = json!("2026-11-20T12:00:00Z");
    assert_eq!(shop.post(&yesterday).await.ok(201)["points"]["awarded"], 12);
    yesterday["external_id"] = json!("another");
    let cut = shop.post(&yesterday).await.ok(201);
    assert_eq!((&cut["points"]["awarded"], &cut["points"]["capped"]), (&json!(0), &json!(12)), "{cut:#}");
    let mut last_month = shop.purchase(&ada, 1_000);
    last_month["occurred_at"] = json!("2026-10-31T12:00:00Z");
    assert_eq!(shop.post(&last_month).await.ok(201)["points"]["awarded"], 12);
    assert_eq!(shop.available(&ada).await, 17 + 8 + 12 + 12);
    coalition.verify().await;
}
