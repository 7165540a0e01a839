//! What the receipts have to survive: posted twice, posted to two gateways at once, posted while the gateway is killed.
//! The tests run each with reduced counts, `soak` with full ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::post::{Manner, Tally, post};
use super::stage::Stage;
use super::{Receipt, parts};
use crate::harness::actors::Coalition;

/// Posts all receipts, each part under its clock, and then all of them again in another manner: the second pass must change nothing.
/// Answers how many there were.
pub async fn posted_twice(coalition: &Coalition, receipts: &[Receipt], once: Manner, again: Manner) -> u64 {
    let stage = Stage::set(coalition, receipts, "points-per-spend").await;
    let silent = AtomicU64::new(0);
    let mut first = Tally::default();
    for (clock, part) in parts(receipts) {
        coalition.set_clock(clock).await;
        first.add(post(&stage, &part, once, &silent).await);
    }
    assert_eq!(first.answers.len(), receipts.len(), "every receipt was acknowledged");
    let before = ledger(coalition, &stage).await;
    assert_eq!(before.points, first.points, "the members hold what the answers awarded");
    assert!(before.points > 0, "something was awarded");

    let second = post(&stage, receipts, again, &silent).await;
    for (id, answer) in &second.answers {
        assert_eq!(same_part(answer), same_part(&first.answers[id]), "the answer to {id:?}, asked again");
    }
    assert_eq!(
        (second.first, second.replayed),
        (0, receipts.len() as u64),
        "every answer of the second pass says that it was given before"
    );
    assert_eq!(second.points, first.points, "the second pass tells of the same awards");
    assert_eq!(ledger(coalition, &stage).await, before, "the second pass changes nothing");
    receipts.len() as u64
}

/// Two gateways on one database take the same receipts at the same time: each receipt is posted by one of them.
pub async fn raced(coalition: &Coalition, receipts: &[Receipt], tills: usize) -> u64 {
    let rival = coalition.another_gateway();
    let here = Stage::set(coalition, receipts, "points-per-spend").await;
    let there = here.at(&rival.url());
    let silent = AtomicU64::new(0);
    let mut sum = Tally::default();
    for (clock, part) in parts(receipts) {
        coalition.set_clock(clock).await;
        let manner = Manner::Singly { tills };
        let (one, two) = tokio::join!(post(&here, &part, manner, &silent), post(&there, &part, manner, &silent));
        assert_eq!((one.unanswered, two.unanswered), (0, 0), "nobody was turned away");
        assert_eq!(one.first + two.first, part.len() as u64, "each receipt was posted once");
        assert_eq!(one.replayed + two.replayed, part.len() as u64, "and once replayed");
        for (id, answer) in &one.answers {
            assert_eq!(answer, &two.answers[id], "both gateways give one answer for {id:?}");
        }
        sum.add(one);
    }
    assert_eq!(ledger(coalition, &here).await.points, sum.points, "the members hold what the answers awarded");
    receipts.len() as u64
}

/// Kills the gateway `rounds` times while it is posting, and posts everything again each time: what was acknowledged must still be there,
/// with its answer, and nothing may be doubled. Answers how many receipts had been acknowledged at each crash.
pub async fn crashed(coalition: &mut Coalition, receipts: &[Receipt], rounds: usize, tills: usize) -> Vec<u64> {
    let stage = Stage::set(coalition, receipts, "points-per-spend").await;
    let [(clock, part), _] = parts(receipts);
    coalition.set_clock(clock).await;
    let mut known = Tally::default();
    let mut acknowledged = Vec::new();
    for round in 1..=rounds {
        let progress = Arc::new(AtomicU64::new(0));
        let posting = {
            let (stage, part, progress) = (stage.at(&coalition.gateway.url()), part.clone(), Arc::clone(&progress));
            tokio::spawn(async move { post(&stage, &part, Manner::Singly { tills }, &progress).await })
        };
        // Each round dies a little later than the one before.
        let goal = part.len() as u64 * round as u64 / (rounds as u64 + 1);
        while progress.load(Ordering::Relaxed) < goal && !posting.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        coalition.crash_and_restart();
        let tally = posting.await.expect("the tills go on until their gateway is gone");
        compare(&known, &tally);
        acknowledged.push(tally.acknowledged());
        known.add(tally);
        coalition.verify().await;
    }
    let last = post(&stage.at(&coalition.gateway.url()), &part, Manner::Singly { tills }, &AtomicU64::new(0)).await;
    assert_eq!(last.acknowledged(), part.len() as u64, "at last, every receipt is acknowledged");
    compare(&known, &last);
    for id in known.answers.keys() {
        assert!(last.answers.contains_key(id), "{id:?} was acknowledged before a crash and is gone");
    }
    let held = ledger(coalition, &stage.at(&coalition.gateway.url())).await;
    assert_eq!(held.points, last.points, "the members hold what was awarded, once");
    acknowledged
}

/// Whoever was acknowledged before must get the same answer now.
fn compare(before: &Tally, now: &Tally) {
    for (id, answer) in &now.answers {
        if let Some(known) = before.answers.get(id) {
            assert_eq!(known, answer, "the answer to {id:?} changed after a crash");
        }
    }
}

/// What must not differ between a single post's answer and a batch item's.
fn same_part(answer: &serde_json::Value) -> [&serde_json::Value; 4] {
    ["id", "points", "effects", "decisions"].map(|field| &answer[field])
}

/// What the ledger holds, as far as a second pass could change it.
#[derive(Debug, PartialEq)]
struct Ledger {
    points: i64,
    transfers: Option<i64>,
    accounts: Vec<serde_json::Value>,
}

async fn ledger(coalition: &Coalition, stage: &Stage) -> Ledger {
    let verified = coalition.verify().await;
    let accounts = coalition.trial_balance().await;
    Ledger { points: stage.points_of_all_members().await, transfers: verified["transfers"].as_i64(), accounts }
}
