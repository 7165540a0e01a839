//! Rounding, in the one place where it happens. Everything that divides goes through [`mul_div`], which says which way it
//! rounds, is exact for negative values too, and never wraps.

use std::cmp::Ordering;
use std::fmt;

/// Which whole number a fraction becomes. All four hold for negative values as for positive ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Towards minus infinity: 2.5 → 2, −2.5 → −3. What a till means by "for every full dollar".
    #[default]
    Floor,
    /// To the nearest, a tie towards plus infinity: 2.5 → 3, −2.5 → −2.
    HalfUp,
    /// To the nearest, a tie to the even neighbour: 2.5 → 2, 3.5 → 4, −2.5 → −2. Without bias over many amounts.
    HalfEven,
    /// Towards plus infinity: 2.1 → 3, −2.1 → −2. What a price in points wants, so that nothing is given away.
    Ceil,
}

/// Arithmetic that has no answer. In a rule, `?` turns it into a [`Fault`](crate::Fault): the purchase is kept and evaluated
/// again when the rule is mended, rather than awarded wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticError {
    /// The result is outside of 64 bits.
    Overflow,
    /// Amounts of two currencies were added or compared.
    Currencies,
    /// A divisor, or the spend that points are given for, was zero or less.
    Divisor,
}

impl fmt::Display for ArithmeticError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the result does not fit into 64 bits",
            Self::Currencies => "amounts of two currencies can't be combined",
            Self::Divisor => "the divisor must be above zero",
        })
    }
}

impl std::error::Error for ArithmeticError {}

/// `value × numerator ÷ denominator`, exact up to the one rounding at the end.
///
/// ```
/// use coalition_sdk::{mul_div, Rounding};
/// assert_eq!(mul_div(250, 1, 100, Rounding::Floor), Ok(2));
/// assert_eq!(mul_div(-250, 1, 100, Rounding::Floor), Ok(-3));
/// assert_eq!(mul_div(250, 1, 100, Rounding::HalfEven), Ok(2));
/// ```
///
/// # Errors
/// [`ArithmeticError::Divisor`] unless `denominator` is above zero; [`ArithmeticError::Overflow`] when the rounded result
/// does not fit. A product that passes 64 bits midway is no error.
pub fn mul_div(value: i64, numerator: i64, denominator: i64, rounding: Rounding) -> Result<i64, ArithmeticError> {
    if denominator <= 0 {
        return Err(ArithmeticError::Divisor);
    }
    // Nearly every amount stays within 64 bits, where division is one instruction; 128 bits are a library call in WebAssembly.
    if let Some(product) = value.checked_mul(numerator) {
        let quotient = product.div_euclid(denominator);
        let rest = product.rem_euclid(denominator);
        let half = rest.cmp(&(denominator - rest));
        return if is_up(rounding, rest == 0, half, quotient % 2 != 0) {
            quotient.checked_add(1).ok_or(ArithmeticError::Overflow)
        } else {
            Ok(quotient)
        };
    }
    let (product, wide) = (i128::from(value) * i128::from(numerator), i128::from(denominator));
    let quotient = product.div_euclid(wide);
    let rest = product.rem_euclid(wide);
    let half = rest.cmp(&(wide - rest));
    let up = is_up(rounding, rest == 0, half, quotient % 2 != 0);
    i64::try_from(quotient + i128::from(up)).map_err(|_| ArithmeticError::Overflow)
}

/// Whether a floored quotient goes up by one; `half` compares what was left with half of the divisor.
const fn is_up(rounding: Rounding, exact: bool, half: Ordering, odd: bool) -> bool {
    match rounding {
        Rounding::Floor => false,
        Rounding::Ceil => !exact,
        Rounding::HalfUp => matches!(half, Ordering::Greater | Ordering::Equal),
        Rounding::HalfEven => match half {
            Ordering::Greater => true,
            Ordering::Equal => odd,
            Ordering::Less => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_and_signs() {
        let by = |n, rounding| mul_div(n, 1, 10, rounding).unwrap();
        for (n, floor, half_up, half_even, ceil) in [
            (25, 2, 3, 2, 3),
            (35, 3, 4, 4, 4),
            (-25, -3, -2, -2, -2),
            (-35, -4, -3, -4, -3),
            (-21, -3, -2, -2, -2),
            (29, 2, 3, 3, 3),
            (-30, -3, -3, -3, -3),
            (0, 0, 0, 0, 0),
        ] {
            assert_eq!(by(n, Rounding::Floor), floor, "floor of {n}");
            assert_eq!(by(n, Rounding::HalfUp), half_up, "half up of {n}");
            assert_eq!(by(n, Rounding::HalfEven), half_even, "half even of {n}");
            assert_eq!(by(n, Rounding::Ceil), ceil, "ceil of {n}");
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        assert_eq!(mul_div(i64::MAX, i64::MAX, i64::MAX, Rounding::Ceil), Ok(i64::MAX));
        assert_eq!(mul_div(i64::MIN, 10_000, 10_000, Rounding::HalfEven), Ok(i64::MIN));
        assert_eq!(mul_div(i64::MAX, 2, 1, Rounding::Floor), Err(ArithmeticError::Overflow));
        assert_eq!(mul_div(1, 1, 0, Rounding::Floor), Err(ArithmeticError::Divisor));
        assert_eq!(mul_div(1, 1, -3, Rounding::Floor), Err(ArithmeticError::Divisor));
    }

    proptest! {
        /// Against the definition in wide integers: the result is within one of the fraction, on the side that was asked for.
        #[test]
        fn agrees_with_the_definition(value in any::<i64>(), numerator in -1_000_000i64..1_000_000, denominator in 1i64..1_000_000) {
            let (product, wide) = (i128::from(value) * i128::from(numerator), i128::from(denominator));
            for rounding in [Rounding::Floor, Rounding::HalfUp, Rounding::HalfEven, Rounding::Ceil] {
                let Ok(got) = mul_div(value, numerator, denominator, rounding) else { continue };
                let error = i128::from(got) * wide - product;
                match rounding {
                    Rounding::Floor => prop_assert!(-wide < error && error <= 0),
                    Rounding::Ceil => prop_assert!(0 <= error && error < wide),
                    Rounding::HalfUp => prop_assert!(-wide < 2 * error && 2 * error <= wide),
                    Rounding::HalfEven => {
                        prop_assert!((2 * error).abs() <= wide);
                        prop_assert!((2 * error).abs() < wide || got % 2 == 0);
                    }
                }
            }
        }
    }
}
