//! Points go from one member to another: gifts, and the merge of two members.
//!
//! Rows belong to one member, so that such a transfer is two legs in one commit, over the program's account in transit: out of the giver's
//! ledger, then into the receiver's. Lots are cut; what is received keeps the issuer, price, expiry and award of the lot that it was cut from.

use uuid::Uuid;

use super::{Cause, Ledger, LedgerError, Moved};
use crate::calendar::Instant;
use crate::ids::LotId;
use crate::lot::Lot;
use crate::points::Points;
use crate::transfer::TransferKind;

/// Points on their way to another member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The lot that they were cut from, as it was.
    pub lot: Lot,
    /// How many.
    pub points: Points,
}

/// All that a member leaves to the one that they are merged into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estate {
    /// What could be spent, in spending order, then what waits, in the order of awards.
    pub parcels: Vec<Parcel>,
    /// What was owed.
    pub arrears: Points,
}

/// A transfer between members, for its entries.
const fn between(subject: Uuid) -> Cause<'static> {
    Cause { subject, decision: None, partner: None, reason: None }
}

impl Ledger {
    /// Sends points away, lots in their spending order, the last of them cut. The same commit must have the receiver
    /// [`receive`](Self::receive) them. `subject` is the gift.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`], [`LedgerError::NotPositive`], [`LedgerError::NotWhole`].
    pub fn give(&mut self, points: Points, subject: Uuid, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Vec<Parcel>, LedgerError> {
        self.need_whole()?;
        let parts = self.pick(points)?;
        self.attempt(|ledger| parts.into_iter().map(|(lot, points)| ledger.send(lot, points, subject, now, new_id)).collect())
    }

    fn send(&mut self, id: LotId, points: Points, subject: Uuid, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Parcel, LedgerError> {
        let lot = self.lots.get(&id).cloned().ok_or(LedgerError::TooMany)?;
        let kind = if lot.pending { TransferKind::TransferOutPending } else { TransferKind::TransferOut };
        self.drain(kind, id, points, &between(subject), now, new_id)?;
        Ok(Parcel { lot, points })
    }

    /// Takes in what another member has sent: a lot a parcel, in their order; what waited goes on waiting. What is owed is repaid first,
    /// and what is due by `now` falls due in the same commit. `subject` is the gift or merge. It does without the lots of the member.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`], [`LedgerError::Overflow`].
    pub fn receive(
        &mut self,
        parcels: &[Parcel],
        subject: Uuid,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<Vec<LotId>, LedgerError> {
        self.attempt(|ledger| parcels.iter().map(|parcel| ledger.unpack(parcel, subject, now, new_id)).collect())
    }

    fn unpack(&mut self, parcel: &Parcel, subject: Uuid, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<LotId, LedgerError> {
        if !parcel.points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        self.need_room(parcel.points)?;
        let kind = if parcel.lot.pending { TransferKind::TransferInPending } else { TransferKind::TransferIn };
        let id = self.give_birth(kind, parcel.lot.part(parcel.points), subject, now, new_id)?;
        self.changes.parents.insert(id, parcel.lot.id);
        if parcel.lot.pending && parcel.lot.available_at.is_some_and(|at| at <= now) {
            self.make_available(id, now, new_id)?;
        }
        self.expire_if_over(id, now, new_id)?;
        Ok(id)
    }

    /// Empties the ledger of a member who is merged into another: points to be spent, points that wait, and what is owed. All four balances
    /// are zero after it. The same commit must have the other [`receive_all`](Self::receive_all) it. `subject` is the merge.
    ///
    /// # Errors
    /// [`LedgerError::HoldsOpen`]: a redemption under way stays with the member whom it was promised to. [`LedgerError::NotWhole`].
    pub fn give_all(&mut self, subject: Uuid, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Estate, LedgerError> {
        self.need_whole()?;
        self.need_no_holds()?;
        let waiting = self.lots.values().filter(|lot| lot.waiting().is_positive()).map(|lot| (lot.id, lot.remaining));
        let parts: Vec<(LotId, Points)> = self.spendable().into_iter().chain(waiting).collect();
        self.attempt(|ledger| {
            let parcels = parts.into_iter().map(|(lot, points)| ledger.send(lot, points, subject, now, new_id));
            let parcels = parcels.collect::<Result<_, _>>()?;
            let arrears = ledger.balances.arrears;
            if arrears.is_positive() {
                ledger.transfer(Moved { kind: TransferKind::ArrearsOut, points: arrears, lot: None }, &between(subject), now, new_id)?;
            }
            Ok(Estate { parcels, arrears })
        })
    }

    /// Takes in all that a merged member had. What they owed is repaid at once from what can be spent, own points first.
    ///
    /// # Errors
    /// [`LedgerError::NotWhole`], [`LedgerError::Overflow`].
    pub fn receive_all(
        &mut self,
        estate: &Estate,
        subject: Uuid,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<Vec<LotId>, LedgerError> {
        self.need_whole()?;
        self.attempt(|ledger| {
            if estate.arrears.is_positive() {
                let moved = Moved { kind: TransferKind::ArrearsIn, points: estate.arrears, lot: None };
                ledger.transfer(moved, &between(subject), now, new_id)?;
                for (lot, _) in ledger.spendable() {
                    ledger.repay(lot, now, new_id)?;
                }
            }
            estate.parcels.iter().map(|parcel| ledger.unpack(parcel, subject, now, new_id)).collect()
        })
    }
}
