//! Points that are spent while they are taken back, or run out.

use serde_json::json;

use super::{Track, all, count, id, mug};
use crate::harness::actors::{Coalition, NOW, fresh_id};

/// An award is redeemed at one gateway while its purchase is refunded at the other, whichever comes first.
pub async fn against_refund(coalition: &Coalition, rounds: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    for round in 0..rounds {
        let (ada, me) = track.runner(&format!("ADA-{round}"), 0).await;
        let sold = track.brand.sell(&ada, 10_000).await;
        let refund = (
            track.at(round, &track.brand.http),
            format!("/v1/transactions/{}/refunds", id(&sold)),
            json!({ "external_id": fresh_id("ref") }),
        );
        let hold = (track.at(round + 1, &me), "/v1/redemptions".to_owned(), mug());
        let calls = if round % 4 < 2 { [refund, hold] } else { [hold, refund] };
        let answers = all(calls).await;
        let (refunded, held) = if round % 4 < 2 { (&answers[0], &answers[1]) } else { (&answers[1], &answers[0]) };
        let points = &refunded.ok(201)["points"];
        if held.status == 201 {
            assert_eq!(*points, json!({ "recovered": 0, "arrears": 100, "shortfall": 0 }));
            assert_eq!(track.points(&ada).await, [0, 0, 100, 100]);
            me.post_empty(&format!("/v1/redemptions/{}/void", id(&held.json()))).await.ok(200);
        } else {
            held.problem(409, "insufficient-points");
            assert_eq!(*points, json!({ "recovered": 100, "arrears": 0, "shortfall": 0 }));
        }
        assert_eq!(track.points(&ada).await, [0, 0, 0, 0], "what came back paid what was owed");
    }
    track.finish().await;
}

/// Awards that wait are cancelled while their purchases are refunded, many at once, at one gateway and at two: each is taken back once, and what was
/// bought elsewhere is not touched.
pub async fn against_cancellation(coalition: &Coalition, rounds: usize, members: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    let shop = coalition.brand_with_puppet("cellar", &json!({ "action": "delivered" })).await;
    for round in 0..rounds {
        let (mut runners, mut calls) = (Vec::new(), Vec::new());
        for number in 0..members {
            let (ada, _) = track.runner(&format!("ADA-{round}-{number}"), 100).await;
            let sold = id(&shop.sell(&ada, 10_000).await);
            let steps = [("cancel", json!({})), ("refunds", json!({ "amount": 3_000 })), ("refunds", json!({}))];
            for (place, (step, mut body)) in steps.into_iter().enumerate() {
                body["external_id"] = json!(fresh_id(step));
                calls.push((track.at(round * (number + place), &shop.http), format!("/v1/transactions/{sold}/{step}"), body));
            }
            runners.push(ada);
        }
        for answer in all(calls).await {
            // Whoever comes when nothing is left, or nothing waits any more, is told so.
            assert!(answer.status.is_success() || answer.status == 409, "{}", answer.text());
        }
        for ada in &runners {
            assert_eq!(track.points(ada).await, [100, 0, 0, 0]);
        }
    }
    track.finish().await;
}

/// Points are redeemed while the clock is moved to where they run out: what was held by then is kept, all else is gone.
pub async fn against_expiry(coalition: &Coalition, rounds: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({ "expires_days": 1 })).await;
    let mut now: jiff::Timestamp = NOW.parse().expect("a time");
    let day = jiff::SignedDuration::from_hours(24);
    for round in 0..rounds {
        let (ada, me) = track.runner(&format!("ADA-{round}"), 0).await;
        let mut purchase = track.brand.purchase(&ada, calls as i64 * 10_000);
        purchase["occurred_at"] = json!(now.to_string());
        track.brand.post(&purchase).await.ok(201);
        // Near the end: a hold that is made now outlives the points.
        now += day;
        coalition.set_clock(&(now - jiff::SignedDuration::from_mins(10)).to_string()).await;
        let then = now.to_string();
        let holds = all((0..calls).map(|number| (track.at(number, &me), "/v1/redemptions".to_owned(), mug())));
        let (answers, ()) = tokio::join!(holds, coalition.set_clock(&then));
        let held = count(&answers, 201);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "insufficient-points");
        }
        assert_eq!(track.points(&ada).await, [0, 0, held * 100, 0], "held points don't run out, the others have");
        // What was held comes back when the hold ends, and is gone at once.
        now += day;
        coalition.set_clock(&now.to_string()).await;
        assert_eq!(track.points(&ada).await, [0, 0, 0, 0]);
    }
    track.finish().await;
}

/// One refund, said so many times at once at two gateways.
pub async fn identical_refunds(coalition: &Coalition, rounds: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({ "bonus": 5 })).await;
    for round in 0..rounds {
        let (ada, _) = track.runner(&format!("ADA-{round}"), 0).await;
        let sold = track.brand.sell(&ada, 10_000).await;
        let (path, body) = (format!("/v1/transactions/{}/refunds", id(&sold)), json!({ "external_id": fresh_id("ref"), "amount": 2_500 }));
        let answers = all((0..calls).map(|number| (track.at(number, &track.brand.http), path.clone(), body.clone()))).await;
        assert_eq!(count(&answers, 201), 1, "posted once");
        assert_eq!(count(&answers, 200), calls as i64 - 1, "and told again to all others");
        for answer in &answers {
            assert_eq!(answer.json(), answers[0].json());
            assert_eq!(answer.is_replay(), answer.status == 200);
        }
        assert_eq!(track.points(&ada).await, [80, 0, 0, 0]);
    }
    track.finish().await;
}
