//! What a commit is told to write, and what it answers.

use uuid::Uuid;

use crate::entities::{
    adjustment_requests, adjustments, allocations, badges, balances, business_ids, captures, closings, decisions, deferrals, events, gifts,
    household_changes, households, idempotency_keys, lots, merges, messages, profiles, qualifying, redemption_shares, redemptions, refunds,
    states, tier_changes, transactions, transfers, vouchers,
};

/// Rows to write for one member.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// External ids taken, with their answers.
    pub business_ids: Vec<business_ids::Model>,
    /// Header keys taken, with their answers.
    pub idempotency_keys: Vec<idempotency_keys::Model>,
    /// New.
    pub transactions: Vec<transactions::Model>,
    /// New.
    pub adjustments: Vec<adjustments::Model>,
    /// New, or decided.
    pub adjustment_requests: Vec<adjustment_requests::Model>,
    /// New.
    pub refunds: Vec<refunds::Model>,
    /// New.
    pub decisions: Vec<decisions::Model>,
    /// New.
    pub transfers: Vec<transfers::Model>,
    /// New, or with another remaining, held or pending.
    pub lots: Vec<lots::Model>,
    /// New.
    pub allocations: Vec<allocations::Model>,
    /// New.
    pub redemptions: Vec<redemptions::Model>,
    /// With another status, captured or reversed.
    pub redemptions_changed: Vec<redemptions::Model>,
    /// New.
    pub captures: Vec<captures::Model>,
    /// New.
    pub qualifying: Vec<qualifying::Model>,
    /// New.
    pub vouchers: Vec<vouchers::Model>,
    /// Revoked.
    pub vouchers_revoked: Vec<Uuid>,
    /// New.
    pub badges: Vec<badges::Model>,
    /// New.
    pub tier_changes: Vec<tier_changes::Model>,
    /// New.
    pub messages: Vec<messages::Model>,
    /// New.
    pub states: Vec<states::Model>,
    /// New, or with other facts.
    pub profiles: Vec<profiles::Model>,
    /// As it is after all of this.
    pub balance: Option<balances::Model>,
    /// New, or tried again in vain.
    pub deferrals: Vec<deferrals::Model>,
    /// Decided: (partner, transaction).
    pub deferrals_done: Vec<(Uuid, Uuid)>,
    /// What happened to this member, or to one related to them.
    pub events: Vec<events::Model>,
    /// Those of which every decision is made now.
    pub events_posted: Vec<events::Model>,
    /// Members whose relations have led to something, and stay as they are from now on.
    pub relations_fixed: Vec<Uuid>,
    /// Used up.
    pub vouchers_used: Vec<vouchers::Model>,
    /// Deferred transactions of which every decision is made now.
    pub transactions_posted: Vec<Uuid>,
    /// New.
    pub gifts: Vec<gifts::Model>,
    /// New.
    pub merges: Vec<merges::Model>,
    /// New.
    pub closings: Vec<closings::Model>,
    /// New.
    pub households: Vec<households::Model>,
    /// New.
    pub household_changes: Vec<household_changes::Model>,
    /// New.
    pub redemption_shares: Vec<redemption_shares::Model>,
    /// What becomes of the member's own row.
    pub member: Vec<MemberChange>,
}

/// What becomes of a member's own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// They spend with this household from now on; their invitation to it is used up.
    Joined(Uuid),
    /// They spend alone from now on.
    Left,
    /// They are this other member from now on, and so is whoever was merged into them before.
    MergedInto(Uuid),
    /// They are nobody: card, personal data, codes and aliases are gone, and those of everybody who was merged into them.
    Closed,
}

/// Points used of a partner's limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitUse {
    /// Whose limit.
    pub partner_id: Uuid,
    /// Which, such as `day:2026-11-21`.
    pub name: String,
    /// How much.
    pub used: i64,
    /// Of how much.
    pub max: i64,
}

/// Pieces taken (or, below zero, given back) of a reward's stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockUse {
    /// Whose reward.
    pub partner_id: Uuid,
    /// Which.
    pub reward: String,
    /// How many.
    pub pieces: i64,
}

/// A member's part in what was decided.
#[derive(Clone, Debug)]
pub struct Part {
    /// Who.
    pub member_id: Uuid,
    /// The version of the member's balances that it was decided on.
    pub version: i64,
    /// What to write.
    pub rows: Rows,
}

/// What was decided together, mostly for one member, for several where a command touches more: it lands together or not at all.
#[derive(Clone, Debug)]
pub struct Group {
    /// Every member that it was decided on, those of whom nothing is written too.
    pub parts: Vec<Part>,
    /// The rules' epochs that it was decided by.
    pub epochs: Vec<(Uuid, i64)>,
    /// Limits used.
    pub limits: Vec<LimitUse>,
    /// Stock used.
    pub stock: Vec<StockUse>,
    /// Hashes of one-time codes that are used up by it.
    pub codes: Vec<Vec<u8>>,
}

/// What became of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Written, with this commit.
    Written,
    /// One of its ids was taken meanwhile.
    Taken,
    /// One of its members, or the rules, have moved on.
    Moved,
    /// A limit or a stock has too little left.
    Exhausted,
    /// A one-time code of it was used meanwhile.
    CodeUsed,
}
