//! Points between members.

use super::*;

#[test]
fn a_gift_keeps_whence_it_came_and_when_it_ends() {
    let (mut giver, mut receiver, id) = (empty(), empty(), ids());
    let late = giver.award(award(10, 0, None, Some(200)), Instant(0), &id).unwrap();
    let soon = giver.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let parcels = giver.give(Points(15), Uuid::from_u128(5), Instant(1), &id).unwrap();
    let children = receiver.receive(&parcels, Uuid::from_u128(5), Instant(1), &id).unwrap();
    let (cut, whole) = (giver.lot(late).unwrap(), receiver.lot(children[1]).unwrap());
    assert_eq!((cut.remaining, whole.remaining), (Points(5), Points(5)));
    assert_eq!(Lot { id: cut.id, ..whole.clone() }, cut.clone());
    assert_eq!(receiver.changes().parents, BTreeMap::from([(children[0], soon), (children[1], late)]));
    let (born, fixed) = &receiver.changes().lots[0];
    assert_eq!((*born, fixed.price, fixed.award_key.as_str(), fixed.expires_at), (children[0], 900, "base", Some(Instant(100))));
    assert_eq!(receiver.next_change_at(), Some(Instant(100)));
    check(&giver, Balances::default());
    check(&receiver, Balances::default());
    assert_eq!(transit(&giver) + transit(&receiver), 0);
    assert_eq!(giver.give(Points(6), Uuid::from_u128(6), Instant(1), &id), Err(LedgerError::Insufficient { available: Points(5) }));
}

#[test]
fn what_is_received_pays_what_is_owed_and_expires_in_its_time() {
    let owed = Balances { arrears: Points(4), ..Balances::default() };
    let (mut giver, id) = (empty(), ids());
    // Only the balances of who receives are loaded.
    let mut receiver = Ledger::balances_only(MemberId(Uuid::nil()), owed, Some(Instant(7)));
    giver.award(award(10, 0, None, Some(100)), Instant(0), &id).unwrap();
    let parcels = giver.give(Points(10), id(), Instant(1), &id).unwrap();
    receiver.receive(&parcels[..1], id(), Instant(1), &id).unwrap();
    assert_eq!(receiver.balances(), Balances { available: Points(6), ..Balances::default() });
    assert_eq!(receiver.next_change_at(), Some(Instant(7)));
    check(&receiver, owed);
    let mut late = empty();
    late.receive(&parcels, id(), Instant(100), &id).unwrap();
    assert_eq!(late.balances(), Balances::default());
    assert_eq!(late.changes().transfers.last().map(|last| last.kind), Some(TransferKind::Expiry));
    check(&late, Balances::default());
}

#[test]
fn a_merge_moves_everything_and_waits_for_holds() {
    let (mut old, mut new, id) = (empty(), empty(), ids());
    old.award(award(10, 0, None, Some(200)), Instant(0), &id).unwrap();
    let waits = NewLot { action: Some("delivered".to_owned()), ..award(20, 0, None, None) };
    let waits = old.award(waits, Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    old.hold(&request(redemption, 5, 50), Instant(0), &id).unwrap();
    assert_eq!(old.give_all(id(), Instant(1), &id), Err(LedgerError::HoldsOpen { count: 1 }));
    old.release(redemption, Instant(1), &id).unwrap();
    let estate = old.give_all(Uuid::from_u128(9), Instant(1), &id).unwrap();
    let children = new.receive_all(&estate, Uuid::from_u128(9), Instant(1), &id).unwrap();
    assert_eq!(old.balances(), Balances::default());
    assert_eq!(new.balances(), Balances { available: Points(10), pending: Points(20), ..Balances::default() });
    assert_eq!(new.changes().parents.get(&children[1]), Some(&waits));
    let delivered = Waiting { transaction: TransactionId(Uuid::nil()), action: Some("delivered"), lots: None };
    assert_eq!(new.activate_on(&delivered, Instant(2), &id).unwrap(), vec![(children[1], Points(20))]);
    check(&old, Balances::default());
    check(&new, Balances::default());
    assert_eq!(transit(&old) + transit(&new), 0);
}

#[test]
fn a_merge_settles_debts_between_the_two() {
    let owes = Balances { arrears: Points(12), ..Balances::default() };
    for (own, left, owed) in [(20, 8, 0), (12, 0, 0), (5, 0, 7), (0, 0, 12)] {
        let (mut old, mut new, id) = (Ledger::whole(MemberId(Uuid::nil()), owes, Vec::new(), Vec::new()), empty(), ids());
        if own > 0 {
            new.award(award(own, 0, None, None), Instant(0), &id).unwrap();
        }
        old.award(award(3, 0, Some(9), None), Instant(0), &id).unwrap();
        let estate = old.give_all(id(), Instant(1), &id).unwrap();
        assert_eq!(estate.arrears, Points(12));
        new.receive_all(&estate, id(), Instant(1), &id).unwrap();
        assert_eq!(old.balances(), Balances::default());
        assert_eq!(new.balances(), Balances { available: Points(left), pending: Points(3), arrears: Points(owed), ..Balances::default() });
        check(&old, owes);
        check(&new, Balances::default());
        assert_eq!(transit(&old) + transit(&new), 0);
        // The other way about: points meet a debt.
        let (mut rich, mut poor, id) = (empty(), Ledger::whole(MemberId(Uuid::nil()), owes, Vec::new(), Vec::new()), ids());
        rich.award(award(own.max(1), 0, None, None), Instant(0), &id).unwrap();
        let estate = rich.give_all(id(), Instant(1), &id).unwrap();
        poor.receive_all(&estate, id(), Instant(1), &id).unwrap();
        check(&poor, owes);
    }
}

#[test]
fn what_finds_no_room_is_refused_as_a_whole() {
    let nearly = Balances { available: Points(i64::MAX - 10), held: Points(4), ..Balances::default() };
    let (mut giver, id) = (empty(), ids());
    let mut receiver = Ledger::balances_only(MemberId(Uuid::nil()), nearly, None);
    giver.award(award(5, 0, None, Some(100)), Instant(0), &id).unwrap();
    giver.award(award(5, 0, None, Some(200)), Instant(0), &id).unwrap();
    let parcels = giver.give(Points(10), id(), Instant(1), &id).unwrap();
    assert_eq!(receiver.receive(&parcels, id(), Instant(1), &id), Err(LedgerError::Overflow(Overflow)));
    assert_eq!((receiver.changes(), receiver.balances(), receiver.next_change_at()), (&Changes::default(), nearly, None));
    assert_eq!(receiver.lots().count(), 0);
    receiver.receive(&parcels[..1], id(), Instant(1), &id).unwrap();
    let back = [(LotId(Uuid::from_u128(1)), Points(9))];
    let reversed = receiver.reverse(RedemptionId(id()), PartnerId(Uuid::nil()), &back, Points(9), Instant(1), &id);
    assert_eq!(reversed, Err(LedgerError::Overflow(Overflow)));
}
