//! Money in minor units of one currency. Amounts of two currencies never combine.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ArithmeticError, BasisPoints, Exchange, Points, Rounding};

/// An ISO 4217 code, three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// ISO 4217's own code for "no currency".
    pub const NONE: Self = Self(*b"XXX");
    /// The US dollar.
    pub const USD: Self = Self(*b"USD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// The currency of this code, or none when it isn't three capital letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Three ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many of a unit's digits are minor ones: 2 for most, 0 for the yen, 3 for the Kuwaiti dinar (ISO 4217, list one).
    #[must_use]
    pub fn minor_digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV"
            | b"XAF" | b"XOF" | b"XPF" | b"XXX" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| de::Error::custom("a currency is three capital letters, such as USD"))
    }
}

/// An amount in minor units (cents) of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units of `currency`: `Money::new(1299, Currency::USD)` is 12.99 USD.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ArithmeticError::Currencies`], [`ArithmeticError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.with(other, i64::checked_add)
    }

    /// The difference; it may be below zero.
    ///
    /// # Errors
    /// [`ArithmeticError::Currencies`], [`ArithmeticError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, ArithmeticError> {
        self.with(other, i64::checked_sub)
    }

    /// `factor` times as much.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn times(self, factor: i64) -> Result<Self, ArithmeticError> {
        let minor = self.minor.checked_mul(factor).ok_or(ArithmeticError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// A share of it: 5 % of 12.99 USD, floored, is 0.64 USD.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn share(self, rate: BasisPoints, rounding: Rounding) -> Result<Self, ArithmeticError> {
        let minor = rate.of(self.minor, rounding)?;
        Ok(Self { minor, ..self })
    }

    /// The points this amount comes to at `rate`.
    ///
    /// ```
    /// use coalition_sdk::{Currency, Exchange, Money, Points, Rounding};
    /// let spend = Money::new(5_230, Currency::USD);
    /// assert_eq!(spend.earns(Exchange::new(1, 100), Rounding::Floor), Ok(Points::new(52)));
    /// ```
    ///
    /// # Errors
    /// As [`Exchange::points_for`].
    pub fn earns(self, rate: Exchange, rounding: Rounding) -> Result<Points, ArithmeticError> {
        rate.points_for(self.minor, rounding)
    }

    /// The sum of many, in `currency`.
    ///
    /// # Errors
    /// [`ArithmeticError::Currencies`], [`ArithmeticError::Overflow`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, ArithmeticError> {
        amounts.into_iter().try_fold(Self::new(0, currency), Self::plus)
    }

    fn with(self, other: Self, combine: fn(i64, i64) -> Option<i64>) -> Result<Self, ArithmeticError> {
        if self.currency != other.currency {
            return Err(ArithmeticError::Currencies);
        }
        let minor = combine(self.minor, other.minor).ok_or(ArithmeticError::Overflow)?;
        Ok(Self { minor, ..self })
    }
}

/// As it stands in a text: `12.99 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.minor_digits();
        let unit = 10_u64.pow(digits);
        let size = self.minor.unsigned_abs();
        let sign = if self.minor < 0 { "-" } else { "" };
        if digits == 0 {
            return write!(f, "{sign}{size} {}", self.currency);
        }
        let width = usize::try_from(digits).unwrap_or(2);
        write!(f, "{sign}{}.{:0width$} {}", size / unit, size % unit, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_on_a_receipt() {
        assert_eq!(Money::new(1_299, Currency::USD).to_string(), "12.99 USD");
        assert_eq!(Money::new(-5, Currency::EUR).to_string(), "-0.05 EUR");
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(Money::new(1_299, yen).to_string(), "1299 JPY");
        let dinar = Currency::parse("KWD").unwrap();
        assert_eq!(Money::new(1_299, dinar).to_string(), "1.299 KWD");
        assert_eq!(Money::new(i64::MIN, Currency::USD).to_string(), "-92233720368547758.08 USD");
    }

    #[test]
    fn currencies_never_combine() {
        let usd = Money::new(1, Currency::USD);
        assert_eq!(usd.plus(Money::new(1, Currency::EUR)), Err(ArithmeticError::Currencies));
        assert_eq!(usd.plus(usd), Ok(Money::new(2, Currency::USD)));
        assert_eq!(Money::new(i64::MAX, Currency::USD).plus(usd), Err(ArithmeticError::Overflow));
        assert_eq!(Money::new(1_299, Currency::USD).share(BasisPoints::percent(5), Rounding::Floor), Ok(Money::new(64, Currency::USD)));
    }

    #[test]
    fn a_currency_is_three_capitals() {
        for wrong in ["", "US", "usd", "USDX", "U$D", "ÄÖ"] {
            assert_eq!(Currency::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Currency::parse("CHF").unwrap().as_str(), "CHF");
    }
}
