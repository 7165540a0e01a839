//! Many clients at once who want the same points, or the same piece: what can be had once is had once, whoever comes first, at whichever gateway.
//! The stories race a few rounds, `soak` many.

mod awards;
mod budget;
mod people;
mod spending;

pub use awards::{against_cancellation, against_expiry, against_refund, identical_refunds};
pub use budget::one_budget;
pub use people::{against_erasure, one_household, opposing_transfers};
pub use spending::{last_piece, one_balance, reversals};

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::harness::actors::{Brand, Coalition, Member};
use crate::harness::gateway::Gateway;
use crate::harness::http::{Answer, Http};

/// How often a client comes again that was told to.
const TRIES: usize = 200;

/// A coalition whose database two gateways serve.
#[derive(Debug)]
pub struct Track<'a> {
    coalition: &'a Coalition,
    rival: Gateway,
    brand: Brand,
}

impl<'a> Track<'a> {
    /// Two gateways, and a brand with these rules.
    pub async fn laid(coalition: &'a Coalition, config: &Value) -> Track<'a> {
        let rival = coalition.another_gateway();
        let brand = coalition.brand_with_puppet("bakehouse", config).await;
        Track { coalition, rival, brand }
    }

    /// The nth caller: now at one gateway, now at the other.
    fn at(&self, number: usize, caller: &Http) -> Http {
        if number.is_multiple_of(2) { caller.clone() } else { caller.at(&self.rival.url()) }
    }

    /// Someone with so many points, and themselves.
    async fn runner(&self, card: &str, points: i64) -> (Member, Http) {
        let member = self.brand.enrol(card).await;
        if points > 0 {
            self.brand.sell(&member, points * 100).await;
        }
        let me = self.coalition.session(&member).await;
        (member, me)
    }

    /// Available, pending, held and arrears, none of which is below zero.
    async fn points(&self, member: &Member) -> [i64; 4] {
        let balance = self.brand.balance(member).await;
        let four = ["available", "pending", "held", "arrears"].map(|name| balance[name].as_i64().expect("points"));
        assert!(four.iter().all(|points| *points >= 0), "{balance:#}");
        assert!(four[0] == 0 || four[3] == 0, "who owes has nothing to spend: {balance:#}");
        four
    }

    /// After a race, the books are right.
    async fn finish(&self) {
        self.coalition.verify().await;
        self.coalition.trial_balance().await;
    }
}

fn mug() -> Value {
    json!({ "partner": "bakehouse", "reward": "mug" })
}

fn id(of: &Value) -> String {
    of["id"].as_str().expect("an id").to_owned()
}

/// Asks, without a body where that is null, until there is an answer that is more than "come again".
async fn insist(http: Http, path: String, body: Value) -> Answer {
    for _ in 0..TRIES {
        let answer = if body.is_null() { http.post_empty(&path).await } else { http.post(&path, &body).await };
        if !matches!(answer.status.as_u16(), 429 | 503) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path}: told to come again {TRIES} times");
}

/// All at once.
async fn all(calls: impl IntoIterator<Item = (Http, String, Value)>) -> Vec<Answer> {
    let running = calls.into_iter().map(|(http, path, body)| tokio::spawn(insist(http, path, body)));
    join_all(running).await.into_iter().map(|answer| answer.expect("a call ends")).collect()
}

/// How many have this status.
fn count(answers: &[Answer], status: u16) -> i64 {
    answers.iter().filter(|answer| answer.status.as_u16() == status).count() as i64
}
