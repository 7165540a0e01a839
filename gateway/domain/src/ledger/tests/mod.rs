//! The cases a reader asks about, a file a family of operations, and random histories against the ledger's invariants.

mod adjust;
mod books;
mod clawback;
mod gift;
mod history;
mod waiting;

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::account::Account;
use crate::calendar::Calendar;
use crate::expiry::Span;
use crate::holding::split;
use crate::ids::{PluginId, TransactionId};

fn ids() -> impl Fn() -> Uuid {
    let next = Cell::new(0_u128);
    move || {
        next.set(next.get() + 1);
        Uuid::from_u128(next.get())
    }
}

fn utc() -> Calendar {
    Calendar::new("Etc/UTC").unwrap()
}

/// The id of a number.
fn numbered(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap())
}

fn award(points: i64, now: i64, wait: Option<i64>, expires: Option<i64>) -> NewLot {
    NewLot {
        issuer: PartnerId(Uuid::nil()),
        points: Points(points),
        available_at: wait.map(|ms| Instant(now + ms)),
        action: None,
        expires_at: expires.map(|ms| Instant(now + ms)),
        earned_at: Instant(now),
        price: 900,
        award_key: "base".to_owned(),
        plugin: PluginId(Uuid::nil()),
        decision: DecisionId(Uuid::nil()),
        transaction: TransactionId(Uuid::nil()),
        sliding: None,
        campaign: None,
        decided_by: None,
        reason: "points".to_owned(),
    }
}

fn request(redemption: RedemptionId, points: i64, until: i64) -> HoldRequest {
    HoldRequest {
        redemption,
        partner: PartnerId(Uuid::nil()),
        points: Points(points),
        until: Instant(until),
        decision: DecisionId(Uuid::nil()),
    }
}

fn empty() -> Ledger {
    Ledger::whole(MemberId(Uuid::nil()), Balances::default(), Vec::new(), Vec::new())
}

/// Sums the transfers made, account by account, and compares with the balances and lots.
fn check(ledger: &Ledger, opening: Balances) {
    let mut accounts: BTreeMap<Account, i64> = BTreeMap::new();
    for transfer in &ledger.changes().transfers {
        assert!(transfer.points.is_positive());
        let (from, to) = transfer.kind.accounts();
        *accounts.entry(from).or_default() -= transfer.points.0;
        *accounts.entry(to).or_default() += transfer.points.0;
        let (partners, named) = (from.is_partners() || to.is_partners(), transfer.partner.is_some());
        assert_eq!(partners, named, "{:?}", transfer.kind);
    }
    let of = |account| accounts.get(&account).copied().unwrap_or(0);
    let balances = ledger.balances();
    assert_eq!(balances.pending.0, opening.pending.0 + of(Account::Pending));
    assert_eq!(balances.available.0, opening.available.0 + of(Account::Available));
    assert_eq!(balances.held.0, opening.held.0 + of(Account::Held));
    assert_eq!(balances.arrears.0, opening.arrears.0 - of(Account::Arrears));
    assert_eq!(accounts.values().sum::<i64>(), 0);
    assert!(balances.available.0 >= 0 && (balances.available.0 == 0 || balances.arrears.0 == 0));
    let left: i64 = ledger.lots().map(|lot| lot.remaining.0 + lot.held.0).sum();
    assert_eq!(left, balances.available.0 + balances.pending.0 + balances.held.0);
    let held: i64 = ledger.holds.values().flat_map(|hold| &hold.allocations).map(|(_, points)| points.0).sum();
    assert_eq!(held, balances.held.0);
}

/// What a ledger has put in transit, less what it took from there.
fn transit(ledger: &Ledger) -> i64 {
    let sign = |transfer: &Transfer| match transfer.kind.accounts() {
        (Account::Transit, _) => -transfer.points.0,
        (_, Account::Transit) => transfer.points.0,
        _ => 0,
    };
    ledger.changes().transfers.iter().map(sign).sum()
}

#[test]
fn soonest_expiry_is_spent_first() {
    let (mut ledger, id) = (empty(), ids());
    let late = ledger.award(award(10, 0, None, Some(200)), Instant(0), &id).unwrap();
    let soon = ledger.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let never = ledger.award(award(10, 0, None, None), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    ledger.hold(&request(redemption, 25, 50), Instant(1), &id).unwrap();
    assert_eq!(ledger.hold_of(redemption).unwrap().allocations, vec![(soon, Points(10)), (late, Points(10)), (never, Points(5))]);
    check(&ledger, Balances::default());
}

#[test]
fn held_points_do_not_expire_until_they_come_back() {
    let (mut ledger, id) = (empty(), ids());
    ledger.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    ledger.hold(&request(redemption, 10, 150), Instant(1), &id).unwrap();
    ledger.settle_due(Instant(120), &id).unwrap();
    assert_eq!(ledger.balances().held, Points(10));
    ledger.settle_due(Instant(150), &id).unwrap();
    assert_eq!(ledger.balances(), Balances::default());
    assert_eq!(ledger.changes().holds_ended, vec![redemption]);
    assert_eq!(ledger.changes().transfers.last().map(|last| last.kind), Some(TransferKind::Expiry));
    check(&ledger, Balances::default());
}

#[test]
fn arrears_are_repaid_before_anything_is_available() {
    let owed = Balances { arrears: Points(15), ..Balances::default() };
    let (mut ledger, id) = (Ledger::whole(MemberId(Uuid::nil()), owed, Vec::new(), Vec::new()), ids());
    ledger.award(award(10, 0, None, None), Instant(0), &id).unwrap();
    assert_eq!(ledger.balances(), Balances { arrears: Points(5), ..Balances::default() });
    ledger.award(award(10, 0, Some(5), None), Instant(0), &id).unwrap();
    ledger.settle_due(Instant(5), &id).unwrap();
    assert_eq!(ledger.balances(), Balances { available: Points(5), ..Balances::default() });
    check(&ledger, owed);
}

#[test]
fn more_than_there_is_is_refused_and_changes_nothing() {
    let (mut ledger, id) = (empty(), ids());
    ledger.award(award(10, 0, None, None), Instant(0), &id).unwrap();
    let before = ledger.changes().clone();
    let refused = ledger.hold(&request(RedemptionId(id()), 11, 9), Instant(0), &id);
    assert_eq!(refused, Err(LedgerError::Insufficient { available: Points(10) }));
    assert_eq!(ledger.capture(RedemptionId(id()), Points(1), Instant(0), &id), Err(LedgerError::NoHold));
    assert_eq!(ledger.award(award(0, 0, None, None), Instant(0), &id), Err(LedgerError::NotPositive));
    assert_eq!(ledger.changes(), &before);
    let mut full = Ledger::balances_only(MemberId(Uuid::nil()), Balances { available: Points(i64::MAX), ..Balances::default() }, None);
    assert_eq!(full.award(award(1, 0, None, None), Instant(0), &id), Err(LedgerError::Overflow(Overflow)));
}

#[test]
fn an_operation_that_fails_midway_leaves_no_trace() {
    let (mut whole, id) = (empty(), ids());
    let there = whole.award(award(5, 0, None, None), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    whole.hold(&request(redemption, 5, 90), Instant(0), &id).unwrap();
    // A hold that names a lot which is not there: its first lot can be captured, its second cannot come back.
    let gone = LotId(Uuid::from_u128(12345));
    let hold = Hold { allocations: vec![(there, Points(5)), (gone, Points(5))], ..whole.hold_of(redemption).unwrap().clone() };
    let balances = Balances { held: Points(10), ..Balances::default() };
    let mut ledger = Ledger::whole(MemberId(Uuid::nil()), balances, vec![whole.lot(there).unwrap().clone()], vec![hold.clone()]);
    assert_eq!(ledger.capture(redemption, Points(5), Instant(1), &id), Err(LedgerError::TooMany));
    assert_eq!(ledger.settle_due(Instant(90), &id), Err(LedgerError::TooMany));
    assert_eq!((ledger.changes(), ledger.balances()), (&Changes::default(), balances));
    assert_eq!((ledger.lot(there), ledger.hold_of(redemption)), (whole.lot(there), Some(&hold)));
    assert_eq!(ledger.next_change_at(), Some(Instant(90)));
}

#[test]
fn a_redemption_holds_once() {
    let (mut ledger, id) = (empty(), ids());
    ledger.award(award(5, 0, None, None), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    ledger.hold(&request(redemption, 2, 90), Instant(0), &id).unwrap();
    assert_eq!(ledger.hold(&request(redemption, 2, 90), Instant(0), &id), Err(LedgerError::AlreadyHeld));
    check(&ledger, Balances::default());
}
