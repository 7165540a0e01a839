//! A refund takes an award back.

use uuid::Uuid;

use super::{Cause, Ledger, LedgerError, Moved};
use crate::calendar::Instant;
use crate::ids::{DecisionId, LotId, PartnerId};
use crate::points::Points;
use crate::transfer::TransferKind;

/// How far a clawback may go where the award is no longer there: the operator's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecoveryPolicy {
    /// Only what of the award still waits.
    PendingOnly,
    /// Whatever the member can spend, and never more.
    WithinBalance,
    /// All of it: what the balance does not cover is owed.
    Arrears,
}

/// An award, or a part of it, to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClawbackRequest<'a> {
    /// Whose award is taken back; the points go to this partner's recovered, whichever lot pays.
    pub partner: PartnerId,
    /// The lots of the award, in the order in which they are to be taken. Those that are not loaded have nothing left.
    pub origin: &'a [LotId],
    /// How many; positive.
    pub points: Points,
    /// How far it may go.
    pub policy: RecoveryPolicy,
    /// The refund.
    pub subject: Uuid,
    /// The decision that came to the number.
    pub decision: DecisionId,
    /// For people.
    pub reason: &'a str,
}

/// What was taken of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    /// The lot.
    pub lot: LotId,
    /// How many points of it.
    pub points: Points,
    /// Whether they still waited.
    pub pending: bool,
}

/// What a clawback came to. Takings, arrears and shortfall add up to what was asked for; all but the shortfall came back to the partner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clawback {
    /// Lot by lot, in the order taken.
    pub takings: Vec<Taking>,
    /// What the member owes for it.
    pub arrears: Points,
    /// What could not be taken, and is lost to the partner.
    pub shortfall: Points,
}

impl Ledger {
    /// Takes points of an award back: from what waits in its own lots, then from what can be spent in them, then from the member's other
    /// lots in spending order, then as arrears, as far as the policy goes. Points that are held are never taken, nor are points
    /// that another member has received: a lot given away has that much less left.
    ///
    /// # Errors
    /// [`LedgerError::NotPositive`], [`LedgerError::NotWhole`], [`LedgerError::Overflow`].
    pub fn clawback(&mut self, request: &ClawbackRequest<'_>, now: Instant, new_id: &dyn Fn() -> Uuid) -> Result<Clawback, LedgerError> {
        if !request.points.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        self.need_whole()?;
        self.attempt(|ledger| {
            let mut clawback = Clawback { shortfall: request.points, ..Clawback::default() };
            for lot in request.origin {
                ledger.take(request, *lot, true, &mut clawback, now, new_id)?;
            }
            if request.policy == RecoveryPolicy::PendingOnly {
                return Ok(clawback);
            }
            for lot in request.origin {
                ledger.take(request, *lot, false, &mut clawback, now, new_id)?;
            }
            // Where anything is still due the award's own lots have nothing left, so that these are the others.
            for (lot, _) in ledger.spendable() {
                ledger.take(request, lot, false, &mut clawback, now, new_id)?;
            }
            if request.policy == RecoveryPolicy::Arrears && clawback.shortfall.is_positive() {
                let moved = Moved { kind: TransferKind::RecoveryArrears, points: clawback.shortfall, lot: None };
                ledger.transfer(moved, &request.cause(), now, new_id)?;
                clawback.arrears = clawback.shortfall;
                clawback.shortfall = Points::ZERO;
            }
            Ok(clawback)
        })
    }

    /// Takes what is still due from one lot, as far as it goes.
    fn take(
        &mut self,
        request: &ClawbackRequest<'_>,
        id: LotId,
        pending: bool,
        clawback: &mut Clawback,
        now: Instant,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<(), LedgerError> {
        let Some(lot) = self.lots.get(&id).filter(|lot| lot.pending == pending) else { return Ok(()) };
        let points = lot.remaining.min(clawback.shortfall);
        if !points.is_positive() {
            return Ok(());
        }
        let kind = if pending { TransferKind::RecoveryPending } else { TransferKind::Recovery };
        self.drain(kind, id, points, &request.cause(), now, new_id)?;
        clawback.shortfall = clawback.shortfall.minus(points)?;
        clawback.takings.push(Taking { lot: id, points, pending });
        Ok(())
    }
}

impl ClawbackRequest<'_> {
    fn cause(&self) -> Cause<'_> {
        Cause { subject: self.subject, decision: Some(self.decision), partner: Some(self.partner), reason: Some(self.reason) }
    }
}
