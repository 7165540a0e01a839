//! The ledger of one member: balances, lots and holds, and the only operations that may change them.
//!
//! Each operation records the transfers, allocations and lot changes that it makes; the write path stores them. Invariants, kept by every
//! operation: Σ (remaining + held) of lots = available + pending + held; available is never negative; arrears and available are never both above zero.
//! An operation that is refused changes nothing.
//!
//! Operations take the ledger as the clock has left it: `settle_due` comes before anything else of a commit.

mod adjust;
mod award;
mod balances;
mod clawback;
mod clock;
mod gift;
mod hold;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

pub use adjust::{AdjustDown, Forfeited};
pub use award::Waiting;
pub use balances::Balances;
pub use clawback::{Clawback, ClawbackRequest, RecoveryPolicy, Taking};
pub use gift::{Estate, Parcel};
pub use hold::HoldRequest;

use crate::calendar::Instant;
use crate::holding::{Hold, Shares};
use crate::ids::{DecisionId, LotId, MemberId, PartnerId, RedemptionId, TransferId};
use crate::lot::{Lot, NewLot};
use crate::points::{Overflow, Points};
use crate::transfer::{Transfer, TransferKind};

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
    /// A redemption holds points once.
    #[error("points are already held for this redemption")]
    AlreadyHeld,
    /// Holds must have ended before a member is merged away or closed.
    #[error("points of the member are held for {count} redemptions, which must be captured or voided first")]
    HoldsOpen {
        /// How many redemptions hold points.
        count: usize,
    },
    /// More than the hold, or than was captured and not yet reversed.
    #[error("more points than there are to move")]
    TooMany,
    /// Not positive.
    #[error("only a positive number of points can be moved")]
    NotPositive,
    /// Only the balances were loaded, and the operation needs the lots.
    #[error("the member's lots were not loaded")]
    NotWhole,
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

/// What was done to a ledger since it was loaded, to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// In the order made.
    pub transfers: Vec<Transfer>,
    /// In the order made.
    pub allocations: Vec<Allocation>,
    /// Lots born, with what is fixed about them.
    pub lots: Vec<(LotId, NewLot)>,
    /// Of lots born from another member's, the lot that each was cut from.
    pub parents: BTreeMap<LotId, LotId>,
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
    /// False where only the balances were loaded: enough for points to come in while nothing is due.
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

    /// When the clock next changes a balance, if ever. Where only balances were loaded it may be too early, never too late.
    #[must_use]
    pub const fn next_change_at(&self) -> Option<Instant> {
        self.next_change_at
    }

    /// Whether lots and holds were loaded.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The lots that are loaded, in the order of their ids.
    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.values()
    }

    /// A lot, if it is loaded.
    #[must_use]
    pub fn lot(&self, id: LotId) -> Option<&Lot> {
        self.lots.get(&id)
    }

    /// Open holds, in the order of their redemptions.
    pub fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.values()
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

    /// What can be spent of each lot, in the order of spending.
    #[must_use]
    pub fn spendable(&self) -> Shares {
        let mut open: Vec<&Lot> = self.lots.values().filter(|lot| lot.spendable().is_positive()).collect();
        open.sort_by_key(|lot| lot.spending_order());
        open.into_iter().map(|lot| (lot.id, lot.remaining)).collect()
    }

    /// Does all of an operation or, when it is refused midway, nothing.
    fn attempt<T>(&mut self, operation: impl FnOnce(&mut Self) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let before = Before::of(self);
        match operation(self) {
            Ok(done) => {
                let next = self.find_next_change();
                // Of lots that are not loaded, only the next change is known; it may have become too early, which costs a look and changes nothing.
                self.next_change_at = if self.whole { next } else { self.next_change_at.into_iter().chain(next).min() };
                Ok(done)
            }
            Err(refusal) => {
                before.restore(self);
                Err(refusal)
            }
        }
    }

    fn need_whole(&self) -> Result<(), LedgerError> {
        if self.whole { Ok(()) } else { Err(LedgerError::NotWhole) }
    }

    fn need_no_holds(&self) -> Result<(), LedgerError> {
        if self.holds.is_empty() { Ok(()) } else { Err(LedgerError::HoldsOpen { count: self.holds.len() }) }
    }

    /// Room for points to come in. As long as all of a member's points together fit 64 bits, moving them within the member cannot overflow.
    fn need_room(&self, points: Points) -> Result<(), LedgerError> {
        self.balances.in_lots()?.plus(points)?;
        Ok(())
    }

    /// The one way in which balances change: by a transfer that is recorded.
    fn transfer(&mut self, moved: Moved, cause: &Cause<'_>, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<TransferId, LedgerError> {
        self.balances = self.balances.after(moved.kind, moved.points)?;
        let (from, to) = moved.kind.accounts();
        let id = TransferId(new_id());
        self.changes.transfers.push(Transfer {
            id,
            kind: moved.kind,
            partner: cause.partner.filter(|_| from.is_partners() || to.is_partners()),
            points: moved.points,
            lot: moved.lot,
            subject: Some(cause.subject),
            decision: cause.decision,
            reason: cause.reason.map(str::to_owned),
            effective_at: at,
        });
        Ok(id)
    }

    /// Takes points out of one lot.
    fn drain(
        &mut self,
        kind: TransferKind,
        lot: LotId,
        points: Points,
        cause: &Cause<'_>,
        at: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        self.shift(lot, |lot| Ok((lot.remaining.minus(points)?, lot.held)))?;
        self.transfer(Moved { kind, points, lot: Some(lot) }, cause, at, new_id)?;
        Ok(())
    }

    /// Sets what is left of a lot and what holds have set aside of it.
    fn shift(&mut self, id: LotId, change: impl FnOnce(&Lot) -> Result<(Points, Points), Overflow>) -> Result<(), LedgerError> {
        let lot = self.lots.get_mut(&id).ok_or(LedgerError::TooMany)?;
        let (remaining, held) = change(lot)?;
        if remaining < Points::ZERO || held < Points::ZERO {
            return Err(LedgerError::TooMany);
        }
        lot.remaining = remaining;
        lot.held = held;
        self.changes.touched.insert(id);
        Ok(())
    }
}

/// Points, in which way, and of which lot where it is one.
struct Moved {
    kind: TransferKind,
    points: Points,
    lot: Option<LotId>,
}

/// What a transfer is put down to.
#[derive(Clone, Copy)]
struct Cause<'a> {
    subject: Uuid,
    decision: Option<DecisionId>,
    /// Kept only where the transfer touches a partner's account.
    partner: Option<PartnerId>,
    reason: Option<&'a str>,
}

impl Cause<'_> {
    /// The award itself, for what the clock or an action makes of its lot. The operator's lots name no decision.
    fn of(lot: &Lot) -> Self {
        let decision = Some(lot.decision).filter(|decision| !decision.uuid().is_nil());
        Self { subject: lot.transaction, decision, partner: Some(lot.issuer), reason: None }
    }
}

/// A ledger before an operation, as far as an operation can change it.
struct Before {
    balances: Balances,
    lots: BTreeMap<LotId, Lot>,
    holds: BTreeMap<RedemptionId, Hold>,
    parents: BTreeMap<LotId, LotId>,
    touched: BTreeSet<LotId>,
    transfers: usize,
    allocations: usize,
    born: usize,
    holds_ended: usize,
}

impl Before {
    fn of(ledger: &Ledger) -> Self {
        let changes = &ledger.changes;
        Self {
            balances: ledger.balances,
            lots: ledger.lots.clone(),
            holds: ledger.holds.clone(),
            parents: changes.parents.clone(),
            touched: changes.touched.clone(),
            transfers: changes.transfers.len(),
            allocations: changes.allocations.len(),
            born: changes.lots.len(),
            holds_ended: changes.holds_ended.len(),
        }
    }

    fn restore(self, ledger: &mut Ledger) {
        let changes = &mut ledger.changes;
        ledger.balances = self.balances;
        ledger.lots = self.lots;
        ledger.holds = self.holds;
        changes.parents = self.parents;
        changes.touched = self.touched;
        // What is recorded only grows at its end.
        changes.transfers.truncate(self.transfers);
        changes.allocations.truncate(self.allocations);
        changes.lots.truncate(self.born);
        changes.holds_ended.truncate(self.holds_ended);
    }
}

fn total(parts: &[(LotId, Points)]) -> Result<Points, Overflow> {
    parts.iter().try_fold(Points::ZERO, |sum, (_, points)| sum.plus(*points))
}

#[cfg(test)]
mod tests;
