//! The ledger adds up, proves itself, and notices whoever changes it behind the gateway's back.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(the_books_balance, a_changed_transfer_is_found, a_changed_balance_is_found);

async fn the_books_balance(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 100_000).await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    brand.capture(held["id"].as_str().unwrap(), None).await.ok(200);
    for account in coalition.trial_balance().await {
        let figure = |name: &str| account[name].as_i64().unwrap_or_else(|| panic!("no {name} in {account:#}"));
        assert_eq!(figure("balance").abs(), (figure("credits") - figure("debits")).abs(), "{account:#}");
        assert!(!account["account"].is_null(), "{account:#}");
    }
    let verified = coalition.verify().await;
    assert!(verified["transfers"].as_i64().unwrap() >= 3, "{verified:#}");
    assert!(verified["blocks"].as_i64().unwrap() >= 1 && !verified["head"].is_null(), "{verified:#}");
}

async fn a_changed_transfer_is_found(coalition: Coalition) {
    tampered(coalition, "UPDATE transfers SET points = points + 1").await;
}

async fn a_changed_balance_is_found(coalition: Coalition) {
    tampered(coalition, "UPDATE balances SET available = available + 1").await;
}

async fn tampered(coalition: Coalition, sql: &str) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    coalition.verify().await;
    assert!(coalition.database.tamper(sql).await.expect("the row is changed") > 0);
    let verified = coalition.operator.get("/v1/ledger/verify").await.ok(200);
    assert_eq!(verified["ok"], false, "{verified:#}");
    assert!(!verified["problems"].as_array().unwrap().is_empty(), "{verified:#}");
}
