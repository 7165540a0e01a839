//! Receipts of which some come back in pieces, bought by members of whom some redeem. What each award must be is computed here, from the receipt
//! and the defaults of `points-per-spend`; at the end every member has what plain arithmetic says, to the point.

use std::collections::BTreeMap;

use futures::future::join_all;
use serde_json::{Value, json};

use super::stage::Stage;
use super::{Receipt, parts};
use crate::chance::Chance;
use crate::harness::actors::{Coalition, fresh_id};
use crate::harness::http::Http;
use crate::purse::Purse;

/// Categories that earn nothing, by how they begin.
const EXCLUDED: [&str; 4] = ["GIFT CARD", "CIGAR", "TOBACCO", "LOTTERY"];
/// Minor units for a point.
const UNIT: i64 = 100;
/// The least that is paid with points; a point pays one minor unit.
const PAID_MIN: i64 = 100;

/// What came of it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Done {
    /// Receipts posted.
    pub receipts: usize,
    /// Refunds, each of a piece.
    pub refunds: usize,
    /// Redemptions, whatever became of them.
    pub redemptions: usize,
}

/// Posts the receipts at so many tills, one receipt in ten refunded in random pieces, one member in five redeeming.
pub async fn mixed(coalition: &Coalition, receipts: &[Receipt], seed: u64, tills: usize) -> Done {
    println!("receipts with refunds of seed {seed} (COALITION_HISTORY_SEED)");
    let stage = Stage::set(coalition, receipts, "points-per-spend").await;
    let mut members: BTreeMap<&str, Shopper> = BTreeMap::new();
    for (number, (card, id)) in stage.members.iter().enumerate() {
        let me = if number % 5 == 0 {
            let minted = stage.operator.post_empty(&format!("/v1/members/{id}/sessions")).await.ok(201);
            Some(stage.operator.with_token(minted["access_token"].as_str().expect("a member's token")))
        } else {
            None
        };
        members.insert(card, Shopper::new(&stage, me, seed.wrapping_add(number as u64)));
    }
    let mut done = Done::default();
    for (clock, part) in parts(receipts) {
        coalition.set_clock(clock).await;
        let mut lanes: Vec<Vec<(&mut Shopper, Vec<&Receipt>)>> = (0..tills).map(|_| Vec::new()).collect();
        for (number, (card, shopper)) in members.iter_mut().enumerate() {
            lanes[number % tills].push((shopper, part.iter().filter(|receipt| receipt.card == *card).collect()));
        }
        join_all(lanes.into_iter().map(async |lane| {
            for (shopper, receipts) in lane {
                for receipt in receipts {
                    shopper.buy(receipt).await;
                }
                shopper.give_all_back().await;
            }
        }))
        .await;
    }
    for (card, shopper) in &members {
        let told = stage.operator.get(&format!("/v1/members/{}/balance", stage.members[*card])).await.ok(200);
        assert_eq!(Purse::told(&told), shopper.purse, "member {card}, seed {seed}");
        done.receipts += shopper.done.receipts;
        done.refunds += shopper.done.refunds;
        done.redemptions += shopper.done.redemptions;
    }
    assert_eq!(done.receipts, receipts.len(), "every receipt was posted");
    coalition.verify().await;
    coalition.trial_balance().await;
    done
}

/// A line, and what is left of it.
struct Line {
    pieces: i64,
    amount: i64,
    is_excluded: bool,
    /// Whether pieces of it are plain arithmetic.
    by_piece: Option<i64>,
}

/// A purchase that comes back.
struct Purchase {
    path: String,
    till: Http,
    lines: Vec<Line>,
    /// Amounts come back, wherever they belong.
    by_amount: bool,
    left: i64,
    awarded: i64,
    taken: i64,
}

impl Purchase {
    fn new(receipt: &Receipt, till: &Http, posted: &Value, chance: &mut Chance) -> Purchase {
        let lines: Vec<Line> = receipt.body["lines"].as_array().into_iter().flatten().map(Line::read).collect();
        let has_excluded = lines.iter().any(|line| line.is_excluded);
        Purchase {
            path: format!("/v1/transactions/{}/refunds", posted["id"].as_str().expect("an id")),
            till: till.clone(),
            by_amount: lines.is_empty() || !has_excluded && chance.one_in(2),
            lines,
            left: receipt.total,
            awarded: posted["points"]["awarded"].as_i64().expect("points"),
            taken: 0,
        }
    }

    /// What is left earns this.
    fn earns(&self) -> i64 {
        if self.by_amount {
            return self.left / UNIT;
        }
        self.lines.iter().filter(|line| !line.is_excluded).map(|line| line.amount).sum::<i64>() / UNIT
    }

    /// A random piece, as the till tells it.
    fn piece(&mut self, chance: &mut Chance) -> Value {
        if chance.one_in(4) {
            self.left = 0;
            self.lines.iter_mut().for_each(|line| line.amount = 0);
            return json!({});
        }
        if self.by_amount {
            let amount = chance.within(1, self.left);
            self.left -= amount;
            return json!({ "amount": amount });
        }
        let there: Vec<usize> = (0..self.lines.len()).filter(|at| self.lines[*at].amount > 0).collect();
        let at = *chance.pick(&there);
        let line = &mut self.lines[at];
        let before = line.amount;
        let told = match (chance.below(3), line.by_piece) {
            (0, _) => {
                (line.amount, line.pieces) = (0, 0);
                json!({ "line": at })
            }
            (1, Some(price)) => {
                let pieces = chance.within(1, line.pieces);
                line.pieces -= pieces;
                line.amount -= pieces * price;
                json!({ "line": at, "quantity": pieces })
            }
            _ => {
                let amount = chance.within(1, line.amount);
                line.amount -= amount;
                line.by_piece = None;
                json!({ "line": at, "amount": amount })
            }
        };
        self.left -= before - line.amount;
        json!({ "lines": [told] })
    }
}

impl Line {
    fn read(line: &Value) -> Line {
        let amount = line["amount"].as_i64().expect("an amount");
        let category = line["category"].as_str().unwrap_or_default().to_uppercase();
        let whole = line["quantity"].as_i64().filter(|pieces| *pieces > 0 && amount % pieces == 0);
        Line {
            pieces: whole.unwrap_or(0),
            amount,
            is_excluded: EXCLUDED.iter().any(|beginning| category.starts_with(beginning)),
            by_piece: whole.map(|pieces| amount / pieces),
        }
    }
}

/// A member with their purchases that still come back.
struct Shopper {
    tills: BTreeMap<String, Http>,
    me: Option<Http>,
    chance: Chance,
    purse: Purse,
    returns: Vec<Purchase>,
    done: Done,
}

impl Shopper {
    fn new(stage: &Stage, me: Option<Http>, seed: u64) -> Shopper {
        let tills = stage.brands.iter().map(|(slug, brand)| (slug.clone(), brand.http.clone())).collect();
        Shopper { tills, me, chance: Chance::new(seed), purse: Purse::default(), returns: Vec::new(), done: Done::default() }
    }

    async fn buy(&mut self, receipt: &Receipt) {
        let till = self.tills[&receipt.partner].clone();
        let posted = till.post("/v1/transactions", &receipt.body).await.ok(201);
        let purchase = Purchase::new(receipt, &till, &posted, &mut self.chance);
        let lines: Vec<Line> = receipt.body["lines"].as_array().into_iter().flatten().map(Line::read).collect();
        let excluded: i64 = lines.iter().filter(|line| line.is_excluded).map(|line| line.amount).sum();
        assert_eq!(purchase.awarded, (receipt.total - excluded) / UNIT, "{posted:#}");
        self.purse.take(purchase.awarded);
        self.done.receipts += 1;
        if receipt.total > 0 && self.chance.one_in(10) {
            self.returns.push(purchase);
        }
        self.redeem().await;
        if self.chance.one_in(3) {
            self.give_back().await;
        }
    }

    /// A piece of one of the purchases comes back.
    async fn give_back(&mut self) {
        if self.returns.is_empty() {
            return;
        }
        let at = self.chance.below(self.returns.len());
        let purchase = &mut self.returns[at];
        let mut body = purchase.piece(&mut self.chance);
        body["external_id"] = json!(fresh_id("back"));
        let refunded = purchase.till.post(&purchase.path, &body).await.ok(201);
        let due = purchase.awarded - purchase.earns() - purchase.taken;
        purchase.taken += due;
        let before = self.purse;
        self.purse.claw_back(due);
        let owed = self.purse.arrears - before.arrears;
        assert_eq!(refunded["left"], purchase.left, "{refunded:#}");
        assert_eq!(refunded["points"], json!({ "recovered": due - owed, "arrears": owed, "shortfall": 0 }), "{refunded:#}");
        self.done.refunds += 1;
        // Half of what comes back comes back in two pieces or more; nobody waits for the last.
        if purchase.left == 0 || self.chance.one_in(4) {
            self.returns.swap_remove(at);
        }
    }

    async fn give_all_back(&mut self) {
        while !self.returns.is_empty() {
            self.give_back().await;
        }
    }

    /// Pays with points somewhere: whole, in part, not after all, or given back later.
    async fn redeem(&mut self) {
        let Some(me) = self.me.clone() else { return };
        if self.purse.available < PAID_MIN / 2 || !self.chance.one_in(2) {
            return;
        }
        let slugs: Vec<&String> = self.tills.keys().collect();
        let slug = (*self.chance.pick(&slugs)).clone();
        let points = self.chance.within(PAID_MIN, self.purse.available.max(PAID_MIN));
        let wish = json!({ "partner": slug, "reward": "pay-with-points", "amount": points });
        let answer = me.post("/v1/redemptions", &wish).await;
        if !self.purse.hold(points) {
            answer.problem(409, "insufficient-points");
            return;
        }
        let held = answer.ok(201);
        self.done.redemptions += 1;
        let path = format!("/v1/redemptions/{}", held["id"].as_str().expect("an id"));
        let till = &self.tills[&slug];
        if self.chance.one_in(5) {
            till.post_empty(&format!("{path}/void")).await.ok(200);
            self.purse.capture(points, 0);
            return;
        }
        let spent = if self.chance.one_in(2) { points } else { self.chance.within(1, points) };
        till.post(&format!("{path}/capture"), &json!({ "external_id": fresh_id("pay"), "amount": spent })).await.ok(200);
        self.purse.capture(points, spent);
        if self.chance.one_in(4) {
            let back = self.chance.within(1, spent);
            till.post(&format!("{path}/reverse"), &json!({ "external_id": fresh_id("unpay"), "points": back })).await.ok(200);
            self.purse.take(back);
        }
    }
}
