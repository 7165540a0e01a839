//! What the operator does by hand: adjustments, and closing an account.

use uuid::Uuid;

use super::{Cause, Ledger, LedgerError, Moved};
use crate::calendar::Instant;
use crate::holding::Shares;
use crate::ids::LotId;
use crate::lot::{Lot, NewLot};
use crate::points::Points;
use crate::transfer::TransferKind;

/// Points that the operator takes from a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdjustDown<'a> {
    /// How many; positive.
    pub points: Points,
    /// The adjustment.
    pub subject: Uuid,
    /// For people.
    pub reason: &'a str,
}

/// What a closed account gave up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forfeited {
    /// Could be spent; counts as breakage.
    pub available: Points,
    /// Waited; back to who issued it.
    pub pending: Points,
    /// Was owed, and is written off.
    pub arrears: Points,
}

impl Ledger {
    /// Gives a member points of the operator's: a lot that can be spent at once, whatever `lot` says of waiting. What is owed is
    /// repaid first. The issuer is the operator's partner, the transaction is the adjustment; the plugin and decision are nil.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`], [`LedgerError::Overflow`].
    pub fn adjust_up(&mut self, lot: NewLot, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<LotId, LedgerError> {
        self.bring(TransferKind::AdjustmentIn, NewLot { available_at: None, action: None, ..lot }, now, new_id)
    }

    /// Takes points from a member, lots in their spending order. Tells each lot and its points.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`], [`LedgerError::NotPositive`], [`LedgerError::NotWhole`].
    pub fn adjust_down(&mut self, request: &AdjustDown<'_>, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Shares, LedgerError> {
        self.need_whole()?;
        let parts = self.pick(request.points)?;
        let cause = Cause { subject: request.subject, decision: None, partner: None, reason: Some(request.reason) };
        self.attempt(|ledger| {
            parts.iter().try_for_each(|(lot, points)| ledger.drain(TransferKind::AdjustmentOut, *lot, *points, &cause, now, new_id))
        })?;
        Ok(parts)
    }

    /// Closes an account: what could be spent expires, what waited goes back to who issued it, what was owed is written off. All four
    /// balances are zero after it. `subject` is the closing.
    ///
    /// # Errors
    /// [`LedgerError::HoldsOpen`], [`LedgerError::NotWhole`].
    pub fn forfeit(&mut self, subject: Uuid, reason: &str, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Forfeited, LedgerError> {
        self.need_whole()?;
        self.need_no_holds()?;
        let gone = Forfeited { available: self.balances.available, pending: self.balances.pending, arrears: self.balances.arrears };
        let cause = Cause { subject, decision: None, partner: None, reason: Some(reason) };
        let waiting: Vec<Lot> = self.lots.values().filter(|lot| lot.waiting().is_positive()).cloned().collect();
        self.attempt(|ledger| {
            for (lot, points) in ledger.spendable() {
                ledger.drain(TransferKind::Forfeiture, lot, points, &cause, now, new_id)?;
            }
            for lot in &waiting {
                let cause = Cause { partner: Some(lot.issuer), ..cause };
                ledger.drain(TransferKind::Cancellation, lot.id, lot.remaining, &cause, now, new_id)?;
            }
            if gone.arrears.is_positive() {
                ledger.transfer(Moved { kind: TransferKind::WriteOff, points: gone.arrears, lot: None }, &cause, now, new_id)?;
            }
            Ok(gone)
        })
    }
}
