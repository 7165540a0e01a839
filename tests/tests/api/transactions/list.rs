//! A partner's own transactions, newest first, page by page.

use std::collections::HashSet;

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(pages_follow_each_other_while_more_comes_in, a_forged_cursor_is_refused, nobody_elses_transactions_are_listed);

async fn pages_follow_each_other_while_more_comes_in(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    for number in 1..=7 {
        brand.sell(&ada, number * 100).await;
    }
    let mut path = "/v1/transactions?limit=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = brand.http.get(&path).await.ok(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/transactions?limit=3&cursor={cursor}");
        // Whoever comes in meanwhile is newer than the page, and not in it.
        brand.sell(&ada, 100).await;
    }
    assert_eq!(seen.len(), 7, "each once: {seen:?}");
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 7);
    assert!(seen.is_sorted_by(|newer, older| newer > older), "newest first: {seen:?}");
}

async fn a_forged_cursor_is_refused(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    for _ in 0..3 {
        bakehouse.sell(&ada, 100).await;
    }
    let page = bakehouse.http.get("/v1/transactions?limit=1").await.ok(200);
    let cursor = page["next_cursor"].as_str().expect("there is more");
    freshmart.http.get(&format!("/v1/transactions?cursor={cursor}")).await.any_problem(400);
    let mut changed = cursor.to_owned();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'B' } else { 'A' });
    for forged in [changed.as_str(), "x", "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "1%20OR%201=1"] {
        bakehouse.http.get(&format!("/v1/transactions?cursor={forged}")).await.any_problem(400);
    }
    for limit in ["0", "201", "-1", "many", ""] {
        bakehouse.http.get(&format!("/v1/transactions?limit={limit}")).await.any_problem(400);
    }
    bakehouse.http.get("/v1/transactions?colour=red").await.any_problem(400);
    assert_eq!(bakehouse.http.get("/v1/transactions?limit=200").await.ok(200)["items"].as_array().unwrap().len(), 3);
}

async fn nobody_elses_transactions_are_listed(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    bakehouse.sell(&ada, 100).await;
    assert_eq!(freshmart.http.get("/v1/transactions").await.ok(200)["items"], json!([]));
}
