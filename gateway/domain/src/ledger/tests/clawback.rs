//! What a refund takes back, from where, and how far.

use super::*;

fn claim<'a>(origin: &'a [LotId], points: i64, policy: RecoveryPolicy) -> ClawbackRequest<'a> {
    ClawbackRequest {
        partner: PartnerId(Uuid::from_u128(77)),
        origin,
        points: Points(points),
        policy,
        subject: Uuid::from_u128(99),
        decision: DecisionId(Uuid::from_u128(98)),
        reason: "came back",
    }
}

fn taken(clawback: &Clawback) -> Vec<(LotId, i64, bool)> {
    clawback.takings.iter().map(|taking| (taking.lot, taking.points.0, taking.pending)).collect()
}

/// An award of 10 pending and 20 active points, and 15 others that are spent before them.
fn stage() -> (Ledger, impl Fn() -> Uuid, [LotId; 3]) {
    let (mut ledger, id) = (empty(), ids());
    let active = ledger.award(award(20, 0, None, Some(500)), Instant(0), &id).unwrap();
    let pending = ledger.award(award(10, 0, Some(100), Some(500)), Instant(0), &id).unwrap();
    let other = ledger.award(award(15, 0, None, Some(50)), Instant(0), &id).unwrap();
    (ledger, id, [active, pending, other])
}

#[test]
fn sources_come_in_the_order_promised() {
    let (mut ledger, id, [active, pending, other]) = stage();
    let before = ledger.changes().transfers.len();
    let origin = [active, pending];
    let all = ledger.clawback(&claim(&origin, 50, RecoveryPolicy::Arrears), Instant(1), &id).unwrap();
    assert_eq!(taken(&all), vec![(pending, 10, true), (active, 20, false), (other, 15, false)]);
    assert_eq!((all.arrears, all.shortfall), (Points(5), Points(0)));
    assert_eq!(ledger.balances(), Balances { arrears: Points(5), ..Balances::default() });
    let written = &ledger.changes().transfers[before..];
    let kinds: Vec<_> = written.iter().map(|transfer| transfer.kind).collect();
    assert_eq!(kinds, [TransferKind::RecoveryPending, TransferKind::Recovery, TransferKind::Recovery, TransferKind::RecoveryArrears]);
    for transfer in written {
        assert_eq!(transfer.kind.name(), "clawback");
        assert_eq!(transfer.partner, Some(PartnerId(Uuid::from_u128(77))));
        assert_eq!(transfer.subject, Some(Uuid::from_u128(99)));
        assert_eq!(transfer.reason.as_deref(), Some("came back"));
        assert_eq!(transfer.lot.is_none(), transfer.kind == TransferKind::RecoveryArrears);
    }
    check(&ledger, Balances::default());
}

#[test]
fn the_policy_says_how_far() {
    let (mut ledger, id, [active, pending, other]) = stage();
    let origin = [active, pending];
    let only = ledger.clawback(&claim(&origin, 12, RecoveryPolicy::PendingOnly), Instant(1), &id).unwrap();
    assert_eq!((taken(&only), only.arrears, only.shortfall), (vec![(pending, 10, true)], Points(0), Points(2)));
    let within = ledger.clawback(&claim(&origin, 40, RecoveryPolicy::WithinBalance), Instant(1), &id).unwrap();
    assert_eq!(taken(&within), vec![(active, 20, false), (other, 15, false)]);
    assert_eq!((within.arrears, within.shortfall), (Points(0), Points(5)));
    let nothing = ledger.clawback(&claim(&origin, 3, RecoveryPolicy::WithinBalance), Instant(1), &id).unwrap();
    assert_eq!(nothing, Clawback { shortfall: Points(3), ..Clawback::default() });
    check(&ledger, Balances::default());
}

#[test]
fn held_and_others_pending_points_are_never_taken() {
    let (mut ledger, id) = (empty(), ids());
    let origin = [ledger.award(award(20, 0, None, None), Instant(0), &id).unwrap()];
    ledger.award(award(30, 0, Some(100), None), Instant(0), &id).unwrap();
    let redemption = RedemptionId(id());
    ledger.hold(&request(redemption, 15, 90), Instant(0), &id).unwrap();
    let owed = ledger.clawback(&claim(&origin, 20, RecoveryPolicy::Arrears), Instant(1), &id).unwrap();
    assert_eq!((taken(&owed), owed.arrears), (vec![(origin[0], 5, false)], Points(15)));
    assert_eq!(ledger.balances(), Balances { pending: Points(30), held: Points(15), arrears: Points(15), ..Balances::default() });
    // The hold comes to nothing: what comes back pays what is owed.
    ledger.release(redemption, Instant(2), &id).unwrap();
    assert_eq!(ledger.balances(), Balances { pending: Points(30), ..Balances::default() });
    check(&ledger, Balances::default());
}

#[test]
fn an_award_that_is_gone_is_owed_or_lost() {
    let (mut ledger, id) = (empty(), ids());
    let unknown = [LotId(Uuid::from_u128(12345))];
    let lost = ledger.clawback(&claim(&unknown, 4, RecoveryPolicy::PendingOnly), Instant(1), &id).unwrap();
    assert_eq!(lost, Clawback { shortfall: Points(4), ..Clawback::default() });
    let owed = ledger.clawback(&claim(&unknown, 4, RecoveryPolicy::Arrears), Instant(1), &id).unwrap();
    assert_eq!(owed, Clawback { arrears: Points(4), ..Clawback::default() });
    ledger.award(award(10, 0, None, None), Instant(2), &id).unwrap();
    assert_eq!(ledger.balances(), Balances { available: Points(6), ..Balances::default() });
    check(&ledger, Balances::default());
}

#[test]
fn a_refused_clawback_changes_nothing() {
    let owed = Balances { arrears: Points(i64::MAX - 1), ..Balances::default() };
    let (mut ledger, id) = (Ledger::whole(MemberId(Uuid::nil()), owed, Vec::new(), Vec::new()), ids());
    let waits = [ledger.award(award(5, 0, Some(50), None), Instant(0), &id).unwrap()];
    let before = ledger.clone();
    // The pending points could be taken; then the arrears would leave 64 bits.
    let refused = ledger.clawback(&claim(&waits, 10, RecoveryPolicy::Arrears), Instant(1), &id);
    assert_eq!(refused, Err(LedgerError::Overflow(Overflow)));
    assert_eq!(ledger.clawback(&claim(&waits, 0, RecoveryPolicy::Arrears), Instant(1), &id), Err(LedgerError::NotPositive));
    assert_eq!(ledger.changes(), before.changes());
    assert_eq!(ledger.balances(), before.balances());
    assert_eq!(ledger.lot(waits[0]), before.lot(waits[0]));
}
