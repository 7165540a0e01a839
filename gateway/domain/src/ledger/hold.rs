//! Redemptions: points are set aside, spent, released, and given back after the event.

use uuid::Uuid;

use super::{Allocation, Cause, Ledger, LedgerError, Moved, total};
use crate::calendar::Instant;
use crate::holding::{Hold, split};
use crate::ids::{DecisionId, LotId, PartnerId, RedemptionId};
use crate::points::Points;
use crate::transfer::TransferKind;

/// Points to be set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldRequest {
    /// For which redemption.
    pub redemption: RedemptionId,
    /// Whose reward.
    pub partner: PartnerId,
    /// How many.
    pub points: Points,
    /// Released by the clock from then on.
    pub until: Instant,
    /// The quote that priced it.
    pub decision: DecisionId,
}

/// Points of several lots moved for a redemption.
struct Movement {
    kind: TransferKind,
    redemption: RedemptionId,
    partner: Option<PartnerId>,
    decision: Option<DecisionId>,
}

impl Ledger {
    /// Sets points aside for a redemption, lots in their spending order.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`], [`LedgerError::NotPositive`], [`LedgerError::AlreadyHeld`], [`LedgerError::NotWhole`].
    pub fn hold(&mut self, request: &HoldRequest, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let HoldRequest { redemption, partner, points, until, decision } = *request;
        self.need_whole()?;
        if self.holds.contains_key(&redemption) {
            return Err(LedgerError::AlreadyHeld);
        }
        let taken = self.pick(points)?;
        let movement = Movement { kind: TransferKind::Hold, redemption, partner: None, decision: Some(decision) };
        self.attempt(|ledger| {
            for (id, part) in &taken {
                ledger.shift(*id, |lot| Ok((lot.remaining.minus(*part)?, lot.held.plus(*part)?)))?;
            }
            ledger.several(&movement, &taken, now, new_id)?;
            ledger.holds.insert(redemption, Hold { redemption, partner, until, allocations: taken });
            Ok(())
        })
    }

    /// The lots that pay for `points`, in their spending order.
    pub(super) fn pick(&self, points: Points) -> Result<Vec<(LotId, Points)>, LedgerError> {
        if !points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        let available = self.balances.available;
        if available < points {
            return Err(LedgerError::Insufficient { available });
        }
        split(&self.spendable(), points).map(|(taken, _)| taken).ok_or(LedgerError::Insufficient { available })
    }

    /// Ends a hold: the same lots come back; those that have expired meanwhile expire at `at`.
    ///
    /// # Errors
    /// [`LedgerError::NoHold`].
    pub fn release(&mut self, redemption: RedemptionId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        self.attempt(|ledger| ledger.end_hold(redemption, at, new_id))
    }

    pub(super) fn end_hold(&mut self, redemption: RedemptionId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let hold = self.holds.remove(&redemption).ok_or(LedgerError::NoHold)?;
        self.release_part(redemption, &hold.allocations, at, new_id)
    }

    fn release_part(
        &mut self,
        redemption: RedemptionId,
        back: &[(LotId, Points)],
        at: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        if back.is_empty() {
            return Ok(());
        }
        for (id, part) in back {
            self.shift(*id, |lot| Ok((lot.remaining.plus(*part)?, lot.held.minus(*part)?)))?;
        }
        self.several(&Movement { kind: TransferKind::Release, redemption, partner: None, decision: None }, back, at, new_id)?;
        self.after_return(back, at, new_id)
    }

    /// What comes back may owe or be over its time: arrears are repaid, and expired lots expire, in the same commit.
    fn after_return(&mut self, back: &[(LotId, Points)], at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        for (id, _) in back {
            self.repay(*id, at, new_id)?;
            self.expire_if_over(*id, at, new_id)?;
        }
        Ok(())
    }

    /// Spends the first `points` of a hold, lots in allocation order, and releases the rest.
    ///
    /// # Errors
    /// [`LedgerError::NoHold`], [`LedgerError::TooMany`], [`LedgerError::NotPositive`].
    pub fn capture(
        &mut self,
        redemption: RedemptionId,
        points: Points,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        if !points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        let hold = self.holds.get(&redemption).ok_or(LedgerError::NoHold)?;
        let (taken, rest) = hold.split(points).ok_or(LedgerError::TooMany)?;
        let movement = Movement { kind: TransferKind::Capture, redemption, partner: Some(hold.partner), decision: None };
        self.attempt(|ledger| {
            ledger.holds.remove(&redemption);
            for (id, part) in &taken {
                ledger.shift(*id, |lot| Ok((lot.remaining, lot.held.minus(*part)?)))?;
            }
            ledger.several(&movement, &taken, now, new_id)?;
            ledger.release_part(redemption, &rest, now, new_id)
        })
    }

    /// Gives back `points` of what was captured, the lots spent last first, each with its own expiry.
    /// `captured` is what lots paid in allocation order, less what was reversed before; those lots must be loaded.
    ///
    /// # Errors
    /// [`LedgerError::TooMany`] beyond what was captured or where a lot is not loaded, [`LedgerError::NotPositive`], [`LedgerError::Overflow`].
    pub fn reverse(
        &mut self,
        redemption: RedemptionId,
        partner: PartnerId,
        captured: &[(LotId, Points)],
        points: Points,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        if !points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        self.need_room(points)?;
        let backwards: Vec<(LotId, Points)> = captured.iter().rev().copied().collect();
        let (back, _) = split(&backwards, points).ok_or(LedgerError::TooMany)?;
        self.attempt(|ledger| {
            for (id, part) in &back {
                ledger.shift(*id, |lot| Ok((lot.remaining.plus(*part)?, lot.held)))?;
            }
            let movement = Movement { kind: TransferKind::Reversal, redemption, partner: Some(partner), decision: None };
            ledger.several(&movement, &back, now, new_id)?;
            ledger.after_return(&back, now, new_id)
        })
    }

    fn several(
        &mut self,
        movement: &Movement,
        parts: &[(LotId, Points)],
        at: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        let Movement { kind, redemption, partner, decision } = *movement;
        let cause = Cause { subject: redemption.uuid(), decision, partner, reason: None };
        let transfer = self.transfer(Moved { kind, points: total(parts)?, lot: None }, &cause, at, new_id)?;
        let allocations = parts.iter().map(|(lot, points)| Allocation { transfer, redemption, lot: *lot, points: *points });
        self.changes.allocations.extend(allocations);
        Ok(())
    }
}
