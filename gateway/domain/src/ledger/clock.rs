//! What time alone does to a ledger: activations, expiries, ends of holds.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Cause, Ledger, LedgerError};
use crate::calendar::{Calendar, Instant};
use crate::ids::LotId;
use crate::lot::Lot;
use crate::points::Points;
use crate::transfer::TransferKind;

impl Ledger {
    pub(super) fn find_next_change(&self) -> Option<Instant> {
        let lots = self.lots.values().filter_map(Lot::next_change_at);
        lots.chain(self.holds.values().map(|hold| hold.until)).min()
    }

    /// Does what the clock has made due by `now`, in the order in which it fell due, each at its own time.
    ///
    /// # Errors
    /// [`LedgerError::Overflow`], [`LedgerError::TooMany`], which only a corrupt ledger can cause.
    pub fn settle_due(&mut self, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        if self.find_next_change().is_none_or(|due| due > now) {
            return Ok(());
        }
        self.attempt(|ledger| {
            while let Some(due) = ledger.find_next_change().filter(|due| *due <= now) {
                ledger.settle_one(due, new_id)?;
            }
            Ok(())
        })
    }

    /// At one moment holds end first, so that what they give back can expire at that moment too; lots follow in the order of their ids.
    fn settle_one(&mut self, due: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let hold = self.holds.values().find(|hold| hold.until == due).map(|hold| hold.redemption);
        if let Some(redemption) = hold {
            self.end_hold(redemption, due, new_id)?;
            self.changes.holds_ended.push(redemption);
            return Ok(());
        }
        let lot = self.lots.values().find(|lot| lot.next_change_at() == Some(due)).cloned().ok_or(LedgerError::TooMany)?;
        if lot.pending && lot.available_at.is_some_and(|at| at <= due) {
            self.make_available(lot.id, due, new_id)
        } else {
            self.expire(&lot, due, new_id)
        }
    }

    /// Pending points that run out were never to be spent: they go back to who issued them.
    pub(super) fn expire(&mut self, lot: &Lot, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let kind = if lot.pending { TransferKind::Cancellation } else { TransferKind::Expiry };
        self.drain(kind, lot.id, lot.remaining, &Cause::of(lot), at, new_id)
    }

    /// Expires what is left of a lot whose time is over at `at`.
    pub(super) fn expire_if_over(&mut self, lot: LotId, at: Instant, new_id: &dyn Fn() -> Uuid) -> Result<(), LedgerError> {
        let over = |lot: &&Lot| lot.remaining.is_positive() && lot.expires_at.is_some_and(|expires| expires <= at);
        match self.lots.get(&lot).filter(over).cloned() {
            Some(lot) => self.expire(&lot, at, new_id),
            None => Ok(()),
        }
    }

    /// Moves the expiry of lots to the later moment that `until` tells for them, where theirs slides with the member's activity. What is
    /// fixed about a lot stays as it is stored: there is nothing to be written, and whoever loads the lot reckons again.
    pub fn prolong(&mut self, until: impl Fn(&Lot) -> Option<Instant>) {
        for lot in self.lots.values_mut() {
            if let (Some(expires_at), Some(later)) = (lot.expires_at, until(lot)) {
                lot.expires_at = Some(expires_at.max(later));
            }
        }
        if self.whole {
            self.next_change_at = self.find_next_change();
        }
    }

    /// Tells the ledger of the member's last activity: lots whose life slides run out so long after it.
    pub fn active(&mut self, calendar: &Calendar, at: Instant) {
        if self.lots.values().any(|lot| lot.sliding.is_some()) {
            self.prolong(|lot| lot.sliding.and_then(|span| span.after(calendar, at)));
        }
    }

    /// What can be spent now and runs out by `until` (without it: whenever), summed by moment, soonest first. Points that are held
    /// do not run out, and points that wait are not yet the member's to lose.
    #[must_use]
    pub fn expiring(&self, until: Option<Instant>) -> Vec<(Instant, Points)> {
        let mut sums = BTreeMap::<Instant, i64>::new();
        for lot in self.lots.values().filter(|lot| lot.spendable().is_positive()) {
            if let Some(expires_at) = lot.expires_at.filter(|at| until.is_none_or(|until| *at <= until)) {
                let sum = sums.entry(expires_at).or_default();
                *sum = sum.saturating_add(lot.remaining.0);
            }
        }
        sums.into_iter().map(|(at, points)| (at, Points(points))).collect()
    }
}
