//! What rules say about themselves: the answer of `describe`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::json;
use super::values::Window;

/// What a program is, handles, needs and has, for one configuration.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lower case, digits, hyphens.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// Kinds of event that it wants: `purchase`, `activity:review`, ….
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<String>,
    /// Parts of the member's view that it wants filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Abilities of the host that it can't do without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// JSON Schema of its configuration, as text.
    #[component(name = "config-schema")]
    pub config_schema: String,
    /// By locale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<LocaleTexts>,
    /// What a member can get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<Reward>,
    /// What the host counts for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<CounterDef>,
    /// Names of badges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<String>,
    /// Names of tiers, lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// Campaigns of the operator that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<String>,
    /// Limits that it asks the host to keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

/// The texts of one locale; in JSON `entries` is an object.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct LocaleTexts {
    /// BCP 47, such as `en` or `de-AT`.
    pub locale: String,
    /// Key and text; `{name}` in a text is filled from the message's arguments.
    #[serde(with = "json::texts")]
    pub entries: Vec<(String, String)>,
}

/// Something a member can get.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Unique in the manifest.
    pub id: String,
    /// From the register of reward kinds, or `x-…`.
    pub kind: String,
    /// Pieces ever, less held and taken; none is without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u64>,
    /// Pieces that one member can take in a window.
    #[component(name = "per-member")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member: Option<Limit>,
}

/// Something the host counts for each member.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct CounterDef {
    /// Unique in the manifest.
    pub name: String,
    /// When it starts again from zero.
    pub window: Window,
    /// Closed windows to keep in the member's view.
    #[serde(default)]
    pub keep: u8,
    /// Whether a period's close carries the sum over all members.
    #[serde(default)]
    pub totals: bool,
}

/// So many in a window.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What the limit is called.
    pub name: String,
    /// Zero or more.
    pub max: i64,
    /// In which window.
    pub window: Window,
}

/// What is wrong with a configuration.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) into the configuration.
    pub pointer: String,
    /// What to do about it.
    pub detail: String,
}
