//! Time: what the clock makes of points without any job, and what was so at a past moment.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use serde_json::{Value, json};

both_databases!(the_clock_needs_no_job, what_was_so_stays_so, only_the_past_can_be_asked_for);

async fn as_of(brand: &Brand, member: &Member, at: &str) -> [i64; 4] {
    let balance = brand.http.get(&format!("/v1/members/{}/balance?as_of={at}", member.id)).await.ok(200);
    four(&balance)
}

fn four(balance: &Value) -> [i64; 4] {
    ["available", "pending", "held", "arrears"].map(|name| balance[name].as_i64().unwrap())
}

async fn the_clock_needs_no_job(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "pending_days": 2, "expires_days": 10 })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    for (clock, expected) in [
        ("2026-11-23T11:59:59Z", [0, 10, 0, 0]),
        ("2026-11-23T12:00:00Z", [10, 0, 0, 0]),
        ("2026-12-01T11:59:59Z", [10, 0, 0, 0]),
        ("2026-12-01T12:00:00Z", [0, 0, 0, 0]),
    ] {
        coalition.set_clock(clock).await;
        assert_eq!(four(&brand.balance(&ada).await), expected, "{clock}");
    }
    coalition.verify().await;
}

async fn what_was_so_stays_so(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "expires_days": 10 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 30_000).await;
    coalition.set_clock("2026-11-21T13:00:00Z").await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    coalition.set_clock("2026-11-21T13:10:00Z").await;
    brand.capture(held["id"].as_str().unwrap(), None).await.ok(200);
    coalition.set_clock("2026-11-22T12:00:00Z").await;
    let refund = json!({ "external_id": "r-1" });
    brand.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &refund).await.ok(201);
    coalition.set_clock("2026-12-05T12:00:00Z").await;
    let moments = [
        ("2026-11-21T11:59:59Z", [0, 0, 0, 0]),
        ("2026-11-21T12:30:00Z", [300, 0, 0, 0]),
        ("2026-11-21T13:05:00Z", [200, 0, 100, 0]),
        ("2026-11-21T14:00:00Z", [200, 0, 0, 0]),
        ("2026-11-23T00:00:00Z", [0, 0, 0, 100]),
    ];
    // Asked before and after somebody writes down what was due, and after more has happened: always the same.
    for round in 0..3 {
        for (at, expected) in moments {
            assert_eq!(as_of(&brand, &ada, at).await, expected, "{at}, round {round}");
        }
        let mut purchase = brand.purchase(&ada, 5_000);
        purchase["occurred_at"] = json!("2026-12-05T12:00:00Z");
        brand.post(&purchase).await.ok(201);
    }
    assert_eq!(four(&brand.balance(&ada).await), [50, 0, 0, 0]);
    coalition.verify().await;
}

async fn only_the_past_can_be_asked_for(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let me = coalition.session(&ada).await;
    for wrong in ["2026-11-21T12:00:00Z", "2027-01-01T00:00:00Z", "2026-11-20T12:00:00", "yesterday", ""] {
        brand.http.get(&format!("/v1/members/{}/balance?as_of={wrong}", ada.id)).await.any_problem(400);
        me.get(&format!("/v1/me/balance?as_of={wrong}")).await.any_problem(400);
    }
    brand.http.get(&format!("/v1/members/{}/balance?at=2026-11-20T12:00:00Z", ada.id)).await.any_problem(400);
    me.get("/v1/me/balance?as_of=2026-11-20T12:00:00Z").await.ok(200);
}
