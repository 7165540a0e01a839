//! Points that go from member to member at both gateways, and accounts that are closed while somebody spends.

use serde_json::{Value, json};

use super::{Track, all, count, id, mug};
use crate::harness::actors::{Coalition, fresh_id};

/// So many transfers in all directions between a few members, each said once, at two gateways: none waits for another for ever, none is lost or doubled.
pub async fn opposing_transfers(coalition: &Coalition, members: usize, transfers: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    let limits = json!({ "mode": "on", "daily_points_max": null, "yearly_points_max": null });
    let program = json!({ "name": "X", "points_name": "points", "base_currency": "USD", "time_zone": "UTC", "transfers": limits });
    coalition.operator.put("/v1/program", &program).await.ok(200);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let mut runners = Vec::new();
    for number in 0..members {
        runners.push(track.runner(&format!("ADA-{number}"), 1_000).await);
    }
    let mut expected = vec![1_000_i64; members];
    let calls = (0..transfers).map(|number| {
        let (from, step) = (number % members, 1 + (number / members) % (members - 1));
        let (to, points) = ((from + step) % members, 1 + (number % 3) as i64);
        expected[from] -= points;
        expected[to] += points;
        let body = json!({ "to": runners[to].0.id, "points": points, "external_id": fresh_id("gift") });
        (track.at(number / members, &runners[from].1), "/v1/me/transfers".to_owned(), body)
    });
    let calls: Vec<_> = calls.collect();
    let answers = all(calls).await;
    assert_eq!(count(&answers, 201), transfers as i64, "each is made");
    for ((member, _), expected) in runners.iter().zip(expected) {
        assert_eq!(track.points(member).await, [expected, 0, 0, 0]);
    }
    track.finish().await;
}

/// An account is closed at one gateway while its points are redeemed and given at both: what was answered before holds, nothing is left, nothing comes after.
pub async fn against_erasure(coalition: &Coalition, rounds: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    for round in 0..rounds {
        let (ada, me) = track.runner(&format!("ADA-{round}"), calls as i64 * 100).await;
        let (bob, _) = track.runner(&format!("BOB-{round}"), 0).await;
        let wishes = (0..calls).map(|number| {
            let caller = track.at(number, &me);
            if number % 3 == 2 {
                (caller, "/v1/me/transfers".to_owned(), json!({ "to": bob.id, "points": 10 }))
            } else {
                (caller, "/v1/redemptions".to_owned(), mug())
            }
        });
        let wishes: Vec<_> = wishes.collect();
        let path = format!("/v1/members/{}", ada.id);
        let erase = track.at(round, &coalition.operator);
        let (answers, erased) = tokio::join!(all(wishes), async { erase.delete(&path).await });
        assert_eq!(erased.status, 204, "{}", erased.text());
        let mut given = 0;
        for (number, answer) in answers.iter().enumerate() {
            // Whoever comes too late is nobody any more: by their token, or to the ledger.
            assert!(matches!(answer.status.as_u16(), 201 | 401 | 404), "{}", answer.text());
            if answer.status != 201 {
                continue;
            }
            if number % 3 == 2 {
                given += 10;
            } else {
                // What was held ended with the account.
                track.brand.capture(&id(&answer.json()), None).await.any_problem(404);
            }
        }
        assert_eq!(track.points(&ada).await, [0; 4]);
        let bobs = coalition.operator.get(&format!("/v1/members/{}/balance", bob.id)).await.ok(200);
        assert_eq!(bobs["available"], Value::from(given), "{bobs:#}");
    }
    track.finish().await;
}

/// The members of a household redeem at both gateways what only all of them together can pay: exactly as many succeed as it pays for.
pub async fn one_household(coalition: &Coalition, members: usize, calls: usize) {
    let track = Track::laid(coalition, &json!({})).await;
    let mut runners = Vec::new();
    for number in 0..members {
        runners.push(track.runner(&format!("ADA-{number}"), 70).await);
    }
    let made = coalition.operator.post("/v1/households", &json!({ "member": runners[0].0.id })).await.ok(201);
    for (member, _) in &runners[1..] {
        coalition.operator.post(&format!("/v1/households/{}/members", id(&made)), &json!({ "member": member.id })).await.ok(201);
    }
    let pays = members as i64 * 70 / 100;
    let wishes = (0..calls).map(|number| (track.at(number, &runners[number % members].1), "/v1/redemptions".to_owned(), mug()));
    let answers = all(wishes).await;
    assert_eq!(count(&answers, 201), pays.min(calls as i64));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.problem(409, "insufficient-points");
    }
    coalition.verify().await;
    // Captured and given up at once, none is both.
    let held: Vec<String> = answers.iter().filter(|answer| answer.status == 201).map(|answer| id(&answer.json())).collect();
    let steps = held.iter().enumerate().flat_map(|(number, held)| {
        let capture =
            (track.at(number, &track.brand.http), format!("/v1/redemptions/{held}/capture"), json!({ "external_id": fresh_id("cap") }));
        let void = (track.at(number + 1, &track.brand.http), format!("/v1/redemptions/{held}/void"), Value::Null);
        [capture, void]
    });
    let steps: Vec<_> = steps.collect();
    let answers = all(steps).await;
    assert_eq!(count(&answers, 200), held.len() as i64, "one of the two");
    let captured = answers.iter().step_by(2).filter(|answer| answer.status == 200).count() as i64;
    let mut left = 0;
    for (member, _) in &runners {
        let [available, pending, held, arrears] = track.points(member).await;
        assert_eq!([pending, held, arrears], [0; 3]);
        left += available;
    }
    assert_eq!(left, members as i64 * 70 - captured * 100);
    track.finish().await;
}
