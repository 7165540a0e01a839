//! Rules that fail never lose a sale: the purchase is recorded, and decided when the rules can.

use std::time::{Duration, Instant};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition};
use serde_json::{Value, json};

both_databases!(
    every_failure_defers_the_purchase_and_the_gateway_lives,
    without_rules_a_purchase_is_recorded,
    deferred_purchases_are_decided_in_order_by_the_next_good_version,
);

async fn every_failure_defers_the_purchase_and_the_gateway_lives(mut coalition: Coalition) {
    let moods = ["traps", "loops", "hoards", "floods", "overflows", "repeats", "steals", "invents", "babbles", "scribbles"];
    for mood in moods {
        let brand = coalition.brand_with_puppet(&format!("brand-{mood}"), &json!({ "mood": mood })).await;
        let ada = brand.enrol(&format!("ADA-{mood}")).await;
        let purchase = brand.purchase(&ada, 1_000);
        let first = brand.post(&purchase).await.ok(201);
        assert_eq!(first["status"], "deferred", "{mood}: {first:#}");
        assert_eq!(first["points"]["awarded"], 0, "{mood}");
        assert_eq!(brand.available(&ada).await, 0, "{mood}");
        // Asked again, the answer is the first one, as it was.
        assert_eq!(brand.post(&purchase).await.ok(200), first, "{mood}");

        brand.deploy("puppet", &json!({})).await;
        let decided = decided(&brand, &first).await;
        assert_eq!(decided["points"]["awarded"], 10, "{mood}: {decided:#}");
        assert_eq!(brand.available(&ada).await, 10, "{mood}");
        assert_eq!(brand.post(&purchase).await.ok(200)["status"], "deferred", "{mood}: a replay is the first answer");
    }
    assert!(coalition.gateway.is_alive());
    coalition.verify().await;
}

async fn without_rules_a_purchase_is_recorded(coalition: Coalition) {
    let brand = coalition.brand("bakehouse").await;
    let ada = brand.enrol("ADA-1").await;
    let first = brand.post(&brand.purchase(&ada, 1_000)).await.ok(201);
    assert!(["posted", "deferred"].contains(&first["status"].as_str().unwrap()), "{first:#}");
    assert_eq!(first["points"]["awarded"], 0);
    assert_eq!(brand.available(&ada).await, 0);
}

async fn deferred_purchases_are_decided_in_order_by_the_next_good_version(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "mood": "traps" })).await;
    let ada = brand.enrol("ADA-1").await;
    let mut posted = Vec::new();
    for _ in 0..4 {
        posted.push(brand.post(&brand.purchase(&ada, 100)).await.ok(201));
    }
    brand.deploy("puppet", &json!({ "unit": 0, "remembers": true })).await;
    // Whoever buys next waits behind them, or comes after them: never before.
    let next = brand.post(&brand.purchase(&ada, 100)).await.ok(201);
    posted.push(next);
    for (number, first) in posted.iter().enumerate() {
        let decided = decided(&brand, first).await;
        assert_eq!(decided["points"]["awarded"], number as i64 + 1, "{decided:#}");
    }
    assert_eq!(brand.available(&ada).await, 1 + 2 + 3 + 4 + 5);
    coalition.verify().await;
}

/// The transaction once it is decided; the gateway does that by itself.
async fn decided(brand: &Brand, first: &Value) -> Value {
    let path = format!("/v1/transactions/{}", first["id"].as_str().unwrap());
    let started = Instant::now();
    loop {
        let now = brand.http.get(&path).await.ok(200);
        if now["status"] == "posted" {
            return now;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "still deferred: {now:#}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
