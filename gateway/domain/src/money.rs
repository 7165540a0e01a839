//! Money in minor units, and the two roundings that the coalition uses.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::points::Points;

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// Not three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency is an ISO 4217 code of three capital letters")]
pub struct InvalidCurrency;

impl Currency {
    /// Its three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| InvalidCurrency)?;
        if letters.iter().all(u8::is_ascii_uppercase) { Ok(Self(letters)) } else { Err(InvalidCurrency) }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: cents.
    pub amount: i64,
    /// ISO 4217.
    pub currency: Currency,
}

/// The points that part of a redemption costs: ⌈points × amount ÷ value⌉, never more than `points`.
/// None where `value` is not positive or `amount` is outside 0..=value.
#[must_use]
pub fn points_for_part(points: Points, amount: i64, value: i64) -> Option<Points> {
    if value <= 0 || amount < 0 || amount > value {
        return None;
    }
    let product = i128::from(points.0).checked_mul(i128::from(amount))?;
    let value = i128::from(value);
    i64::try_from((product + value - 1).div_euclid(value)).ok().map(Points)
}

/// What points are worth at a price per 1 000, rounded once, half to even, in minor units. None beyond 64 bits.
#[must_use]
pub fn value_at(points: Points, price_per_1000: i64) -> Option<i64> {
    let product = i128::from(points.0) * i128::from(price_per_1000);
    let (whole, rest) = (product.div_euclid(1000), product.rem_euclid(1000));
    let up = rest > 500 || (rest == 500 && whole.rem_euclid(2) == 1);
    i64::try_from(whole + i128::from(up)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_goes_to_even() {
        assert_eq!(value_at(Points(1), 500), Some(0));
        assert_eq!(value_at(Points(3), 500), Some(2));
        assert_eq!(value_at(Points(-1), 500), Some(0));
        assert_eq!(value_at(Points(-3), 500), Some(-2));
        assert_eq!(value_at(Points(1), 501), Some(1));
    }

    #[test]
    fn currencies_are_three_capitals() {
        assert!("USD".parse::<Currency>().is_ok());
        for text in ["usd", "US", "USDX", "U1D", ""] {
            assert!(text.parse::<Currency>().is_err());
        }
    }

    proptest! {
    #![proptest_config(crate::testing::seeded(256))]

            #[test]
            fn a_part_never_costs_more_than_the_whole(points in 1_i64.., value in 1_i64.., share in 0_i64..=1_000) {
                let amount = value / 1_000 * share + value % 1_000 * share / 1_000;
                let part = points_for_part(Points(points), amount, value).unwrap();
                prop_assert!(part.0 >= 0 && part.0 <= points);
                prop_assert_eq!(points_for_part(Points(points), value, value), Some(Points(points)));
                prop_assert_eq!(points_for_part(Points(points), 0, value), Some(Points(0)));
            }
        }
}
