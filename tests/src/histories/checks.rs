//! What must agree: balances now and at past moments, what runs out, and the sums of all accounts.

use std::collections::BTreeMap;

use coalition_domain::Account;
use coalition_domain::model::Model;
use serde_json::{Value, json};

use super::scene::Scene;
use super::{History, MEMBERS, MINUTE, millis, text};
use crate::harness::actors::{Coalition, Member, fresh_id};
use crate::harness::http::Http;

/// Past moments that are asked for at the end of a history.
const ASKED: usize = 24;

/// Available, pending, held and arrears; and what runs out when.
pub(super) type Balance = ([i64; 4], Vec<(i64, i64)>);

/// What was so at a moment.
pub(super) struct Told {
    at: i64,
    member: usize,
    balance: Balance,
}

pub(super) fn of_model(model: &Model, member: usize) -> Balance {
    let own = model.balances(member);
    let mut expiring = BTreeMap::new();
    for lot in model.lots().iter().filter(|lot| lot.member == member && !lot.pending && lot.remaining > 0) {
        if let Some(at) = lot.terms.expires_at {
            *expiring.entry(at).or_insert(0) += lot.remaining;
        }
    }
    ([own.available.0, own.pending.0, own.held.0, own.arrears.0], expiring.into_iter().collect())
}

pub(super) fn of_answer(balance: &Value) -> Balance {
    let four = ["available", "pending", "held", "arrears"].map(|name| balance[name].as_i64().expect("points"));
    let expiring = balance["expiring"].as_array().expect("what runs out").iter();
    (four, expiring.map(|part| (millis(part["expires_at"].as_str().expect("a time")), part["points"].as_i64().expect("points"))).collect())
}

impl History<'_> {
    /// Every member's balance is the model's.
    pub(super) async fn compare(&self) {
        for (number, (member, _)) in self.members.iter().enumerate() {
            let told = self.coalition.operator.get(&format!("/v1/members/{}/balance", member.id)).await.ok(200);
            assert_eq!(of_answer(&told), of_model(&self.model, number), "member {number} in the history of seed {}", self.seed);
        }
    }

    /// Remembers what is so just before `then`, when nothing else has happened.
    pub(super) fn remember_before(&mut self, then: i64) {
        let mut model = self.model.clone();
        model.pass(then - 1);
        self.told.extend((0..MEMBERS).map(|member| Told { at: then - 1, member, balance: of_model(&model, member) }));
    }

    /// Some of the moments remembered are asked for, and answered as they were.
    pub(super) async fn end(&mut self) {
        for _ in 0..ASKED {
            let at = self.chance.below(self.told.len());
            let Some(told) = self.told.get(at) else { break };
            let path = format!("/v1/members/{}/balance?as_of={}", self.members[told.member].0.id, text(told.at));
            let answer = self.coalition.operator.get(&path).await.ok(200);
            assert_eq!(
                of_answer(&answer),
                told.balance,
                "member {} at {}, in the history of seed {}",
                told.member,
                text(told.at),
                self.seed
            );
        }
        self.coalition.verify().await;
        self.coalition.trial_balance().await;
    }
}

/// The sums of all accounts are those of the models, once all that was due is written.
pub(super) async fn books(coalition: &Coalition, scene: &Scene, mut histories: Vec<(Model, Vec<(Member, Http)>)>, now: i64) {
    let now = now + MINUTE;
    coalition.set_clock(&text(now)).await;
    // A purchase too small for a point: whoever touches a member writes what is due.
    let house = scene.houses.iter().find(|house| house.bonus == 0).expect("a house without a bonus");
    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    for (model, members) in &mut histories {
        model.pass(now);
        for (number, (member, _)) in members.iter().enumerate() {
            let purchase = json!({
                "external_id": fresh_id("touch"), "member": { "id": member.id }, "occurred_at": text(now), "currency": "USD", "total": 1,
            });
            house.brand.post(&purchase).await.ok(201);
            let own = model.balances(number);
            for (account, points) in [("available", own.available), ("pending", own.pending), ("held", own.held)] {
                *expected.entry(account).or_default() += points.0;
            }
            *expected.entry("arrears").or_default() -= own.arrears.0;
        }
        for account in [Account::Issued, Account::Recovered, Account::Redeemed, Account::Expired] {
            *expected.entry(account.name()).or_default() += model.total(account);
        }
    }
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for account in coalition.trial_balance().await {
        let name = account["account"].as_str().expect("a name").rsplit(':').next().expect("its end").to_owned();
        *found.entry(name).or_default() += account["balance"].as_i64().expect("a balance");
    }
    for (name, points) in expected {
        assert_eq!(found.get(name).copied().unwrap_or(0), points, "all accounts of the name {name}");
    }
    coalition.verify().await;
}
