//! What rules want done. In JSON each effect is an object with its `kind`: `{"kind": "award", "key": "base", "points": 5, …}`.

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

use super::json;
use super::values::{Attribute, Message, Moment, Money};

/// One thing that rules want done.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(variant)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Points for the member.
    #[component(name = "award")]
    Award(Award),
    /// Points taken back; only in answer to a refund.
    #[component(name = "recover")]
    Recover(Recovery),
    /// A counter moves.
    #[component(name = "progress")]
    Progress(Progress),
    /// A badge is granted.
    #[component(name = "grant-badge")]
    GrantBadge(Badge),
    /// A badge is taken back.
    #[component(name = "revoke-badge")]
    RevokeBadge(Badge),
    /// The tier in this program changes.
    #[component(name = "set-tier")]
    SetTier(TierChange),
    /// A voucher is issued.
    #[component(name = "issue-voucher")]
    IssueVoucher(Voucher),
    /// A voucher is taken back, by the id of the member's view.
    #[component(name = "revoke-voucher")]
    RevokeVoucher(#[serde(with = "json::voucher_id")] String),
    /// A message for the member.
    #[component(name = "tell")]
    Tell(Message),
    /// An event for a related member.
    #[component(name = "signal")]
    Signal(Signal),
    /// Something for the partner's own systems; it moves nothing.
    #[component(name = "instruct")]
    Instruct(Instruction),
    /// A kind that a later 1.x knows.
    #[component(name = "other")]
    Other(Instruction),
}

/// Points for the member.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// Unique in one answer; a refund pairs the award with its re-evaluation by it.
    pub key: String,
    /// Above zero.
    pub points: i64,
    /// Why, for the member's statement.
    pub reason: Message,
    /// Numbers of the lines it is for; empty is the whole receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<u32>,
    /// From when the points can be spent.
    #[serde(default = "Availability::now", skip_serializing_if = "Availability::is_now")]
    pub available: Availability,
    /// None: as the program has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// A campaign agreed with the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
}

/// Points taken back.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The award's key.
    pub key: String,
    /// Above zero.
    pub points: i64,
    /// Why.
    pub reason: Message,
}

/// From when points can be spent: `"now"`, `{"later": {"after_days": 14}}`, `{"on_action": "delivered"}`.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(variant)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// At once.
    #[component(name = "now")]
    Now,
    /// By the clock.
    #[component(name = "later")]
    Later(Moment),
    /// When the partner says that this has happened.
    #[component(name = "on-action")]
    OnAction(String),
}

impl Availability {
    fn now() -> Self {
        Self::Now
    }

    fn is_now(&self) -> bool {
        matches!(self, Self::Now)
    }
}

/// A counter moves.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The manifest's counter.
    pub counter: String,
    /// May be below zero.
    pub delta: i64,
}

/// A badge, unique by name and period.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Badge {
    /// The manifest's badge.
    pub name: String,
    /// The period it is for; empty is for ever.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
}

/// The tier changes.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct TierChange {
    /// The manifest's tier, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// None: without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Why.
    pub reason: Message,
}

/// A voucher is issued.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Voucher {
    /// Unique in one answer; a refund pairs the voucher with its re-evaluation by it.
    pub key: String,
    /// The manifest's reward that it stands for.
    pub template: String,
    /// What it is worth, when it is worth money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// None: without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// Why.
    pub reason: Message,
    /// What the till needs to know.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// An event for a related member; in JSON its own kind is `signal`, since `kind` is the effect's.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// How the member is related.
    pub relation: String,
    /// What is said.
    #[serde(rename = "signal")]
    pub kind: String,
    /// What it carries.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// Something for the partner's own systems; in JSON its own kind is `instruction`, since `kind` is the effect's.
#[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[component(record)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// From the register in `attributes.md`, or `x-…`.
    #[serde(rename = "instruction")]
    pub kind: String,
    /// What it carries.
    #[serde(default, with = "json::attributes", skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}
