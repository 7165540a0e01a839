//! A campaign's budget, wanted by many at two gateways, while some of it comes back.

use serde_json::{Value, json};

use super::{Track, all, id};
use crate::harness::actors::Coalition;

/// So many purchases at once, for a budget that is enough for some of them: it is used to the point and never past it, shares sum exactly, and what comes
/// back can be had again.
pub async fn one_budget(coalition: &Coalition, rounds: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    coalition.brand("grocer").await;
    let (bonus, budget) = (101_i64, 101 * (calls as i64 / 2) + 50);
    for round in 0..rounds {
        let slug = format!("harvest-{round}");
        let shares = json!([{ "partner": "bakehouse", "basis_points": 3_333 }, { "partner": "grocer", "basis_points": 6_667 }]);
        let campaign = json!({
            "slug": slug, "budget_points": budget, "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z", "shares": shares,
        });
        let campaign = coalition.operator.post("/v1/campaigns", &campaign).await.ok(201);
        let used = async || {
            let now = coalition.operator.get(&format!("/v1/campaigns/{}", id(&campaign))).await.ok(200);
            now["used_points"].as_i64().expect("points")
        };
        track.brand.deploy("puppet", &json!({ "unit": 0, "bonus": bonus, "campaign": slug })).await;
        let mut purchases = Vec::new();
        for number in 0..calls {
            let (ada, _) = track.runner(&format!("ADA-{round}-{number}"), 0).await;
            purchases.push((track.at(number, &track.brand.http), "/v1/transactions".to_owned(), track.brand.purchase(&ada, 1_000)));
        }
        let answers = all(purchases).await;
        let sold: Vec<Value> = answers.iter().map(|answer| answer.ok(201)).collect();
        let given = |sold: &Value| sold["points"]["awarded"].as_i64().expect("points");
        let sum: i64 = sold.iter().map(given).sum();
        assert_eq!(sum, budget, "all of it is given, and no more");
        assert_eq!(used().await, budget);
        assert_eq!(sold.iter().filter(|sold| given(sold) == bonus).count() as i64, budget / bonus, "all but one are whole");
        for sold in &sold {
            let parts: i64 =
                sold["effects"][0]["shares"].as_array().into_iter().flatten().map(|part| part["points"].as_i64().expect("points")).sum();
            assert_eq!(parts, given(sold), "{sold:#}");
        }
        // Half of what was given comes back, at both gateways at once, while others want it.
        let winners: Vec<&Value> = sold.iter().filter(|sold| given(sold) == bonus).take(calls / 4).collect();
        let (ada, _) = track.runner(&format!("ADA-{round}-late"), 0).await;
        let mut calls_of_all = Vec::new();
        for (number, sold) in winners.iter().enumerate() {
            let body = json!({ "external_id": format!("back-{round}-{number}") });
            calls_of_all.push((track.at(number, &track.brand.http), format!("/v1/transactions/{}/refunds", id(sold)), body));
            calls_of_all.push((track.at(number + 1, &track.brand.http), "/v1/transactions".to_owned(), track.brand.purchase(&ada, 1_000)));
        }
        let mut left = budget - bonus * winners.len() as i64;
        for answer in all(calls_of_all).await {
            let answer = answer.ok(201);
            left += answer["points"]["awarded"].as_i64().unwrap_or(0);
        }
        assert_eq!(used().await, left);
        assert!(left <= budget);
    }
    track.finish().await;
}
