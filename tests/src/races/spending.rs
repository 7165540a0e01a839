//! Many who spend one balance, give one capture back, or want the last piece.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Track, all, count, id, mug};
use crate::harness::actors::{Coalition, fresh_id};

/// So many redemptions of one balance: exactly as many succeed as it pays for.
pub async fn one_balance(coalition: &Coalition, calls: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    // Enough for a third of them, and not quite for one more.
    let pays = calls as i64 / 3;
    let (ada, me) = track.runner("ADA-1", pays * 100 + 99).await;
    let answers = all((0..calls).map(|number| (track.at(number, &me), "/v1/redemptions".to_owned(), mug()))).await;
    assert_eq!(count(&answers, 201), pays, "as many as the balance pays for");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "insufficient-points");
    }
    assert_eq!(track.points(&ada).await, [99, 0, pays * 100, 0]);
    track.finish().await;
}

/// So many reversals of one capture in parts, each said twice: together never more than was captured, and none of them doubled.
pub async fn reversals(coalition: &Coalition, rounds: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    for round in 0..rounds {
        let (ada, me) = track.runner(&format!("ADA-{round}"), 100).await;
        let held = me.post("/v1/redemptions", &mug()).await.ok(201);
        track.brand.capture(&id(&held), None).await.ok(200);
        let path = format!("/v1/redemptions/{}/reverse", id(&held));
        let bodies: Vec<Value> = (0..calls).map(|_| json!({ "external_id": fresh_id("rev"), "points": 7 })).collect();
        let said = || bodies.iter().chain(&bodies).enumerate();
        let answers =
            all(said().map(|(number, body)| (track.at(number + number / calls, &track.brand.http), path.clone(), body.clone()))).await;
        let mut first: HashMap<&str, Value> = HashMap::new();
        for ((_, body), answer) in said().zip(&answers) {
            if !answer.status.is_success() {
                answer.problem(409, "nothing-left");
                continue;
            }
            let known = first.entry(body["external_id"].as_str().expect("an id")).or_insert_with(|| answer.json());
            assert_eq!(*known, answer.json(), "one answer for one external id");
        }
        let back = 100_i64.min(7 * calls as i64) / 7 * 7;
        assert_eq!(first.len() as i64 * 7, back, "what was captured comes back once");
        assert_eq!(track.points(&ada).await, [back, 0, 0, 0]);
        // Whoever was told so is told so again.
        for (external_id, answer) in first {
            let again = track.brand.http.post(&path, &json!({ "external_id": external_id, "points": 7 })).await;
            assert!(again.is_replay());
            assert_eq!(again.ok(200), answer);
        }
        track.brand.http.post(&path, &json!({ "external_id": fresh_id("rest") })).await.ok(200);
        assert_eq!(track.points(&ada).await, [100, 0, 0, 0]);
    }
    track.finish().await;
}

/// The last pieces of a stock, wanted by many members at two gateways: they go out once, and one that is given back can be had again.
pub async fn last_piece(coalition: &Coalition, rounds: usize, members: usize) {
    let rewards = json!([{ "id": "mug", "points": 10, "value": 500, "stock": 0 }]);
    let track = Track::laid(coalition, &json!({ "rewards": rewards })).await;
    let mut runners = Vec::new();
    for number in 0..members {
        runners.push(track.runner(&format!("ADA-{number}"), 20 * rounds as i64).await);
    }
    for round in 0..rounds {
        let pieces = 1 + round as i64 % 3;
        track.brand.http.put("/v1/rewards/mug/stock", &json!({ "remaining": pieces })).await.ok(200);
        let wishes = runners.iter().enumerate();
        let answers = all(wishes.map(|(number, (_, me))| (track.at(number, me), "/v1/redemptions".to_owned(), mug()))).await;
        assert_eq!(count(&answers, 201), pieces, "round {round}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "out-of-stock");
        }
        // One of the lucky gives its piece back while the others ask again.
        let lucky = answers.iter().position(|answer| answer.status == 201).expect("somebody got it");
        let void = (track.at(round, &runners[lucky].1), format!("/v1/redemptions/{}/void", id(&answers[lucky].json())), Value::Null);
        let others = runners.iter().enumerate().filter(|(number, _)| *number != lucky);
        let wishes = others.map(|(number, (_, me))| (track.at(number, me), "/v1/redemptions".to_owned(), mug()));
        let answers = all(std::iter::once(void).chain(wishes)).await;
        answers[0].ok(200);
        assert!(count(&answers[1..], 201) <= 1, "one piece came back, and went to one at most");
        track.points(&runners[lucky].0).await;
    }
    track.finish().await;
}
