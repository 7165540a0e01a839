//! Adjustments, and closing an account.

use super::*;

#[test]
fn what_the_operator_gives_is_a_lot_and_repays_first() {
    let owed = Balances { arrears: Points(4), ..Balances::default() };
    let (mut ledger, id) = (Ledger::whole(MemberId(Uuid::nil()), owed, Vec::new(), Vec::new()), ids());
    let lot = ledger.adjust_up(award(10, 0, Some(50), Some(100)), Instant(0), &id).unwrap();
    assert_eq!(ledger.lot(lot).map(|lot| (lot.remaining, lot.pending, lot.available_at)), Some((Points(6), false, None)));
    let kinds: Vec<_> = ledger.changes().transfers.iter().map(|transfer| (transfer.kind, transfer.decision)).collect();
    assert_eq!(kinds, [(TransferKind::AdjustmentIn, None), (TransferKind::Repayment, None)]);
    assert_eq!(ledger.next_change_at(), Some(Instant(100)));
    check(&ledger, owed);
}

#[test]
fn what_the_operator_takes_is_taken_lot_by_lot_or_not_at_all() {
    let (mut ledger, id) = (empty(), ids());
    let late = ledger.award(award(10, 0, None, Some(200)), Instant(0), &id).unwrap();
    let soon = ledger.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let down = |points| AdjustDown { points: Points(points), subject: Uuid::from_u128(3), reason: "a mistake" };
    assert_eq!(ledger.adjust_down(&down(12), Instant(1), &id).unwrap(), vec![(soon, Points(10)), (late, Points(2))]);
    assert_eq!(ledger.adjust_down(&down(9), Instant(1), &id), Err(LedgerError::Insufficient { available: Points(8) }));
    assert_eq!(ledger.adjust_down(&down(0), Instant(1), &id), Err(LedgerError::NotPositive));
    assert_eq!(ledger.balances(), Balances { available: Points(8), ..Balances::default() });
    check(&ledger, Balances::default());
}

#[test]
fn a_closed_account_has_nothing_and_owes_nothing() {
    let (mut ledger, id) = (empty(), ids());
    ledger.award(award(10, 0, None, None), Instant(0), &id).unwrap();
    ledger.award(award(7, 0, Some(50), None), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    ledger.hold(&request(redemption, 3, 50), Instant(0), &id).unwrap();
    assert_eq!(ledger.forfeit(id(), "closed", Instant(1), &id), Err(LedgerError::HoldsOpen { count: 1 }));
    ledger.release(redemption, Instant(1), &id).unwrap();
    let gone = ledger.forfeit(id(), "closed", Instant(1), &id).unwrap();
    assert_eq!(gone, Forfeited { available: Points(10), pending: Points(7), arrears: Points(0) });
    assert_eq!((ledger.balances(), ledger.next_change_at()), (Balances::default(), None));
    check(&ledger, Balances::default());
    let owed = Balances { arrears: Points(4), ..Balances::default() };
    let mut debtor = Ledger::whole(MemberId(Uuid::nil()), owed, Vec::new(), Vec::new());
    assert_eq!(debtor.forfeit(id(), "closed", Instant(1), &id).unwrap().arrears, Points(4));
    assert_eq!(debtor.balances(), Balances::default());
    check(&debtor, owed);
}

#[test]
fn what_runs_out_is_summed_by_moment() {
    let (mut ledger, id) = (empty(), ids());
    for (points, life) in [(1, Some(300)), (2, Some(100)), (4, None), (8, Some(300)), (16, Some(200))] {
        ledger.award(award(points, 0, None, life), Instant(0), &id).unwrap();
    }
    ledger.award(award(32, 0, Some(10), Some(200)), Instant(0), &id).unwrap();
    ledger.hold(&request(RedemptionId(id()), 3, 500), Instant(0), &id).unwrap();
    assert_eq!(ledger.expiring(None), [(Instant(200), Points(15)), (Instant(300), Points(9))]);
    assert_eq!(ledger.expiring(Some(Instant(200))), [(Instant(200), Points(15))]);
}

#[test]
fn activity_moves_what_slides_and_writes_nothing() {
    let (mut ledger, id) = (empty(), ids());
    let slides = ledger.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let fixed = ledger.award(award(20, 0, None, Some(150)), Instant(0), &id).unwrap();
    let before = ledger.changes().clone();
    ledger.prolong(|lot| (lot.id == slides).then_some(Instant(300)));
    ledger.prolong(|lot| (lot.id == fixed).then_some(Instant(50)));
    assert_eq!(ledger.changes(), &before);
    assert_eq!(ledger.next_change_at(), Some(Instant(150)));
    assert_eq!(ledger.spendable(), [(fixed, Points(20)), (slides, Points(10))]);
    ledger.settle_due(Instant(299), &id).unwrap();
    assert_eq!(ledger.balances().available, Points(10));
    check(&ledger, Balances::default());
}
