//! Points, and the rates that make them. Whole numbers only: a fraction of a point exists nowhere, so every rate says how it rounds.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ArithmeticError, Rounding, mul_div};

/// A number of points. Adding, subtracting and multiplying are checked; nothing wraps and nothing mixes with money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// `value` points.
    #[must_use]
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether there is anything to award: the gateway takes only awards above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.0.checked_add(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// The difference; it may be below zero.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.0.checked_sub(other.0).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `factor` times as many.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn times(self, factor: i64) -> Result<Self, ArithmeticError> {
        self.0.checked_mul(factor).map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// A share of them: `Points::new(70).share(BasisPoints::percent(50), Rounding::Floor)` is 35.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn share(self, rate: BasisPoints, rounding: Rounding) -> Result<Self, ArithmeticError> {
        rate.of(self.0, rounding).map(Self)
    }

    /// The sum of many.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn sum(points: impl IntoIterator<Item = Self>) -> Result<Self, ArithmeticError> {
        points.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A rate in hundredths of a percent: 500 is 5 %, 10 000 is all of it, 20 000 is double.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Once: 100 %.
    pub const ONE: Self = Self(10_000);

    /// `value` hundredths of a percent.
    #[must_use]
    pub const fn new(value: u32) -> Self {
        Self(value)
    }

    /// Whole percent; beyond about 43 million percent it stays at the highest rate.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Self(percent.saturating_mul(100))
    }

    /// The bare number of hundredths of a percent.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// What it is above one: of double (20 000) the second time.
    #[must_use]
    pub const fn above_one(self) -> Self {
        Self(self.0.saturating_sub(Self::ONE.0))
    }

    /// This share of `value`.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn of(self, value: i64, rounding: Rounding) -> Result<i64, ArithmeticError> {
        mul_div(value, i64::from(self.0), 10_000, rounding)
    }
}

/// As people say it: `5 %`, `7.5 %`.
impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole} %"),
            (_, 0) => write!(f, "{whole}.{} %", rest / 10),
            _ => write!(f, "{whole}.{rest:02} %"),
        }
    }
}

crate::settings! {
    /// So many points against so much money: what a purchase earns (1 point per 100 minor units), or what points pay for
    /// (500 points for 500 minor units).
    pub struct Exchange {
        /// Points on the one side.
        #[within(1, 1_000_000)]
        pub points: i64,
        /// Minor units (cents) on the other.
        #[within(1, 1_000_000)]
        pub minor: i64,
    }
}

impl Copy for Exchange {}

impl Exchange {
    /// `points` against `minor` units of money.
    #[must_use]
    pub const fn new(points: i64, minor: i64) -> Self {
        Self { points, minor }
    }

    /// The points that `minor` units come to.
    ///
    /// # Errors
    /// [`ArithmeticError::Divisor`] when the money side is not above zero, [`ArithmeticError::Overflow`].
    pub fn points_for(self, minor: i64, rounding: Rounding) -> Result<Points, ArithmeticError> {
        mul_div(minor, self.points, self.minor, rounding).map(Points)
    }

    /// A share of it, exact: half of a point a dollar is a point for two. What it comes to is rounded once, when it is used.
    ///
    /// ```
    /// use coalition_sdk::{BasisPoints, Exchange, Points, Rounding};
    /// let half = Exchange::new(1, 100).share(BasisPoints::percent(50)).unwrap();
    /// assert_eq!(half.points_for(399, Rounding::Floor), Ok(Points::new(1)));
    /// ```
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn share(self, rate: BasisPoints) -> Result<Self, ArithmeticError> {
        let times = |a: i64, b: u32| a.checked_mul(b.into()).ok_or(ArithmeticError::Overflow);
        Ok(Self::new(times(self.points, rate.0)?, times(self.minor, BasisPoints::ONE.0)?))
    }

    /// The minor units that `points` come to.
    ///
    /// # Errors
    /// [`ArithmeticError::Divisor`] when the points side is not above zero, [`ArithmeticError::Overflow`].
    pub fn minor_for(self, points: Points, rounding: Rounding) -> Result<i64, ArithmeticError> {
        mul_div(points.0, self.minor, self.points, rounding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overflow_is_an_error_never_a_wrap() {
        let most = Points::new(i64::MAX);
        assert_eq!(most.plus(Points::new(1)), Err(ArithmeticError::Overflow));
        assert_eq!(most.times(2), Err(ArithmeticError::Overflow));
        assert_eq!(Points::new(i64::MIN).minus(Points::new(1)), Err(ArithmeticError::Overflow));
        assert_eq!(Points::sum([most, Points::new(1)]), Err(ArithmeticError::Overflow));
    }

    #[test]
    fn rates_read_as_people_say_them() {
        assert_eq!(BasisPoints::percent(5).to_string(), "5 %");
        assert_eq!(BasisPoints::new(750).to_string(), "7.5 %");
        assert_eq!(BasisPoints::new(1).to_string(), "0.01 %");
        assert_eq!(Points::new(70).share(BasisPoints::percent(50), Rounding::Floor), Ok(Points::new(35)));
    }

    #[test]
    fn an_exchange_goes_both_ways() {
        let earn = Exchange::new(1, 100);
        assert_eq!(earn.points_for(5_230, Rounding::Floor), Ok(Points::new(52)));
        let pay = Exchange::new(500, 300);
        assert_eq!(pay.points_for(100, Rounding::Ceil), Ok(Points::new(167)));
        assert_eq!(pay.minor_for(Points::new(500), Rounding::Floor), Ok(300));
        assert_eq!(Exchange::new(1, 0).points_for(1, Rounding::Floor), Err(ArithmeticError::Divisor));
    }
}
