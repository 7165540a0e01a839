//! The ledger of one member: balances, lots and holds, and the only operations that may change them.
//!
//! Each operation records the transfers, allocations and lot changes that it makes; the write path stores them. Invariants, kept by every
//! operation: Σ (remaining + held) of lots = available + pending + held; available is never negative; arrears and available are never both above zero.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::account::{Transfer, TransferKind};
use crate::calendar::Instant;
use crate::holding::{Hold, split};
use crate::ids::{DecisionId, LotId, MemberId, PartnerId, RedemptionId, TransferId};
use crate::lot::{Lot, NewLot};
use crate::points::{Overflow, Points};

/// A member's four balances. Arrears are told as a positive number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// Awarded, and not yet to be spent.
    pub pending: Points,
    /// To be spent.
    pub available: Points,
    /// Set aside for redemptions.
    pub held: Points,
    /// Owed by the member.
    pub arrears: Points,
}

/// Why an operation on a ledger was refused. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Fewer points are available than asked for.
    #[error("the member has {available} points available")]
    Insufficient {
        /// What there is.
        available: Points,
    },
    /// No such hold is open.
    #[error("nothing is held for this redemption")]
    NoHold,
    /// More than the hold, or than was captured and not yet reversed.
    #[error("more points than there are to move")]
    TooMany,
    /// Not positive.
    #[error("only a positive number of points can be moved")]
    NotPositive,
    /// Beyond 64 bits.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// A lot's share in a transfer that moves several lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The transfer.
    pub transfer: TransferId,
    /// Which redemption.
    pub redemption: RedemptionId,
    /// Which lot.
    pub lot: LotId,
    /// How much of it.
    pub points: Points,
}

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

/// What was done to a ledger since it was loaded, to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// In the order made.
    pub transfers: Vec<Transfer>,
    /// In the order made.
    pub allocations: Vec<Allocation>,
    /// Lots born, with what is fixed about them.
    pub lots: Vec<(LotId, NewLot)>,
    /// Lots whose remaining, held or pending is to be written; those born among them.
    pub touched: BTreeSet<LotId>,
    /// Holds that the clock ended.
    pub holds_ended: Vec<RedemptionId>,
}

/// The ledger of one member.
#[derive(Clone, Debug)]
pub struct Ledger {
    member: MemberId,
    balances: Balances,
    lots: BTreeMap<LotId, Lot>,
    holds: BTreeMap<RedemptionId, Hold>,
    /// False where only the balances were loaded: enough for awards while nothing is due and nothing owed.
    whole: bool,
    next_change_at: Option<Instant>,
    changes: Changes,
}

impl Ledger {
    /// A ledger with its open lots and holds: every lot with something left, and every lot of an open hold.
    #[must_use]
    pub fn whole(member: MemberId, balances: Balances, lots: Vec<Lot>, holds: Vec<Hold>) -> Self {
        let lots = lots.into_iter().map(|lot| (lot.id, lot)).collect();
        let holds = holds.into_iter().map(|hold| (hold.redemption, hold)).collect();
        let mut ledger = Self { member, balances, lots, holds, whole: true, next_change_at: None, changes: Changes::default() };
        ledger.next_change_at = ledger.find_next_change();
        ledger
    }

    /// A ledger without its lots, as far as awards need it. `next_change_at` is what was stored with the balances.
    #[must_use]
    pub fn balances_only(member: MemberId, balances: Balances, next_change_at: Option<Instant>) -> Self {
        Self { member, balances, lots: BTreeMap::new(), holds: BTreeMap::new(), whole: false, next_change_at, changes: Changes::default() }
    }

    /// Whose it is.
    #[must_use]
    pub const fn member(&self) -> MemberId {
        self.member
    }

    /// As of the last operation.
    #[must_use]
    pub const fn balances(&self) -> Balances {
        self.balances
    }

    /// When the clock next changes a balance, if ever.
    #[must_use]
    pub const fn next_change_at(&self) -> Option<Instant> {
        self.next_change_at
    }

    /// Whether lots and holds were loaded.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Lots with something left, in the order of their ids.
    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.values()
    }

    /// A lot, if it is loaded.
    #[must_use]
    pub fn lot(&self, id: LotId) -> Option<&Lot> {
        self.lots.get(&id)
    }

    /// An open hold.
    #[must_use]
    pub fn hold_of(&self, redemption: RedemptionId) -> Option<&Hold> {
        self.holds.get(&redemption)
    }

    /// What is to be written.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    fn find_next_change(&self) -> Option<Instant> {
        let lots = self.lots.values().filter_map(Lot::next_change_at);
        lots.chain(self.holds.values().map(|hold| hold.until)).min()
    }

    /// Does what the clock has made due by `now`, in the order in which it fell due, each at its own time.
    ///
    /// # Errors
    /// [`LedgerError::Overflow`], which only a corrupt ledger can cause.
    pub fn settle_due(&mut self, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        while let Some(due) = self.find_next_change().filter(|due| *due <= now) {
            let hold = self.holds.values().find(|hold| hold.until == due).map(|hold| hold.redemption);
            if let Some(redemption) = hold {
                self.release(redemption, due, new_id)?;
                self.changes.holds_ended.push(redemption);
                continue;
            }
            let Some(lot) = self.lots.values().find(|lot| lot.next_change_at() == Some(due)).cloned() else { break };
            if lot.pending && lot.available_at.is_some_and(|at| at <= due) {
                self.activate(lot.id, due, new_id)?;
            } else {
                self.expire(&lot, due, new_id)?;
            }
        }
        if self.whole {
            self.next_change_at = self.find_next_change();
        }
        Ok(())
    }

    /// Awards points: one lot, pending where it waits for a moment after `now` or for an action.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`], [`LedgerError::Overflow`].
    pub fn award(&mut self, award: NewLot, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<LotId, LedgerError> {
        if !award.points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        let pending = award.action.is_some() || award.available_at.is_some_and(|at| at > now);
        let balance = if pending { &mut self.balances.pending } else { &mut self.balances.available };
        *balance = balance.plus(award.points)?;
        let id = LotId(new_id());
        let lot = Lot {
            id,
            issuer: award.issuer,
            remaining: award.points,
            held: Points::ZERO,
            pending,
            available_at: award.available_at,
            expires_at: award.expires_at,
            earned_at: award.earned_at,
            transaction: award.transaction.uuid(),
            decision: award.decision,
        };
        let kind = if pending { TransferKind::AwardPending } else { TransferKind::Award };
        self.changes.transfers.push(Transfer {
            id: TransferId(new_id()),
            kind,
            partner: Some(award.issuer),
            points: award.points,
            lot: Some(id),
            subject: Some(award.transaction.uuid()),
            decision: Some(award.decision),
            reason: Some(award.reason.clone()),
            effective_at: now,
        });
        self.changes.touched.insert(id);
        self.changes.lots.push((id, award));
        self.lots.insert(id, lot);
        if !pending {
            self.repay(id, now, new_id)?;
        }
        self.next_change_at = if self.whole {
            self.find_next_change()
        } else {
            // Of lots that are not loaded, the next change is known; of this one, what repayment has left of it.
            let next = self.lots.get(&id).and_then(Lot::next_change_at);
            self.next_change_at.into_iter().chain(next).min()
        };
        Ok(id)
    }

    /// Makes a pending lot available, at `at`.
    ///
    /// # Errors
    /// [`LedgerError::TooMany`] where the lot is not pending here.
    pub fn activate(&mut self, id: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let lot = self.lots.get_mut(&id).filter(|lot| lot.pending).ok_or(LedgerError::TooMany)?;
        let points = lot.remaining;
        self.balances.pending = self.balances.pending.minus(points)?;
        self.balances.available = self.balances.available.plus(points)?;
        lot.pending = false;
        let lot = lot.clone();
        self.single(TransferKind::Activation, &lot, None, points, at, new_id);
        self.repay(id, at, new_id)
    }

    fn expire(&mut self, lot: &Lot, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let points = lot.remaining;
        if lot.pending {
            self.balances.pending = self.balances.pending.minus(points)?;
            self.single(TransferKind::Cancellation, lot, Some(lot.issuer), points, at, new_id);
        } else {
            self.balances.available = self.balances.available.minus(points)?;
            self.single(TransferKind::Expiry, lot, None, points, at, new_id);
        }
        self.set_remaining(lot.id, Points::ZERO);
        Ok(())
    }

    /// Pays arrears from a lot that has just become available.
    fn repay(&mut self, id: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let Some(lot) = self.lots.get(&id).cloned() else { return Ok(()) };
        let points = self.balances.arrears.min(lot.remaining);
        if !points.is_positive() {
            return Ok(());
        }
        self.balances.arrears = self.balances.arrears.minus(points)?;
        self.balances.available = self.balances.available.minus(points)?;
        self.set_remaining(id, lot.remaining.minus(points)?);
        self.single(TransferKind::Repayment, &lot, None, points, at, new_id);
        Ok(())
    }

    /// Sets points aside for a redemption, lots in their spending order.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`], [`LedgerError::NotPositive`].
    pub fn hold(&mut self, request: &HoldRequest, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let HoldRequest { redemption, partner, points, until, decision } = *request;
        if !points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        if self.balances.available < points {
            return Err(LedgerError::Insufficient { available: self.balances.available });
        }
        let mut open: Vec<&Lot> = self.lots.values().filter(|lot| !lot.pending && lot.remaining.is_positive()).collect();
        open.sort_by_key(|lot| lot.spending_order());
        let pool: Vec<(LotId, Points)> = open.iter().map(|lot| (lot.id, lot.remaining)).collect();
        let (taken, _) = split(&pool, points).ok_or(LedgerError::Insufficient { available: self.balances.available })?;
        self.balances.available = self.balances.available.minus(points)?;
        self.balances.held = self.balances.held.plus(points)?;
        for (id, part) in &taken {
            self.shift(*id, |lot| Ok((lot.remaining.minus(*part)?, lot.held.plus(*part)?)))?;
        }
        self.several(&Movement { kind: TransferKind::Hold, redemption, partner: None, decision: Some(decision) }, &taken, now, new_id)?;
        self.holds.insert(redemption, Hold { redemption, partner, until, allocations: taken });
        self.next_change_at = self.find_next_change();
        Ok(())
    }

    /// Ends a hold: the same lots come back; those that have expired meanwhile expire at `at`.
    ///
    /// # Errors
    /// [`LedgerError::NoHold`].
    pub fn release(&mut self, redemption: RedemptionId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
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
        let points = total(back)?;
        if points.is_positive() {
            self.balances.held = self.balances.held.minus(points)?;
            self.balances.available = self.balances.available.plus(points)?;
            for (id, part) in back {
                self.shift(*id, |lot| Ok((lot.remaining.plus(*part)?, lot.held.minus(*part)?)))?;
            }
            self.several(&Movement { kind: TransferKind::Release, redemption, partner: None, decision: None }, back, at, new_id)?;
            self.after_return(back, at, new_id)?;
        }
        self.next_change_at = self.find_next_change();
        Ok(())
    }

    /// What comes back may owe or be over its time: arrears are repaid, and expired lots expire, in the same commit.
    fn after_return(&mut self, back: &[(LotId, Points)], at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        for (id, _) in back {
            self.repay(*id, at, new_id)?;
            let over =
                self.lots.get(id).filter(|lot| lot.remaining.is_positive() && lot.expires_at.is_some_and(|expires| expires <= at)).cloned();
            if let Some(lot) = over {
                self.expire(&lot, at, new_id)?;
            }
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
        let hold = self.holds.get(&redemption).cloned().ok_or(LedgerError::NoHold)?;
        let (taken, rest) = hold.split(points).ok_or(LedgerError::TooMany)?;
        self.holds.remove(&redemption);
        self.balances.held = self.balances.held.minus(points)?;
        for (id, part) in &taken {
            self.shift(*id, |lot| Ok((lot.remaining, lot.held.minus(*part)?)))?;
        }
        self.several(
            &Movement { kind: TransferKind::Capture, redemption, partner: Some(hold.partner), decision: None },
            &taken,
            now,
            new_id,
        )?;
        self.release_part(redemption, &rest, now, new_id)
    }

    /// Gives back `points` of what was captured, the lots spent last first, each with its own expiry.
    /// `captured` is what lots paid in allocation order, less what was reversed before; those lots must be loaded.
    ///
    /// # Errors
    /// [`LedgerError::TooMany`] beyond what was captured, [`LedgerError::NotPositive`].
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
        let backwards: Vec<(LotId, Points)> = captured.iter().rev().copied().collect();
        let (back, _) = split(&backwards, points).ok_or(LedgerError::TooMany)?;
        self.balances.available = self.balances.available.plus(points)?;
        for (id, part) in &back {
            self.shift(*id, |lot| Ok((lot.remaining.plus(*part)?, lot.held)))?;
        }
        self.several(&Movement { kind: TransferKind::Reversal, redemption, partner: Some(partner), decision: None }, &back, now, new_id)?;
        self.after_return(&back, now, new_id)?;
        self.next_change_at = self.find_next_change();
        Ok(())
    }

    fn set_remaining(&mut self, id: LotId, remaining: Points) {
        if let Some(lot) = self.lots.get_mut(&id) {
            lot.remaining = remaining;
            self.changes.touched.insert(id);
        }
    }

    fn shift(&mut self, id: LotId, change: impl FnOnce(&Lot) -> Result<(Points, Points), Overflow>) -> Result<(), LedgerError> {
        let lot = self.lots.get_mut(&id).ok_or(LedgerError::TooMany)?;
        let (remaining, held) = change(lot)?;
        lot.remaining = remaining;
        lot.held = held;
        self.changes.touched.insert(id);
        Ok(())
    }

    fn single(
        &mut self,
        kind: TransferKind,
        lot: &Lot,
        partner: Option<PartnerId>,
        points: Points,
        at: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) {
        self.changes.touched.insert(lot.id);
        self.changes.transfers.push(Transfer {
            id: TransferId(new_id()),
            kind,
            partner,
            points,
            lot: Some(lot.id),
            subject: Some(lot.transaction),
            decision: Some(lot.decision),
            reason: None,
            effective_at: at,
        });
    }

    fn several(&mut self, movement: &Movement, parts: &[(LotId, Points)], at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), Overflow> {
        let Movement { kind, redemption, partner, decision } = *movement;
        let id = TransferId(new_id());
        let (points, subject) = (total(parts)?, Some(redemption.uuid()));
        self.changes.transfers.push(Transfer { id, kind, partner, points, lot: None, subject, decision, reason: None, effective_at: at });
        let allocations = parts.iter().map(|(lot, points)| Allocation { transfer: id, redemption, lot: *lot, points: *points });
        self.changes.allocations.extend(allocations);
        Ok(())
    }
}

/// Points of several lots moved for a redemption.
struct Movement {
    kind: TransferKind,
    redemption: RedemptionId,
    partner: Option<PartnerId>,
    decision: Option<DecisionId>,
}

fn total(parts: &[(LotId, Points)]) -> Result<Points, Overflow> {
    parts.iter().try_fold(Points::ZERO, |sum, (_, points)| sum.plus(*points))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
