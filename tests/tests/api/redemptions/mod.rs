//! Spending points: the price, the hold, the capture, and all that can come between.

mod capture;
mod hold;
mod provenance;
mod stock;
mod till;

use coalition_tests::harness::actors::{Brand, Coalition, Member};
use coalition_tests::harness::http::Http;
use serde_json::{Value, json};

/// A bakehouse where Ada has 1 000 points, and herself.
struct Scene {
    brand: Brand,
    ada: Member,
    me: Http,
}

impl Scene {
    async fn set(coalition: &Coalition, rewards: Value) -> Scene {
        let brand = coalition.brand_with_puppet("bakehouse", &json!({ "rewards": rewards })).await;
        let ada = brand.enrol("ADA-1").await;
        brand.sell(&ada, 100_000).await;
        let me = coalition.session(&ada).await;
        Scene { brand, ada, me }
    }

    /// Available and held.
    async fn points(&self) -> (i64, i64) {
        let balance = self.brand.balance(&self.ada).await;
        (balance["available"].as_i64().unwrap(), balance["held"].as_i64().unwrap())
    }

    async fn hold(&self, reward: &str) -> Value {
        self.me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": reward })).await.ok(201)
    }
}

fn mug() -> Value {
    json!([{ "id": "mug", "points": 300, "value": 1_000 }])
}

fn id(redemption: &Value) -> &str {
    redemption["id"].as_str().expect("a redemption's id")
}
