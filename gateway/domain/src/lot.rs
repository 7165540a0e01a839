//! Lots: the points of one award, and what is left of them.

use std::sync::Arc;

use uuid::Uuid;

use crate::calendar::Instant;
use crate::expiry::Span;
use crate::ids::{DecisionId, LotId, PartnerId, PluginId, TransactionId};
use crate::points::Points;

/// What is fixed when points are awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLot {
    /// Who issues, and owes, them.
    pub issuer: PartnerId,
    /// How many; positive.
    pub points: Points,
    /// Pending until then.
    pub available_at: Option<Instant>,
    /// Pending until this is reported, such as `delivered`.
    pub action: Option<String>,
    /// Gone from then on.
    pub expires_at: Option<Instant>,
    /// The business time of the award.
    pub earned_at: Instant,
    /// Price of issue of the day: minor units of the base currency per 1 000 points.
    pub price: i64,
    /// The rule's key; a refund finds the award by it.
    pub award_key: String,
    /// The version that awarded.
    pub plugin: PluginId,
    /// The decision that awarded.
    pub decision: DecisionId,
    /// What was bought.
    pub transaction: TransactionId,
    /// Gone so long after the member's last activity, and not before `expires_at`: where their life slides.
    pub sliding: Option<Span>,
    /// The campaign that it was awarded under: its slug.
    pub campaign: Option<String>,
    /// Whose rules decided, where that is not the issuer: shares of a campaign are issued by those who fund it.
    pub decided_by: Option<PartnerId>,
    /// The rule's reason, for people.
    pub reason: String,
}

/// A lot of a member. `remaining + held` is what is left of it; `held` is what holds have set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// Who issued it.
    pub issuer: PartnerId,
    /// To be spent, or pending.
    pub remaining: Points,
    /// Set aside by holds.
    pub held: Points,
    /// Whether it waits for a moment or an action.
    pub pending: bool,
    /// Pending until then.
    pub available_at: Option<Instant>,
    /// Pending until this is reported, such as `delivered`.
    pub action: Option<Arc<str>>,
    /// Gone from then on; where its life slides, as far as the member's activity was told to the ledger.
    pub expires_at: Option<Instant>,
    /// The business time of the award.
    pub earned_at: Instant,
    /// Price of issue: minor units of the base currency per 1 000 points.
    pub price: i64,
    /// The rule's key.
    pub award_key: Arc<str>,
    /// The version that awarded it.
    pub plugin: PluginId,
    /// What was bought, for the entries that this lot causes.
    pub transaction: Uuid,
    /// The decision that awarded it.
    pub decision: DecisionId,
    /// So long after the member's last activity it runs out, where its life slides.
    pub sliding: Option<Span>,
    /// The campaign that it was awarded under.
    pub campaign: Option<Arc<str>>,
    /// Whose rules decided, where that is not the issuer.
    pub decided_by: Option<PartnerId>,
}

impl Lot {
    /// The lot of an award just made: all of it left.
    #[must_use]
    pub fn born(id: LotId, award: &NewLot, pending: bool) -> Self {
        Self {
            id,
            issuer: award.issuer,
            remaining: award.points,
            held: Points::ZERO,
            pending,
            available_at: award.available_at,
            action: award.action.as_deref().map(Arc::from),
            expires_at: award.expires_at,
            earned_at: award.earned_at,
            price: award.price,
            award_key: Arc::from(award.award_key.as_str()),
            plugin: award.plugin,
            transaction: award.transaction.uuid(),
            decision: award.decision,
            sliding: award.sliding,
            campaign: award.campaign.as_deref().map(Arc::from),
            decided_by: award.decided_by,
        }
    }

    /// A lot of `points` cut from this one: everything but their number stays as it is.
    #[must_use]
    pub fn part(&self, points: Points) -> NewLot {
        NewLot {
            issuer: self.issuer,
            points,
            available_at: self.available_at,
            action: self.action.as_deref().map(str::to_owned),
            expires_at: self.expires_at,
            earned_at: self.earned_at,
            price: self.price,
            award_key: self.award_key.as_ref().to_owned(),
            plugin: self.plugin,
            decision: self.decision,
            transaction: TransactionId(self.transaction),
            sliding: self.sliding,
            campaign: self.campaign.as_deref().map(str::to_owned),
            decided_by: self.decided_by,
            reason: String::new(),
        }
    }

    /// Whose rules decided on it: of what the operator gave by hand, the operator.
    #[must_use]
    pub fn decider(&self) -> PartnerId {
        self.decided_by.unwrap_or(self.issuer)
    }

    /// What can be spent of it now.
    #[must_use]
    pub fn spendable(&self) -> Points {
        if self.pending { Points::ZERO } else { self.remaining }
    }

    /// What of it waits for a moment or an action.
    #[must_use]
    pub fn waiting(&self) -> Points {
        if self.pending { self.remaining } else { Points::ZERO }
    }

    /// The order in which lots are spent: soonest expiry first (never last), then oldest, then by id.
    #[must_use]
    pub fn spending_order(&self) -> (Instant, Instant, LotId) {
        (self.expires_at.unwrap_or(Instant(i64::MAX)), self.earned_at, self.id)
    }

    /// When the clock next changes it, if ever.
    #[must_use]
    pub fn next_change_at(&self) -> Option<Instant> {
        if !self.remaining.is_positive() {
            return None;
        }
        if self.pending {
            return match (self.available_at, self.expires_at) {
                (Some(available), Some(expires)) => Some(available.min(expires)),
                (available, expires) => available.or(expires),
            };
        }
        self.expires_at
    }
}
