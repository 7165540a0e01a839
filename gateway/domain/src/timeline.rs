//! A member's points as they were at any past moment.
//!
//! What holds at T is what was recorded by T, and what the clock had made due by T. What was recorded later counts for nothing, even where it tells of the clock's
//! changes before T: those are derived, as every read derives them. So the answer is the same whenever, and after however late a job, it is asked for.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::calendar::{Calendar, Instant};
use crate::holding::{Hold, Shares};
use crate::ids::{LotId, MemberId, PartnerId, RedemptionId};
use crate::ledger::{Balances, Ledger, LedgerError};
use crate::lot::Lot;
use crate::points::{Overflow, Points};
use crate::transfer::TransferKind;

/// A transfer as it was recorded, as far as balances and lots depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Why, from where, to where.
    pub kind: TransferKind,
    /// How many; positive.
    pub points: Points,
    /// The lot, where it is one.
    pub lot: Option<LotId>,
    /// What it belongs to: of a hold and what follows it, the redemption.
    pub subject: Option<Uuid>,
    /// When it was written. It never falls from an entry to the next.
    pub recorded_at: Instant,
    /// The lots of a transfer that moves several, in the order of their allocations.
    pub shares: Shares,
}

/// What is fixed about a hold, whatever became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The redemption.
    pub redemption: RedemptionId,
    /// Whose reward it is.
    pub partner: PartnerId,
    /// Released by the clock from then on.
    pub until: Instant,
}

/// All that was ever recorded of one member's points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Whose.
    pub member: MemberId,
    /// Every lot the member ever had. Only what is fixed about them counts: what was left of each is found from the entries.
    pub lots: Vec<Lot>,
    /// Every hold there ever was.
    pub holds: Vec<Promise>,
    /// In the order written: that of their ids.
    pub entries: Vec<Entry>,
    /// When the member was active, and when that was recorded.
    pub activity: Vec<(Instant, Instant)>,
}

/// Records that do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimelineError {
    /// An entry moves a lot that is not there, or has never been born.
    #[error("an entry names the lot {0}, which is not among the member's")]
    UnknownLot(LotId),
    /// An entry of a kind that moves a lot names none.
    #[error("an entry names no lot, and its kind moves one")]
    NoLot,
    /// An entry belongs to a redemption that is not there.
    #[error("an entry names a redemption that is not among the member's")]
    UnknownRedemption,
    /// A balance or lot would fall below zero, or leave 64 bits.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<Overflow> for TimelineError {
    fn from(overflow: Overflow) -> Self {
        Self::Ledger(overflow.into())
    }
}

impl Timeline {
    /// The ledger as it was at `at`: balances, the lots that had anything left, and open holds. It has no changes to be written.
    ///
    /// # Errors
    /// [`TimelineError`], which only a corrupt ledger can cause.
    pub fn as_of(&self, at: Instant, calendar: &Calendar) -> Result<Ledger, TimelineError> {
        let mut state = Replayed {
            balances: Balances::default(),
            fixed: self.lots.iter().map(|lot| (lot.id, lot)).collect(),
            promises: self.holds.iter().map(|hold| (hold.redemption.uuid(), hold)).collect(),
            lots: BTreeMap::new(),
            holds: BTreeMap::new(),
        };
        for entry in self.entries.iter().filter(|entry| entry.recorded_at <= at) {
            state.replay(entry)?;
        }
        let mut ledger = self.ledger(state.balances, state.lots.into_values(), state.holds.into_values());
        if let Some(last) = self.activity.iter().filter(|(_, recorded_at)| *recorded_at <= at).map(|(active, _)| *active).max() {
            ledger.active(calendar, last);
        }
        // Ids are for what is written; here nothing is.
        ledger.settle_due(at, &Uuid::nil)?;
        Ok(self.ledger(ledger.balances(), ledger.lots().cloned(), ledger.holds().cloned()))
    }

    fn ledger(&self, balances: Balances, lots: impl Iterator<Item = Lot>, holds: impl Iterator<Item = Hold>) -> Ledger {
        let open = |lot: &Lot| lot.remaining.is_positive() || lot.held.is_positive();
        Ledger::whole(self.member, balances, lots.filter(open).collect(), holds.collect())
    }
}

/// What the entries so far have come to.
struct Replayed<'a> {
    balances: Balances,
    fixed: BTreeMap<LotId, &'a Lot>,
    promises: BTreeMap<Uuid, &'a Promise>,
    lots: BTreeMap<LotId, Lot>,
    holds: BTreeMap<Uuid, Hold>,
}

impl Replayed<'_> {
    fn replay(&mut self, entry: &Entry) -> Result<(), TimelineError> {
        self.balances = self.balances.after(entry.kind, entry.points)?;
        if entry.kind.is_allocated() {
            return self.replay_allocated(entry);
        }
        if entry.kind.is_birth() {
            let id = entry.lot.ok_or(TimelineError::NoLot)?;
            let fixed = self.fixed.get(&id).ok_or(TimelineError::UnknownLot(id))?;
            let pending = matches!(entry.kind, TransferKind::AwardPending | TransferKind::TransferInPending);
            self.lots.insert(id, Lot { remaining: entry.points, held: Points::ZERO, pending, ..(*fixed).clone() });
        } else if entry.kind == TransferKind::Activation {
            self.lot(entry.lot.ok_or(TimelineError::NoLot)?)?.pending = false;
        } else if entry.kind.is_drain() {
            let lot = self.lot(entry.lot.ok_or(TimelineError::NoLot)?)?;
            lot.remaining = lot.remaining.minus(entry.points)?;
        }
        Ok(())
    }

    fn replay_allocated(&mut self, entry: &Entry) -> Result<(), TimelineError> {
        let subject = entry.subject.ok_or(TimelineError::UnknownRedemption)?;
        for (id, points) in &entry.shares {
            let lot = self.lot(*id)?;
            (lot.remaining, lot.held) = match entry.kind {
                TransferKind::Hold => (lot.remaining.minus(*points)?, lot.held.plus(*points)?),
                TransferKind::Release => (lot.remaining.plus(*points)?, lot.held.minus(*points)?),
                TransferKind::Capture => (lot.remaining, lot.held.minus(*points)?),
                _ => (lot.remaining.plus(*points)?, lot.held),
            };
        }
        match entry.kind {
            TransferKind::Hold => {
                let Promise { redemption, partner, until } = **self.promises.get(&subject).ok_or(TimelineError::UnknownRedemption)?;
                self.holds.insert(subject, Hold { redemption, partner, until, allocations: entry.shares.clone() });
            }
            // A capture ends its hold, also where it spends a part: the rest is released with it.
            TransferKind::Release | TransferKind::Capture => drop(self.holds.remove(&subject)),
            _ => {}
        }
        Ok(())
    }

    fn lot(&mut self, id: LotId) -> Result<&mut Lot, TimelineError> {
        self.lots.get_mut(&id).ok_or(TimelineError::UnknownLot(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc() -> Calendar {
        Calendar::new("Etc/UTC").unwrap()
    }

    fn entry(kind: TransferKind, lot: Option<LotId>) -> Entry {
        Entry { kind, points: Points(5), lot, subject: None, recorded_at: Instant(0), shares: Vec::new() }
    }

    fn alone(entry: Entry) -> Timeline {
        Timeline { member: MemberId(Uuid::nil()), lots: Vec::new(), holds: Vec::new(), entries: vec![entry], activity: Vec::new() }
    }

    #[test]
    fn records_that_do_not_fit_are_told() {
        let lot = LotId(Uuid::from_u128(1));
        assert_eq!(alone(entry(TransferKind::Award, Some(lot))).as_of(Instant(0), &utc()).map(|_| ()), Err(TimelineError::UnknownLot(lot)));
        assert_eq!(alone(entry(TransferKind::Award, None)).as_of(Instant(0), &utc()).map(|_| ()), Err(TimelineError::NoLot));
        assert_eq!(alone(entry(TransferKind::Expiry, Some(lot))).as_of(Instant(0), &utc()).map(|_| ()), Err(LedgerError::TooMany.into()));
        assert_eq!(alone(entry(TransferKind::Reversal, None)).as_of(Instant(0), &utc()).map(|_| ()), Err(TimelineError::UnknownRedemption));
    }

    #[test]
    fn what_was_recorded_later_counts_for_nothing() {
        let debt = alone(Entry { recorded_at: Instant(7), ..entry(TransferKind::RecoveryArrears, None) });
        assert_eq!(debt.as_of(Instant(6), &utc()).unwrap().balances(), Balances::default());
        assert_eq!(debt.as_of(Instant(7), &utc()).unwrap().balances(), Balances { arrears: Points(5), ..Balances::default() });
    }
}
