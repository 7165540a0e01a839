//! A gateway that is killed, again and again, while tills sell, refund, hold, capture, void, reverse and give points to one pot: whatever was acknowledged gets its first answer
//! when it is said again, what was not answered is done once, and each member has what plain arithmetic says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::harness::actors::{Brand, Coalition, Member, fresh_id};
use crate::harness::http::{Answer, Http};
use crate::purse::Purse;

/// How often a till comes again that was told to.
const TRIES: usize = 200;
/// Holds that a till has at once.
const HOLDS_MAX: usize = 3;

/// Kills the gateway so many times under the load of so many tills, each with a member of its own. Answers how many calls were acknowledged in each round.
pub async fn killed(coalition: &mut Coalition, rounds: usize, tills: usize, seed: u64) -> Vec<usize> {
    println!("killed under mixed load, seed {seed} (COALITION_HISTORY_SEED)");
    let mut program = coalition.operator.get("/v1/program").await.ok(200);
    program.as_object_mut().expect("an object").remove("test");
    program["till_redemption"] = json!({ "mode": "card", "daily_points_max": 1_000_000_000 });
    program["transfers"] = json!({ "mode": "on", "daily_points_max": null, "yearly_points_max": null });
    coalition.operator.put("/v1/program", &program).await.ok(200);
    let rewards = json!([{ "id": "pay", "points": 100, "flexible": true }]);
    let mut brand = coalition.brand_with_puppet("bakehouse", &json!({ "bonus": 3, "rewards": rewards })).await;
    let pot = brand.enrol("POT").await;
    let mut crews = Vec::new();
    for number in 0..tills {
        let member = brand.enrol(&format!("ADA-{number}")).await;
        crews.push(Till::new(member, pot.clone(), Chance::new(seed.wrapping_add(number as u64))));
    }
    let mut chance = Chance::new(seed);
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        // Each round dies at another moment, which no clock decides.
        let goal = tills + chance.below(tills * 12);
        let progress = Arc::new(AtomicUsize::new(0));
        let running: Vec<_> = crews
            .into_iter()
            .map(|mut till| {
                let (http, operator, progress) = (brand.http.clone(), coalition.operator.clone(), Arc::clone(&progress));
                tokio::spawn(async move {
                    till.work(&http, &operator, &progress).await;
                    till
                })
            })
            .collect();
        while progress.load(Ordering::Relaxed) < goal {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        coalition.crash_and_restart();
        brand.http = coalition.here(&brand.http);
        crews = join_all(running).await.into_iter().map(|till| till.expect("a till works until its gateway is gone")).collect();
        acknowledged.push(crews.iter().map(|till| till.acknowledged.len()).sum());
        join_all(crews.iter_mut().map(|till| till.make_sure(&brand, &coalition.operator))).await;
        let given: i64 = crews.iter().map(|till| till.given).sum();
        assert_eq!(brand.available(&pot).await, given, "what was given is in the pot, once");
        coalition.verify().await;
        coalition.trial_balance().await;
        println!("  round {round}: {} calls were acknowledged", acknowledged.last().expect("a round"));
    }
    acknowledged
}

/// What a till says, and what it comes to when it is done.
#[derive(Clone)]
struct Call {
    path: String,
    /// None where the call has no body, and a key instead.
    body: Option<Value>,
    key: String,
    then: Then,
}

#[derive(Clone)]
enum Then {
    Sold { total: i64 },
    CameBack { purchase: usize, amount: i64 },
    Held { points: i64 },
    Captured { hold: usize, points: i64 },
    Voided { hold: usize },
    Reversed { capture: usize, points: i64 },
    Given { points: i64 },
}

struct Purchase {
    id: String,
    left: i64,
    awarded: i64,
    taken: i64,
}

/// A till, its one member, and what it knows of them.
struct Till {
    member: Member,
    /// To whom all give.
    pot: Member,
    given: i64,
    chance: Chance,
    purse: Purse,
    purchases: Vec<Purchase>,
    /// Held: redemption and points.
    holds: Vec<(String, i64)>,
    /// Captured: redemption and what was not given back.
    captures: Vec<(String, i64)>,
    in_doubt: Option<Call>,
    acknowledged: Vec<(Call, Value)>,
}

impl Till {
    fn new(member: Member, pot: Member, chance: Chance) -> Till {
        let purse = Purse::default();
        let (purchases, holds, captures) = (Vec::new(), Vec::new(), Vec::new());
        Till { member, pot, given: 0, chance, purse, purchases, holds, captures, in_doubt: None, acknowledged: Vec::new() }
    }

    /// Works until a call gets no answer.
    async fn work(&mut self, http: &Http, operator: &Http, progress: &AtomicUsize) {
        loop {
            let call = self.draw();
            match call.send(http, operator).await {
                Some(answer) => {
                    self.done(call, &answer);
                    progress.fetch_add(1, Ordering::Relaxed);
                }
                None => {
                    self.in_doubt = Some(call);
                    return;
                }
            }
        }
    }

    /// After a crash: what was not answered is said again, and whatever was acknowledged since the last one gets its first answer.
    async fn make_sure(&mut self, brand: &Brand, operator: &Http) {
        for (call, first) in std::mem::take(&mut self.acknowledged) {
            let again = call.send(&brand.http, operator).await.expect("the gateway is there again");
            assert!(again.is_replay(), "acknowledged and gone: {} {}", call.path, again.text());
            assert_eq!(again.ok(200), first, "the answer to {} changed", call.path);
        }
        if let Some(call) = self.in_doubt.take() {
            let answer = call.send(&brand.http, operator).await.expect("the gateway is there again");
            self.done(call, &answer);
        }
        assert_eq!(Purse::told(&brand.balance(&self.member).await), self.purse, "{}", self.member.card);
    }

    fn draw(&mut self) -> Call {
        let chance = &mut self.chance;
        let key = fresh_id("till");
        let to = |path: String, body: Value, then: Then| {
            let mut body = body;
            body["external_id"] = json!(key);
            Call { path, body: Some(body), key: key.clone(), then }
        };
        let purchase = chance.below(self.purchases.len());
        let (hold, capture) = (chance.below(self.holds.len()), chance.below(self.captures.len()));
        match chance.below(11) {
            0 | 1 if self.purchases.get(purchase).is_some_and(|known| known.left > 0) => {
                let known = &self.purchases[purchase];
                let amount = chance.within(1, known.left);
                to(format!("/v1/transactions/{}/refunds", known.id), json!({ "amount": amount }), Then::CameBack { purchase, amount })
            }
            2..5 if self.purse.available > 0 && self.holds.len() < HOLDS_MAX => {
                let points = chance.within(1, self.purse.available);
                let body = json!({ "member": { "id": self.member.id }, "reward": "pay", "amount": points });
                to("/v1/redemptions".to_owned(), body, Then::Held { points })
            }
            5 | 6 if !self.holds.is_empty() => {
                let (id, held) = &self.holds[hold];
                let points = if chance.one_in(2) { *held } else { chance.within(1, *held) };
                to(format!("/v1/redemptions/{id}/capture"), json!({ "amount": points }), Then::Captured { hold, points })
            }
            7 if !self.holds.is_empty() => {
                let path = format!("/v1/redemptions/{}/void", self.holds[hold].0);
                Call { path, body: None, key, then: Then::Voided { hold } }
            }
            8 if self.captures.get(capture).is_some_and(|known| known.1 > 0) => {
                let (id, left) = &self.captures[capture];
                let points = chance.within(1, *left);
                to(format!("/v1/redemptions/{id}/reverse"), json!({ "points": points }), Then::Reversed { capture, points })
            }
            9 if self.purse.available > 0 => {
                let points = chance.within(1, self.purse.available);
                let body = json!({ "to": self.pot.id, "points": points });
                to(format!("/v1/members/{}/transfers", self.member.id), body, Then::Given { points })
            }
            _ => {
                let total = chance.within(1, 20_000);
                let body = json!({
                    "member": { "id": self.member.id }, "occurred_at": crate::harness::actors::NOW, "currency": "USD", "total": total,
                });
                to("/v1/transactions".to_owned(), body, Then::Sold { total })
            }
        }
    }

    /// Counts what a call came to, told now or before the crash.
    fn done(&mut self, call: Call, answer: &Answer) {
        assert!(answer.status.is_success(), "{} {:?}: {}", call.path, call.body, answer.text());
        let told = answer.json();
        let id = || told["id"].as_str().expect("an id").to_owned();
        match call.then {
            Then::Sold { total } => {
                let awarded = total / 100 + 3;
                assert_eq!(told["points"]["awarded"], awarded, "{told:#}");
                self.purse.take(awarded);
                self.purchases.push(Purchase { id: id(), left: total, awarded, taken: 0 });
            }
            Then::CameBack { purchase, amount } => {
                let known = &mut self.purchases[purchase];
                known.left -= amount;
                let kept = if known.left == 0 { 0 } else { known.left / 100 + 3 };
                let due = known.awarded - kept - known.taken;
                known.taken += due;
                assert_eq!(told["left"], known.left, "{told:#}");
                self.purse.claw_back(due);
            }
            Then::Held { points } => {
                assert!(self.purse.hold(points), "there was enough: {told:#}");
                self.holds.push((id(), points));
            }
            Then::Captured { hold, points } => {
                let (id, held) = self.holds.swap_remove(hold);
                self.purse.capture(held, points);
                self.captures.push((id, points));
            }
            Then::Voided { hold } => {
                let (_, held) = self.holds.swap_remove(hold);
                self.purse.capture(held, 0);
            }
            Then::Reversed { capture, points } => {
                self.captures[capture].1 -= points;
                self.purse.take(points);
            }
            Then::Given { points } => {
                self.purse.available -= points;
                self.given += points;
            }
        }
        self.acknowledged.push((call, told));
    }
}

impl Call {
    /// None where no whole answer came.
    async fn send(&self, http: &Http, operator: &Http) -> Option<Answer> {
        // What a member gives is told by the operator.
        let http = if matches!(self.then, Then::Given { .. }) { operator } else { http };
        for _ in 0..TRIES {
            let call = match &self.body {
                Some(body) => http.post(&self.path, body),
                None => http.post_empty(&self.path).key(&self.key),
            };
            let answer = call.send().await.ok()?;
            if !matches!(answer.status.as_u16(), 429 | 503) {
                return Some(answer);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{}: told to come again {TRIES} times", self.path);
    }
}
