//! A plain model of the ledger, to be read in one sitting, and to test the ledger by.
//!
//! It says what the coalition promises about points, and nothing of how: lots in a list, every figure counted anew, no transfer recorded. Members, lots and
//! redemptions are numbers, lots in the order of their birth. It covers the points of members only: no money, rules or partners.
//! Numbers are small; sums are not checked. What the ledger refuses, the model answers with `false` or `None`.

#![allow(clippy::indexing_slicing, reason = "what only tests use may fail loudly: a lot's number is its place in the list")]

use std::collections::BTreeMap;

use crate::account::Account;
use crate::ledger::{Balances, RecoveryPolicy};
use crate::points::Points;

/// What is fixed about a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Waits until then (milliseconds, as all times here).
    pub available_at: Option<i64>,
    /// Waits until this is reported.
    pub action: Option<String>,
    /// Gone from then on.
    pub expires_at: Option<i64>,
    /// The business time of the award.
    pub earned_at: i64,
    /// What was bought.
    pub transaction: usize,
    /// Lives on for so long after what its member does.
    pub sliding: Option<i64>,
}

/// The points of one award, or what another member gave of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Whose.
    pub member: usize,
    /// What is fixed.
    pub terms: Terms,
    /// To be spent, or waiting.
    pub remaining: i64,
    /// Set aside.
    pub held: i64,
    /// Whether it waits.
    pub pending: bool,
    /// The lot that it was cut from.
    pub parent: Option<usize>,
}

impl Lot {
    fn live_on(&mut self, active: i64) {
        if let (Some(at), Some(span)) = (&mut self.terms.expires_at, self.terms.sliding) {
            *at = (*at).max(active + span);
        }
    }
}

/// Parts of lots, in the order taken.
type Parts = Vec<(usize, i64)>;

/// A program's members and their points.
#[derive(Clone, Debug, Default)]
pub struct Model {
    now: i64,
    lots: Vec<Lot>,
    holds: BTreeMap<usize, Parts>,
    until: BTreeMap<usize, i64>,
    spent: BTreeMap<usize, Parts>,
    owed: BTreeMap<usize, i64>,
    active: BTreeMap<usize, i64>,
    totals: BTreeMap<Account, i64>,
}

impl Model {
    /// Every lot ever born.
    #[must_use]
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// What an account of the program or of all partners has come to.
    #[must_use]
    pub fn total(&self, account: Account) -> i64 {
        self.totals.get(&account).copied().unwrap_or(0)
    }

    /// A member's balances.
    #[must_use]
    pub fn balances(&self, member: usize) -> Balances {
        let own = || self.lots.iter().filter(|lot| lot.member == member);
        Balances {
            pending: Points(own().filter(|lot| lot.pending).map(|lot| lot.remaining).sum()),
            available: Points(own().filter(|lot| !lot.pending).map(|lot| lot.remaining).sum()),
            held: Points(own().map(|lot| lot.held).sum()),
            arrears: Points(self.owed.get(&member).copied().unwrap_or(0)),
        }
    }

    /// What is left to give back of a captured redemption.
    #[must_use]
    pub fn spent(&self, redemption: usize) -> i64 {
        self.spent.get(&redemption).into_iter().flatten().map(|(_, points)| points).sum()
    }

    /// Lets time pass. What falls due does so in its order; at one moment holds end first, then lots change in the order of their birth.
    pub fn pass(&mut self, now: i64) {
        loop {
            let hold = self.holds.keys().map(|redemption| (self.until[redemption], 0, *redemption)).min();
            let lots = self.lots.iter().enumerate().filter(|(_, lot)| lot.remaining > 0);
            let due = |lot: &Lot| lot.terms.available_at.filter(|_| lot.pending).into_iter().chain(lot.terms.expires_at).min();
            let lot = lots.filter_map(|(number, lot)| Some((due(lot)?, 1, number))).min();
            let Some((at, what, number)) = hold.into_iter().chain(lot).min().filter(|(at, _, _)| *at <= now) else { break };
            self.now = at;
            if what == 0 {
                self.void(number);
            } else if self.lots[number].pending && self.lots[number].terms.available_at == Some(at) {
                self.activate(number);
            } else {
                self.expire(number);
            }
        }
        self.now = now;
    }

    /// A member buys, or redeems: what slides lives on.
    pub fn act(&mut self, member: usize, at: i64) {
        let last = self.active.entry(member).or_insert(at);
        *last = at.max(*last);
        let last = *last;
        self.lots.iter_mut().filter(|lot| lot.member == member).for_each(|lot| lot.live_on(last));
    }

    /// Rules award points. The number of the lot.
    pub fn award(&mut self, member: usize, points: i64, terms: Terms) -> usize {
        self.count(Account::Issued, -points);
        let pending = terms.action.is_some() || terms.available_at.is_some_and(|at| at > self.now);
        self.birth(Lot { member, terms, remaining: points, held: 0, pending, parent: None })
    }

    /// The operator gives points, to be spent at once. The number of the lot.
    pub fn adjust_up(&mut self, member: usize, points: i64, terms: Terms) -> usize {
        self.count(Account::Adjustment, -points);
        self.birth(Lot { member, terms, remaining: points, held: 0, pending: false, parent: None })
    }

    /// The operator takes points.
    pub fn adjust_down(&mut self, member: usize, points: i64) -> bool {
        let Some(parts) = self.choose(member, points) else { return false };
        self.count(Account::Adjustment, points);
        parts.iter().for_each(|(number, points)| self.lots[*number].remaining -= points);
        true
    }

    /// An action was reported: what waited for it can be spent.
    pub fn report(&mut self, member: usize, transaction: usize, action: &str) {
        let waits = |terms: &Terms| terms.transaction == transaction && terms.action.as_deref() == Some(action);
        for number in self.open(member, true) {
            if waits(&self.lots[number].terms) {
                self.activate(number);
            }
        }
    }

    /// What waits of a purchase is taken back.
    pub fn cancel(&mut self, member: usize, transaction: usize) {
        for number in self.open(member, true) {
            if self.lots[number].terms.transaction == transaction {
                self.drain(number, Account::Recovered);
            }
        }
    }

    /// Points are set aside.
    pub fn hold(&mut self, member: usize, redemption: usize, points: i64, until: i64) -> bool {
        let Some(parts) = self.choose(member, points) else { return false };
        for (number, points) in &parts {
            self.lots[*number].remaining -= points;
            self.lots[*number].held += points;
        }
        self.until.insert(redemption, until);
        self.holds.insert(redemption, parts);
        true
    }

    /// A hold comes to nothing.
    pub fn void(&mut self, redemption: usize) {
        self.capture(redemption, 0);
    }

    /// The first `points` of a hold are spent, the rest comes back.
    pub fn capture(&mut self, redemption: usize, points: i64) {
        let parts = self.holds.remove(&redemption).unwrap_or_default();
        parts.iter().for_each(|(number, points)| self.lots[*number].held -= points);
        self.count(Account::Redeemed, points);
        let (spent, rest) = cut(parts, points);
        self.spent.insert(redemption, spent);
        self.give_back(&rest);
    }

    /// Part of what was spent comes back, last first.
    pub fn reverse(&mut self, redemption: usize, points: i64) {
        let spent = self.spent.remove(&redemption).unwrap_or_default();
        let (back, kept) = cut(spent.into_iter().rev().collect(), points);
        self.spent.insert(redemption, kept.into_iter().rev().collect());
        self.count(Account::Redeemed, -points);
        self.give_back(&back);
    }

    /// A refund takes an award back: (owed for it, shortfall).
    pub fn clawback(&mut self, member: usize, origin: &[usize], points: i64, policy: RecoveryPolicy) -> (i64, i64) {
        let waiting = self.open(member, true);
        let mut sources: Vec<usize> = origin.iter().copied().filter(|lot| waiting.contains(lot)).collect();
        if policy != RecoveryPolicy::PendingOnly {
            let active = self.spendable(member);
            sources.extend(origin.iter().filter(|lot| active.contains(lot)));
            sources.extend(active.iter().filter(|lot| !origin.contains(lot)));
        }
        let mut due = points;
        for number in sources {
            let part = self.lots[number].remaining.min(due);
            self.lots[number].remaining -= part;
            due -= part;
        }
        let owed = if policy == RecoveryPolicy::Arrears { due } else { 0 };
        *self.owed.entry(member).or_default() += owed;
        self.count(Account::Recovered, points - due + owed);
        (owed, due - owed)
    }

    /// A member gives points to another.
    pub fn give(&mut self, from: usize, to: usize, points: i64) -> bool {
        let Some(parts) = self.choose(from, points) else { return false };
        parts.into_iter().for_each(|(lot, points)| self.hand_over(lot, points, to));
        true
    }

    /// A member is merged into another; not while points are held.
    pub fn merge(&mut self, from: usize, to: usize) -> bool {
        if self.is_holding(from) {
            return false;
        }
        let debt = self.owed.remove(&from).unwrap_or(0);
        *self.owed.entry(to).or_default() += debt;
        self.spendable(to).into_iter().for_each(|lot| self.repay(lot));
        for number in self.spendable(from).into_iter().chain(self.open(from, true)) {
            let points = self.lots[number].remaining;
            self.hand_over(number, points, to);
        }
        true
    }

    /// An account is closed; not while points are held.
    pub fn close(&mut self, member: usize) -> bool {
        if self.is_holding(member) {
            return false;
        }
        for (pending, to) in [(false, Account::Expired), (true, Account::Recovered)] {
            self.open(member, pending).into_iter().for_each(|number| self.drain(number, to));
        }
        let debt = self.owed.remove(&member).unwrap_or(0);
        self.count(Account::Adjustment, -debt);
        true
    }

    /// Soonest expiry first, never last; then oldest; then first born.
    fn spendable(&self, member: usize) -> Vec<usize> {
        let mut found = self.open(member, false);
        found.sort_by_key(|number| (self.lots[*number].terms.expires_at.unwrap_or(i64::MAX), self.lots[*number].terms.earned_at));
        found
    }

    fn open(&self, member: usize, pending: bool) -> Vec<usize> {
        let is_open = |lot: &Lot| lot.member == member && lot.pending == pending && lot.remaining > 0;
        (0..self.lots.len()).filter(|number| is_open(&self.lots[*number])).collect()
    }

    fn is_holding(&self, member: usize) -> bool {
        self.holds.values().flatten().any(|(number, _)| self.lots[*number].member == member)
    }

    /// The lots that pay for `points`.
    fn choose(&self, member: usize, points: i64) -> Option<Parts> {
        let all = self.spendable(member).into_iter().map(|number| (number, self.lots[number].remaining)).collect();
        (0 < points && points <= self.balances(member).available.0).then(|| cut(all, points).0)
    }

    fn drain(&mut self, number: usize, to: Account) {
        let points = std::mem::take(&mut self.lots[number].remaining);
        self.count(to, points);
    }

    fn count(&mut self, account: Account, points: i64) {
        *self.totals.entry(account).or_default() += points;
    }

    fn birth(&mut self, mut lot: Lot) -> usize {
        if let Some(last) = self.active.get(&lot.member) {
            lot.live_on(*last);
        }
        self.lots.push(lot);
        self.repay(self.lots.len() - 1);
        self.lots.len() - 1
    }

    fn hand_over(&mut self, number: usize, points: i64, to: usize) {
        self.lots[number].remaining -= points;
        self.birth(Lot { member: to, remaining: points, held: 0, parent: Some(number), ..self.lots[number].clone() });
    }

    fn activate(&mut self, number: usize) {
        self.lots[number].pending = false;
        self.repay(number);
    }

    fn expire(&mut self, number: usize) {
        self.drain(number, if self.lots[number].pending { Account::Recovered } else { Account::Expired });
    }

    /// Whoever owes, and has points to spend, pays with them.
    fn repay(&mut self, number: usize) {
        let lot = &mut self.lots[number];
        let owed = self.owed.entry(lot.member).or_default();
        let points = if lot.pending { 0 } else { lot.remaining.min(*owed) };
        lot.remaining -= points;
        *owed -= points;
    }

    /// Points come back to their lots, pay what is owed, and run out where their time is over.
    fn give_back(&mut self, parts: &Parts) {
        parts.iter().for_each(|(number, points)| self.lots[*number].remaining += points);
        for (number, _) in parts {
            self.repay(*number);
            if self.lots[*number].terms.expires_at.is_some_and(|at| at <= self.now) {
                self.expire(*number);
            }
        }
    }
}

/// The first `points` of parts, and the rest.
fn cut(parts: Parts, points: i64) -> (Parts, Parts) {
    let (mut first, mut rest, mut wanted) = (Vec::new(), Vec::new(), points);
    for (number, points) in parts {
        let part = points.min(wanted);
        wanted -= part;
        first.push((number, part));
        rest.push((number, points - part));
    }
    (first.into_iter().filter(|(_, part)| *part > 0).collect(), rest.into_iter().filter(|(_, part)| *part > 0).collect())
}
