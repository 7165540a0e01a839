//! People together: gifts, households, two accounts that are one person's, and accounts that are closed.

mod closing;
mod gifts;
mod households;
mod merging;

use coalition_tests::harness::actors::{Brand, Coalition, Member};
use coalition_tests::harness::http::Http;
use serde_json::{Value, json};

/// A bakehouse, and two people with their own callers.
struct Scene {
    brand: Brand,
    ada: Member,
    bob: Member,
    by_ada: Http,
    by_bob: Http,
}

impl Scene {
    async fn set(coalition: &Coalition, config: Value) -> Scene {
        let brand = coalition.brand_with_puppet("bakehouse", &config).await;
        let (ada, bob) = (brand.enrol("ADA-1").await, brand.enrol("BOB-1").await);
        let (by_ada, by_bob) = (coalition.session(&ada).await, coalition.session(&bob).await);
        Scene { brand, ada, bob, by_ada, by_bob }
    }

    /// Available, pending, held and arrears.
    async fn points(&self, member: &Member) -> [i64; 4] {
        four(&self.brand.balance(member).await)
    }
}

fn four(balance: &Value) -> [i64; 4] {
    ["available", "pending", "held", "arrears"].map(|name| balance[name].as_i64().unwrap())
}

fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

fn mug() -> Value {
    json!({ "partner": "bakehouse", "reward": "mug" })
}

/// The program with these policies.
async fn program(coalition: &Coalition, policies: Value) {
    let mut body = json!({ "name": "X", "points_name": "points", "base_currency": "USD", "time_zone": "Europe/Skopje" });
    body.as_object_mut().unwrap().extend(policies.as_object().unwrap().clone());
    coalition.operator.put("/v1/program", &body).await.ok(200);
    // Kept in memory for a tenth of a second.
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
}
