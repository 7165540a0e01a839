//! What rules say to people, and the named values that events and effects carry. A rule names a text by its key and fills in values;
//! the words stand in the manifest, a locale each, so that a translator needs no code.

use std::fmt;

use crate::{BasisPoints, Date, Money, Points};

/// A value that needs no further type: a text, a whole number, or yes and no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// As it fills a placeholder.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Scalar {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Points> for Scalar {
    fn from(points: Points) -> Self {
        Self::Number(points.get())
    }
}

/// As a text, `12.99 USD`.
impl From<Money> for Scalar {
    fn from(money: Money) -> Self {
        Self::Text(money.to_string())
    }
}

/// As a text, `7.5 %`.
impl From<BasisPoints> for Scalar {
    fn from(rate: BasisPoints) -> Self {
        Self::Text(rate.to_string())
    }
}

/// As a text, `2026-11-27`.
impl From<Date> for Scalar {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}

/// Named values, in the order they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(pub Vec<(String, Scalar)>);

impl Attributes {
    /// The value under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Scalar> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The text under `name`, if there is one and it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number under `name`, if there is one and it is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Scalar::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether the flag `name` is set.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Scalar::Flag(true)))
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}

/// A text of the manifest by its key, and what fills its `{placeholders}`.
///
/// ```
/// use coalition_sdk::{Message, Points};
/// // Manifest: .text("en", "welcome", "Welcome! {points} points are yours.")
/// let message = Message::new("welcome").with("points", Points::new(50));
/// # let _ = message;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The key in the manifest's texts.
    pub key: String,
    /// What fills the placeholders.
    pub args: Attributes,
}

impl Message {
    /// The text under `key`.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: Attributes::default() }
    }

    /// Fills the placeholder `{name}`.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.args = self.args.with(name, value);
        self
    }
}

impl From<&str> for Message {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for Message {
    fn from(key: String) -> Self {
        Self::new(key)
    }
}
