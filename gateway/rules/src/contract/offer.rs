//! What a member can get: the questions and answers of `offers` and `quote`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::event::Purchase;
use super::json;
use super::values::{Attribute, Instant, Message, Moment, Money};

/// Where and when is asked.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// When.
    pub at: Instant,
    /// Chance for rules that need it.
    #[serde(default)]
    pub seed: u64,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// How: a name of the register's channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What else is known.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Something the member can get, or what is still missing.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The manifest's reward.
    pub reward: String,
    /// What it is called.
    pub title: Message,
    /// Its price; none when it depends on what is asked, or costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// What it is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// Whether a quote would be given now, as far as the rules know.
    pub eligible: bool,
    /// Why, or why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Message>,
    /// How far the member is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// In milliseconds since 1970.
    #[component(name = "valid-until")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<i64>,
    /// For whoever shows it.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// How far the member is: 7 of 10 stamps.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What the member has.
    pub have: i64,
    /// What is needed.
    pub need: i64,
    /// Of what: a key of the manifest's texts, or a plain word.
    pub unit: String,
}

/// What a reward would cost.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The manifest's reward.
    pub reward: String,
    /// Pieces.
    #[serde(default = "one")]
    pub quantity: u32,
    /// For paying with points at the till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What is on the till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basket: Option<Purchase>,
    /// Where and when.
    pub context: Context,
}

fn one() -> u32 {
    1
}

/// A price.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Quotation {
    /// Zero or more, for all pieces.
    pub points: i64,
    /// What they buy; the operator settles by it.
    pub value: Money,
    /// What it is called.
    pub title: Message,
    /// How long the voucher holds, within the host's bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Moment>,
    /// A campaign agreed with the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// What the till needs to know.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub till: Vec<Attribute>,
}
