//! What redeeming is asked with, and what quotes and offers answer.

use coalition_domain::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::purchase::MemberRef;
use crate::views::Money;

/// A reward to be quoted or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRedemption {
    /// Whose reward: the slug. A partner may leave it out: it is itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, example = "bakehouse")]
    pub partner: Option<String>,
    /// Which.
    #[schema(min_length = 1, max_length = 128, example = "free-item")]
    pub reward: String,
    /// How many; 1 where it is left out.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000, required = false)]
    pub quantity: u32,
    /// Pay with points: how much of the bill, minor units of the partner's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount: Option<i64>,
    /// Whose points, at a till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub member: Option<MemberRef>,
    /// The till's own number, at a till: unique for ever at this partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 128)]
    pub external_id: Option<String>,
    /// The member's one-time code, at a till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64)]
    pub code: Option<String>,
}

const fn one() -> u32 {
    1
}

/// A hold to be spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCapture {
    /// The till's own number: unique for ever at this partner.
    #[schema(min_length = 1, max_length = 128)]
    pub external_id: String,
    /// How much of the value; all of it where it is left out. Minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount: Option<i64>,
}

/// Captured points to be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReversal {
    /// The till's own number: unique for ever at this partner.
    #[schema(min_length = 1, max_length = 128)]
    pub external_id: String,
    /// How many; all that is left where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub points: Option<i64>,
}

/// A price.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QuoteView {
    /// Whose reward: the slug.
    pub partner: String,
    /// Which.
    pub reward: String,
    /// For people.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// What it costs.
    pub points: i64,
    /// What it is worth at the till.
    pub value: Money,
    /// When a hold made now would end.
    #[schema(value_type = String, format = DateTime)]
    pub hold_until: Instant,
}

/// What a member can get now, or what is still missing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OfferView {
    /// Whose: the slug.
    pub partner: String,
    /// Which, for a redemption.
    pub reward: String,
    /// For people.
    pub title: String,
    /// From the register: `money_off`, `free_item`, `voucher`, …
    pub kind: String,
    /// What it costs; null where it depends on the amount.
    pub points: Option<i64>,
    /// What it is worth.
    pub value: Option<Money>,
    /// Whether it can be had now.
    pub eligible: bool,
    /// Why not, for people.
    pub reason: Option<String>,
    /// How far it is.
    pub target: Option<TargetView>,
    /// Pieces left; null where they are not counted.
    pub stock: Option<i64>,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Instant>,
    /// From the rules.
    #[schema(value_type = Object)]
    pub attributes: Value,
}

/// How far an offer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TargetView {
    /// So far.
    pub have: i64,
    /// Needed.
    pub need: i64,
    /// Of what.
    pub unit: String,
}

/// Offers of every partner.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OffersView {
    /// By partner, in the order in which its rules tell them.
    pub items: Vec<OfferView>,
}
