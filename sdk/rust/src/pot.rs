//! Several awards rounded together. Rounded each by itself, goods that move from one award to a better one could lose a point; rounded together, the sum of all
//! awards is what one rounding of the whole gives, so that more is never less and nothing is gained by buying in pieces.

use crate::{ArithmeticError, Points};

/// Points that several awards share out of one sum: each gets the whole points that its part adds.
///
/// ```
/// use coalition_sdk::{Points, Pot};
/// // A point for 100 minor units; 60 at the plain rate, then 60 more at double.
/// let mut pot = Pot::new(100);
/// assert_eq!(pot.add(60, 1), Ok(Points::ZERO));
/// assert_eq!(pot.add(60, 2), Ok(Points::new(1)), "0.60 and 1.20 are 1.80: one point, not none and one rounded away");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pot {
    divisor: i128,
    sum: i128,
    given: i64,
}

impl Pot {
    /// An empty one, whose parts are counted in `divisor`ths of a point.
    #[must_use]
    pub fn new(divisor: i64) -> Self {
        Self { divisor: divisor.into(), sum: 0, given: 0 }
    }

    /// Adds `value × factor` parts, and answers the whole points that they add; below zero where they take some away.
    ///
    /// # Errors
    /// [`ArithmeticError::Divisor`] unless the divisor is above zero; [`ArithmeticError::Overflow`] when the points don't fit.
    pub fn add(&mut self, value: i64, factor: i64) -> Result<Points, ArithmeticError> {
        if self.divisor <= 0 {
            return Err(ArithmeticError::Divisor);
        }
        let parts = i128::from(value) * i128::from(factor);
        self.sum = self.sum.checked_add(parts).ok_or(ArithmeticError::Overflow)?;
        let whole = i64::try_from(self.sum.div_euclid(self.divisor)).map_err(|_| ArithmeticError::Overflow)?;
        let points = whole.checked_sub(self.given).ok_or(ArithmeticError::Overflow)?;
        self.given = whole;
        Ok(Points::new(points))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn impossible_sums_are_errors() {
        assert_eq!(Pot::new(0).add(1, 1), Err(ArithmeticError::Divisor));
        assert_eq!(Pot::new(1).add(i64::MAX, 2), Err(ArithmeticError::Overflow));
        assert_eq!(Pot::new(i64::MAX).add(i64::MAX, i64::MAX), Ok(Points::new(i64::MAX)));
    }

    proptest! {
        /// All together are the sum rounded once, whatever the order; no part above zero takes points away.
        #[test]
        fn together_rounded_once(parts in prop::collection::vec((0i64..1_000_000, 0i64..1_000), 0..20), divisor in 1i64..100_000) {
            let total = |parts: &[(i64, i64)]| {
                let mut pot = Pot::new(divisor);
                parts.iter().map(|(value, factor)| {
                    let points = pot.add(*value, *factor).unwrap().get();
                    assert!(points >= 0);
                    points
                }).sum::<i64>()
            };
            let exact: i64 = parts.iter().map(|(value, factor)| value * factor).sum();
            prop_assert_eq!(total(&parts), exact.div_euclid(divisor));
            let mut turned = parts.clone();
            turned.reverse();
            prop_assert_eq!(total(&turned), exact.div_euclid(divisor));
        }
    }
}
