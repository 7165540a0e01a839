//! Posts receipts, one by one or in batches, and tallies what the gateway answered.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::join_all;
use serde_json::{Value, json};

use super::Receipt;
use super::stage::Stage;

/// How receipts are posted.
#[derive(Debug, Clone, Copy)]
pub enum Manner {
    /// Each in a call of its own, this many tills at once; a household's receipts in their order.
    Singly {
        /// Tills at once.
        tills: usize,
    },
    /// A brand's receipts together, as a JSON list.
    Batches {
        /// Receipts in one call, at most 1 000.
        size: usize,
    },
    /// A brand's receipts together, one JSON object a line.
    Lines {
        /// Receipts in one call, at most 1 000.
        size: usize,
    },
}

/// What the gateway answered.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Posted by this very call.
    pub first: u64,
    /// Posted before.
    pub replayed: u64,
    /// Calls that got no answer, or one that asks to come again.
    pub unanswered: u64,
    /// Points awarded by all the receipts in this tally, whether now or before.
    pub points: i64,
    /// The answers by brand and external id.
    pub answers: HashMap<(String, String), Value>,
}

impl Tally {
    /// Receipts that were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.first + self.replayed
    }

    /// Puts two tallies together.
    pub fn add(&mut self, other: Tally) {
        self.first += other.first;
        self.replayed += other.replayed;
        self.unanswered += other.unanswered;
        self.points += other.points;
        self.answers.extend(other.answers);
    }

    fn take(&mut self, receipt: &Receipt, answer: Value, is_replay: bool) {
        assert_eq!(answer["status"], "posted", "{} of {}: {answer:#}", receipt.external_id, receipt.partner);
        *(if is_replay { &mut self.replayed } else { &mut self.first }) += 1;
        self.points += answer["points"]["awarded"].as_i64().expect("awarded points");
        self.answers.insert((receipt.partner.clone(), receipt.external_id.clone()), answer);
    }
}

/// Posts them all in this manner. `progress` counts what was acknowledged, for whoever looks on.
pub async fn post(stage: &Stage, receipts: &[Receipt], manner: Manner, progress: &AtomicU64) -> Tally {
    match manner {
        Manner::Singly { tills } => singly(stage, receipts, tills, progress).await,
        Manner::Batches { size } => together(stage, receipts, size, Form::List, progress).await,
        Manner::Lines { size } => together(stage, receipts, size, Form::Lines, progress).await,
    }
}

async fn singly(stage: &Stage, receipts: &[Receipt], tills: usize, progress: &AtomicU64) -> Tally {
    let mut lanes: Vec<Vec<&Receipt>> = vec![Vec::new(); tills];
    for receipt in receipts {
        let mut hasher = DefaultHasher::new();
        receipt.card.hash(&mut hasher);
        lanes[(hasher.finish() % tills as u64) as usize].push(receipt);
    }
    let tallies = join_all(lanes.into_iter().map(|lane| till(stage, lane, progress))).await;
    tallies.into_iter().fold(Tally::default(), |mut sum, tally| {
        sum.add(tally);
        sum
    })
}

/// One till: it stops at the first call that gets no answer, as one does whose gateway is gone.
async fn till(stage: &Stage, lane: Vec<&Receipt>, progress: &AtomicU64) -> Tally {
    let mut tally = Tally::default();
    for receipt in lane {
        let sent = stage.brands[&receipt.partner].http.post("/v1/transactions", &receipt.body).send().await;
        let answer = match sent {
            Ok(answer) if matches!(answer.status.as_u16(), 429 | 503) => {
                tally.unanswered += 1;
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                continue;
            }
            Ok(answer) => answer,
            Err(_) => {
                tally.unanswered += 1;
                break;
            }
        };
        assert!(matches!(answer.status.as_u16(), 200 | 201), "{} of {}: {}", receipt.external_id, receipt.partner, answer.text());
        assert_eq!(answer.is_replay(), answer.status.as_u16() == 200, "a replay is a 200 that says so");
        tally.take(receipt, answer.json(), answer.is_replay());
        progress.fetch_add(1, Ordering::Relaxed);
    }
    tally
}

#[derive(Clone, Copy)]
enum Form {
    List,
    Lines,
}

async fn together(stage: &Stage, receipts: &[Receipt], size: usize, form: Form, progress: &AtomicU64) -> Tally {
    let brands = stage.brands.iter().map(async |(slug, brand)| {
        let mut tally = Tally::default();
        let own: Vec<&Receipt> = receipts.iter().filter(|receipt| &receipt.partner == slug).collect();
        for chunk in own.chunks(size) {
            let call = match form {
                Form::List => {
                    let items: Vec<&Value> = chunk.iter().map(|receipt| &receipt.body).collect();
                    brand.http.post("/v1/transactions/batch", &json!({ "items": items }))
                }
                Form::Lines => {
                    let lines: Vec<String> = chunk.iter().map(|receipt| receipt.body.to_string()).collect();
                    brand.http.post_raw("/v1/transactions/batch", "application/x-ndjson", lines.join("\n"))
                }
            };
            let answer = call.await.ok(200);
            let results = answer["results"].as_array().expect("results");
            assert_eq!(results.len(), chunk.len(), "one result an item");
            for (receipt, result) in chunk.iter().zip(results) {
                let mut answer = result.clone();
                let replayed = answer.as_object_mut().and_then(|fields| fields.remove("replayed"));
                assert!(matches!(replayed, None | Some(Value::Bool(true))), "a replay says so, and nothing else does: {replayed:?}");
                tally.take(receipt, answer, replayed.is_some());
                progress.fetch_add(1, Ordering::Relaxed);
            }
        }
        tally
    });
    let mut sum = Tally::default();
    for tally in join_all(brands).await {
        sum.add(tally);
    }
    sum
}
