//! Awards that wait for an action.

use super::*;

fn bought(n: u128) -> TransactionId {
    TransactionId(Uuid::from_u128(n))
}

fn of(transaction: u128) -> Waiting<'static> {
    Waiting { transaction: bought(transaction), action: None, lots: None }
}

fn on(transaction: u128, action: &str, points: i64) -> NewLot {
    NewLot { action: Some(action.to_owned()), transaction: bought(transaction), ..award(points, 0, None, None) }
}

fn timed(transaction: u128, points: i64) -> NewLot {
    NewLot { transaction: bought(transaction), ..award(points, 0, Some(50), None) }
}

#[test]
fn an_action_activates_what_waits_for_it() {
    let (mut ledger, id) = (empty(), ids());
    let delivered = ledger.award(on(1, "delivered", 10), Instant(0), &id).unwrap();
    let reviewed = ledger.award(on(1, "reviewed", 5), Instant(0), &id).unwrap();
    ledger.award(on(2, "delivered", 7), Instant(0), &id).unwrap();
    let later = ledger.award(timed(1, 3), Instant(0), &id).unwrap();
    let done = ledger.activate_on(&Waiting { action: Some("delivered"), ..of(1) }, Instant(1), &id).unwrap();
    assert_eq!(done, vec![(delivered, Points(10))]);
    assert_eq!(ledger.activate_on(&of(1), Instant(2), &id).unwrap(), vec![(reviewed, Points(5))]);
    assert_eq!(ledger.activate_on(&of(1), Instant(3), &id).unwrap(), vec![]);
    assert_eq!(ledger.activate_on(&Waiting { lots: Some(&[later]), ..of(2) }, Instant(3), &id).unwrap(), vec![]);
    assert_eq!(ledger.activate_on(&Waiting { lots: Some(&[later]), ..of(1) }, Instant(3), &id).unwrap(), vec![(later, Points(3))]);
    assert_eq!(ledger.balances(), Balances { available: Points(18), pending: Points(7), ..Balances::default() });
    check(&ledger, Balances::default());
}

#[test]
fn what_waits_can_be_cancelled_and_nothing_else() {
    let (mut ledger, id) = (empty(), ids());
    let first = ledger.award(on(1, "delivered", 10), Instant(0), &id).unwrap();
    let second = ledger.award(on(1, "delivered", 5), Instant(0), &id).unwrap();
    let later = ledger.award(timed(1, 3), Instant(0), &id).unwrap();
    ledger.award(NewLot { transaction: bought(1), ..award(20, 0, None, None) }, Instant(0), &id).unwrap();
    assert_eq!(ledger.cancel(&Waiting { lots: Some(&[second]), ..of(1) }, Instant(1), &id).unwrap(), vec![(second, Points(5))]);
    assert_eq!(ledger.cancel(&of(1), Instant(1), &id).unwrap(), vec![(first, Points(10)), (later, Points(3))]);
    assert_eq!(ledger.cancel(&of(1), Instant(1), &id).unwrap(), vec![]);
    assert_eq!(ledger.balances(), Balances { available: Points(20), ..Balances::default() });
    assert_eq!(ledger.next_change_at(), None);
    check(&ledger, Balances::default());
}

#[test]
fn activation_repays_what_is_owed() {
    let owed = Balances { arrears: Points(8), ..Balances::default() };
    let (mut ledger, id) = (Ledger::whole(MemberId(Uuid::nil()), owed, Vec::new(), Vec::new()), ids());
    ledger.award(on(1, "delivered", 10), Instant(0), &id).unwrap();
    ledger.activate_on(&of(1), Instant(1), &id).unwrap();
    assert_eq!(ledger.balances(), Balances { available: Points(2), ..Balances::default() });
    check(&ledger, owed);
}

#[test]
fn lots_that_are_not_loaded_are_not_guessed_at() {
    let some = Balances { available: Points(9), pending: Points(9), ..Balances::default() };
    let (mut ledger, id) = (Ledger::balances_only(MemberId(Uuid::nil()), some, None), ids());
    assert_eq!(ledger.activate_on(&of(1), Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.cancel(&of(1), Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.hold(&request(RedemptionId(id()), 1, 9), Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.give(Points(1), id(), Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.give_all(id(), Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.forfeit(id(), "closed", Instant(0), &id), Err(LedgerError::NotWhole));
    assert_eq!(ledger.changes(), &Changes::default());
}
