//! The member, as this program may know it. Everything is as it was before the event; lists that the manifest doesn't need are empty.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::json;
use super::values::{Attribute, Instant};

/// The member's view. In JSON only `id` and `enrolled` must be there.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// A pseudonym; it differs per partner.
    pub id: String,
    /// When the member joined.
    pub enrolled: Instant,
    /// The tier in the coalition.
    #[component(name = "coalition-tier")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coalition_tier: Option<String>,
    /// The tier in this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierHeld>,
    /// Kinds of relation that the member has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<String>,
    /// At this partner, ever.
    #[serde(default)]
    pub activity: Totals,
    /// At this partner, by month, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Month>,
    /// The manifest's counters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
    /// Badges held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<BadgeHeld>,
    /// Vouchers by template.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouchers: Vec<VoucherHeld>,
    /// Awards by key, less what was taken back; the newest 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awarded: Vec<AwardHeld>,
    /// Points available in the coalition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<i64>,
    /// Facts that the member consented to.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Points held under an award's key.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct AwardHeld {
    /// The award's key.
    pub key: String,
    /// Points, less all that was taken back.
    pub points: i64,
}

/// Purchases at this partner, ever.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// How many.
    pub purchases: u32,
    /// Minor units of the partner's currency.
    pub spend: i64,
    /// The first, in milliseconds since 1970.
    #[component(name = "first-at")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<i64>,
    /// The last, in milliseconds since 1970.
    #[component(name = "last-at")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<i64>,
}

/// Purchases in a month.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Month {
    /// Year × 100 + month, such as 201711.
    pub month: u32,
    /// How many.
    pub purchases: u32,
    /// Minor units of the partner's currency.
    pub spend: i64,
}

/// A counter's windows.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// The manifest's counter.
    pub name: String,
    /// Newest first; the first is the open window.
    pub values: Vec<i64>,
}

/// The tier held.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct TierHeld {
    /// The manifest's tier.
    pub name: String,
    /// In milliseconds since 1970.
    pub since: i64,
    /// In milliseconds since 1970; none is without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A badge held.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct BadgeHeld {
    /// The manifest's badge.
    pub name: String,
    /// The period it was granted for; empty when it is for ever.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// In milliseconds since 1970.
    pub at: i64,
}

/// Vouchers of one template.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct VoucherHeld {
    /// The manifest's reward that the voucher stands for.
    pub template: String,
    /// Ever, less those revoked.
    pub issued: u32,
    /// Ids that are neither used, revoked nor expired, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
}
