//! Holds: points set aside for a redemption, lot by lot.

use crate::calendar::Instant;
use crate::ids::{LotId, PartnerId, RedemptionId};
use crate::points::Points;

/// Shares of lots, in the order in which they are taken.
pub type Shares = Vec<(LotId, Points)>;

/// What a redemption has set aside, in the order in which lots were allocated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The redemption.
    pub redemption: RedemptionId,
    /// Whose reward it is.
    pub partner: PartnerId,
    /// Released by the clock from then on.
    pub until: Instant,
    /// Which lot pays how much.
    pub allocations: Shares,
}

impl Hold {
    /// The first `points` of the allocations, in order, and what is left of them.
    /// None where there are not that many.
    #[must_use]
    pub fn split(&self, points: Points) -> Option<(Shares, Shares)> {
        split(&self.allocations, points)
    }
}

/// Cuts allocations after `points`.
pub(crate) fn split(allocations: &[(LotId, Points)], points: Points) -> Option<(Shares, Shares)> {
    let mut wanted = points.0;
    let (mut taken, mut rest) = (Vec::new(), Vec::new());
    for (lot, held) in allocations {
        let part = held.0.min(wanted);
        wanted = wanted.checked_sub(part)?;
        if part > 0 {
            taken.push((*lot, Points(part)));
        }
        if held.0 > part {
            rest.push((*lot, Points(held.0.checked_sub(part)?)));
        }
    }
    (wanted == 0).then_some((taken, rest))
}
