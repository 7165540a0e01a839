//! What a refund takes back of an award: by difference, so that any order of partial refunds ends where one full refund does.

use crate::apportion::apportion;
use crate::points::Points;

/// The awards under one key of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyAward {
    /// What was awarded.
    pub original: Points,
    /// What the same version awards on what is left of the purchase.
    pub reevaluated: Points,
    /// What earlier refunds, or cancellations, took back, and what they recorded as a shortfall: it is not asked for again.
    pub taken: Points,
}

/// What is still to be taken back: `max(0, original − reevaluated − taken)`. None of the three is negative.
#[must_use]
pub fn clawback_due(original: Points, reevaluated: Points, taken: Points) -> Points {
    Points(original.0.saturating_sub(reevaluated.0).saturating_sub(taken.0).max(0))
}

/// What is still to be taken back of each key. Together it is what [`clawback_due`] says of the sums: where a purchase with less in it earns more
/// under one key, that is set off against the others, in proportion to what each has too much. No key gives more than it has too much.
///
/// None where a number is negative, or sums leave 64 bits.
#[must_use]
pub fn clawback_by_key(keys: &[KeyAward]) -> Option<Vec<Points>> {
    let (mut all, mut surplus) = (0_i128, Vec::with_capacity(keys.len()));
    for key in keys {
        if key.original < Points::ZERO || key.reevaluated < Points::ZERO || key.taken < Points::ZERO {
            return None;
        }
        let too_much = i128::from(key.original.0) - i128::from(key.reevaluated.0) - i128::from(key.taken.0);
        all += too_much;
        surplus.push(i64::try_from(too_much.max(0)).ok()?);
    }
    let parts = apportion(i64::try_from(all.max(0)).ok()?, &surplus)?;
    Some(parts.into_iter().map(Points).collect())
}

/// What stays of an award where the rules cannot be asked again: in proportion to the money that is left, rounded down. `left` and `total` are
/// minor units, 0 ≤ `left` ≤ `total`. Of a purchase that cost nothing, all stays: [`Basket::is_empty`](super::Basket::is_empty) is asked first.
#[must_use]
pub fn in_proportion(original: Points, left: i64, total: i64) -> Points {
    if total <= 0 || left >= total {
        return original;
    }
    let kept = i128::from(original.0) * i128::from(left.max(0)) / i128::from(total);
    Points(i64::try_from(kept).unwrap_or(original.0))
}
