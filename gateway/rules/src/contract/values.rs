//! The small values that the other records are made of.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::json;

/// Money in minor units of a currency; in JSON `{"amount": 1299, "currency": "USD"}`.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units (cents).
    #[serde(rename = "amount")]
    pub minor: i64,
    /// ISO 4217, upper case.
    pub currency: String,
}

/// A moment and what the clocks of the program's time zone show then.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Instant {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub ms: i64,
    /// Minutes east of UTC of the program's time zone at `ms`.
    #[component(name = "offset-minutes")]
    #[serde(default)]
    pub offset_minutes: i16,
}

/// The value of an attribute; in JSON a bare text, whole number or flag.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(variant)]
#[serde(untagged)]
pub enum Scalar {
    /// Text.
    #[component(name = "text")]
    Text(String),
    /// A whole number.
    #[component(name = "number")]
    Number(i64),
    /// True or false.
    #[component(name = "flag")]
    Flag(bool),
}

/// A named value; a list of them is an object in JSON.
#[derive(ComponentType, Lift, Lower, Clone, Debug, PartialEq, Eq)]
#[component(record)]
pub struct Attribute {
    /// From the register in `attributes.md`, or `x-…`.
    pub name: String,
    /// What it is.
    pub value: Scalar,
}

/// A key of the manifest's texts, and what to fill in.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The text's key.
    pub key: String,
    /// What goes into its `{…}`.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Attribute>,
}

/// Why rules said no.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// For machines: lower case, hyphens.
    pub code: String,
    /// For people.
    pub reason: Message,
}

/// A calendar window in the program's time zone; weeks are ISO's.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[component(enum)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Window {
    /// A day.
    #[component(name = "day")]
    Day,
    /// Monday to Sunday.
    #[component(name = "week")]
    Week,
    /// A month.
    #[component(name = "month")]
    Month,
    /// Three months, from January.
    #[component(name = "quarter")]
    Quarter,
    /// A year.
    #[component(name = "year")]
    Year,
    /// One window without end.
    #[component(name = "lifetime")]
    Lifetime,
}

/// A moment that the host resolves, so that rules need no time zones: `{"at": ms}`, `{"after_days": n}`, `{"after_months": n}`, `{"end_of": "month"}`.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[component(variant)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    #[component(name = "at")]
    At(i64),
    /// Days after the event.
    #[component(name = "after-days")]
    AfterDays(u32),
    /// Calendar months after the event.
    #[component(name = "after-months")]
    AfterMonths(u32),
    /// The end of the window that the event lies in.
    #[component(name = "end-of")]
    EndOf(Window),
}

impl Attribute {
    /// A named value.
    pub fn new(name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}
