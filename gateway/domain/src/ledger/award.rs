//! Points come in by rules: awards, and what becomes of those that wait.

use uuid::Uuid;

use super::{Cause, Ledger, LedgerError, Moved};
use crate::calendar::Instant;
use crate::holding::Shares;
use crate::ids::{LotId, TransactionId};
use crate::lot::{Lot, NewLot};
use crate::transfer::TransferKind;

/// Pending lots of one transaction. Each criterion that is given must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// What was bought.
    pub transaction: TransactionId,
    /// Only lots that wait for this action, such as `delivered`.
    pub action: Option<&'a str>,
    /// Only these lots.
    pub lots: Option<&'a [LotId]>,
}

impl Waiting<'_> {
    fn covers(&self, lot: &Lot) -> bool {
        lot.waiting().is_positive()
            && lot.transaction == self.transaction.uuid()
            && self.action.is_none_or(|action| lot.action.as_deref() == Some(action))
            && self.lots.is_none_or(|lots| lots.contains(&lot.id))
    }
}

impl Ledger {
    /// Awards points: one lot, pending where it waits for a moment after `now` or for an action. What is owed is repaid first.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`], [`LedgerError::Overflow`].
    pub fn award(&mut self, award: NewLot, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<LotId, LedgerError> {
        let pending = award.action.is_some() || award.available_at.is_some_and(|at| at > now);
        let kind = if pending { TransferKind::AwardPending } else { TransferKind::Award };
        self.bring(kind, award, now, new_id)
    }

    /// A lot from outside, and what it repays. Nothing after the checks can fail: an award is not worth a copy of the ledger.
    pub(super) fn bring(
        &mut self,
        kind: TransferKind,
        born: NewLot,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<LotId, LedgerError> {
        if !born.points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        self.need_room(born.points)?;
        let subject = born.transaction.uuid();
        let id = self.give_birth(kind, born, subject, now, new_id)?;
        let next = self.lots.get(&id).and_then(Lot::next_change_at);
        self.next_change_at = self.next_change_at.into_iter().chain(next).min();
        Ok(id)
    }

    pub(super) fn give_birth(
        &mut self,
        kind: TransferKind,
        born: NewLot,
        subject: Uuid,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<LotId, LedgerError> {
        let pending = matches!(kind, TransferKind::AwardPending | TransferKind::TransferInPending);
        let decided = matches!(kind, TransferKind::Award | TransferKind::AwardPending);
        let id = LotId(new_id());
        let reason = Some(born.reason.as_str()).filter(|reason| !reason.is_empty());
        let cause = Cause { subject, decision: decided.then_some(born.decision), partner: Some(born.issuer), reason };
        self.transfer(Moved { kind, points: born.points, lot: Some(id) }, &cause, now, new_id)?;
        self.lots.insert(id, Lot::born(id, &born, pending));
        self.changes.touched.insert(id);
        self.changes.lots.push((id, born));
        if !pending {
            self.repay(id, now, new_id)?;
        }
        Ok(id)
    }

    /// Makes a pending lot available, at `at`.
    ///
    /// # Errors
    /// [`LedgerError::TooMany`] where the lot is not pending here.
    pub fn activate(&mut self, id: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        self.attempt(|ledger| ledger.make_available(id, at, new_id))
    }

    pub(super) fn make_available(&mut self, id: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let lot = self.lots.get_mut(&id).filter(|lot| lot.waiting().is_positive()).ok_or(LedgerError::TooMany)?;
        lot.pending = false;
        let lot = lot.clone();
        self.changes.touched.insert(id);
        self.transfer(Moved { kind: TransferKind::Activation, points: lot.remaining, lot: Some(id) }, &Cause::of(&lot), at, new_id)?;
        self.repay(id, at, new_id)
    }

    /// Makes available what waited for an action that has been reported. Lots that wait for a moment only are left to the clock, unless
    /// they are named. Tells each lot and its points, in the order of their awards; nothing where there is nothing to activate.
    ///
    /// # Errors
    /// [`LedgerError::NotWhole`].
    pub fn activate_on(&mut self, which: &Waiting<'_>, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Shares, LedgerError> {
        self.need_whole()?;
        let covered = |lot: &&Lot| which.covers(lot) && (lot.action.is_some() || which.lots.is_some());
        let found: Shares = self.lots.values().filter(covered).map(|lot| (lot.id, lot.remaining)).collect();
        self.attempt(|ledger| found.iter().try_for_each(|(id, _)| ledger.make_available(*id, at, new_id)))?;
        Ok(found)
    }

    /// Takes pending lots of a transaction back, whatever they wait for. Tells each lot and its points, in the order of their awards;
    /// nothing where there is nothing to cancel.
    ///
    /// # Errors
    /// [`LedgerError::NotWhole`].
    pub fn cancel(&mut self, which: &Waiting<'_>, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Shares, LedgerError> {
        self.need_whole()?;
        let found: Vec<Lot> = self.lots.values().filter(|lot| which.covers(lot)).cloned().collect();
        self.attempt(|ledger| {
            found.iter().try_for_each(|lot| ledger.drain(TransferKind::Cancellation, lot.id, lot.remaining, &Cause::of(lot), at, new_id))
        })?;
        Ok(found.into_iter().map(|lot| (lot.id, lot.remaining)).collect())
    }

    /// Pays arrears from a lot that has just become available.
    pub(super) fn repay(&mut self, id: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let Some(lot) = self.lots.get(&id) else { return Ok(()) };
        let points = self.balances.arrears.min(lot.spendable());
        if !points.is_positive() {
            return Ok(());
        }
        let cause = Cause::of(&lot.clone());
        self.drain(TransferKind::Repayment, id, points, &cause, at, new_id)
    }
}
