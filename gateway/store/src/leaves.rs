//! What the chain covers of each row, in canonical bytes.
//!
//! A leaf names its table and holds every column that must not change, as [`coalition_domain::chain::canonical`] has it. What moves with time
//! (a lot's remaining, a redemption's status) is not in it: it follows from the transfers and allocations, which are.

use coalition_domain::chain::Hash;
use coalition_domain::chain::canonical::{Canonical as Leaf, TransferRow};
use uuid::Uuid;

use crate::entities::{
    adjustments, allocations, badges, campaign_shares, campaigns, captures, closings, decisions, events, gifts, household_changes, lots,
    merges, prices, qualifying, redemption_shares, redemptions, refunds, states, tier_changes, transactions, transfers, vouchers,
};
use crate::group::{Group, Rows};

/// The tables that the chain covers, each with its place for ever: whoever goes through them all does so by this list.
macro_rules! covered_tables {
    ($do:ident) => {
        $do! {
            transfers 0, lots 1, allocations 2, redemptions 3, transactions 4, decisions 5, states 6, badges 7, tier_changes 8, refunds 9,
            adjustments 10, vouchers 11, captures 12, qualifying 13, prices 14, campaigns 15, campaign_shares 16,
            gifts 17, merges 18, closings 19, household_changes 20, redemption_shares 21, events 22
        }
    };
}
pub(crate) use covered_tables;

/// Those of them that are written for a member, by the one write path: a list of new rows each in [`Rows`], of the table's name.
macro_rules! member_tables {
    ($do:ident) => {
        $do! {
            transfers, lots, allocations, redemptions, transactions, decisions, states, badges, tier_changes, refunds, adjustments, vouchers,
            captures, qualifying, gifts, merges, closings, household_changes, redemption_shares, events
        }
    };
}

impl Group {
    /// Gives every new row its commit, in place of that of a try before.
    pub fn stamp(&mut self, before: Uuid, commit: Uuid) {
        self.parts.iter_mut().for_each(|part| part.rows.stamp(before, commit));
    }
}

impl Rows {
    /// Gives every new row its commit. A lot that only changes what is left of it keeps the commit of its birth.
    fn stamp(&mut self, before: Uuid, commit: Uuid) {
        macro_rules! stamp {
            ($($table:ident),*) => {$(
                self.$table.iter_mut().filter(|row| row.commit_id == before).for_each(|row| row.commit_id = commit);
            )*};
        }
        member_tables!(stamp);
    }

    /// The leaves of the rows that this commit writes.
    pub(crate) fn leaves(&self, commit: Uuid) -> Vec<Hash> {
        let mut leaves = Vec::new();
        macro_rules! gather {
            ($($table:ident),*) => {$(
                leaves.extend(self.$table.iter().filter(|row| row.commit_id == commit).map(Covered::leaf));
            )*};
        }
        member_tables!(gather);
        leaves
    }
}

/// A row that the chain covers.
pub trait Covered {
    /// Its leaf.
    fn leaf(&self) -> Hash;
    /// The commit, and so the block, that wrote it.
    fn commit_id(&self) -> Uuid;
    /// What people are told of it, where it is not as it was: its own id, or what it hangs on.
    fn name(&self) -> Uuid;
}

impl transfers::Model {
    /// As it is hashed.
    #[must_use]
    pub fn row(&self) -> TransferRow<'_> {
        TransferRow {
            member_id: self.member_id,
            id: self.id,
            kind: self.kind,
            from_account: self.from_account,
            to_account: self.to_account,
            partner_id: self.partner_id,
            points: self.points,
            lot_id: self.lot_id,
            subject_id: self.subject_id,
            decision_id: self.decision_id,
            reason: self.reason.as_deref(),
            effective_at: self.effective_at,
            recorded_at: self.recorded_at,
        }
    }
}

impl Covered for transfers::Model {
    fn leaf(&self) -> Hash {
        self.row().leaf()
    }

    fn commit_id(&self) -> Uuid {
        self.commit_id
    }

    fn name(&self) -> Uuid {
        self.id
    }
}

macro_rules! covered {
    ($($table:ident($owner:ident, $name:ident) => |$row:ident, $leaf:ident| $bytes:expr;)*) => {$(
        impl Covered for $table::Model {
            fn leaf(&self) -> Hash {
                let ($row, $leaf) = (self, Leaf::of(stringify!($table)).id(self.$owner));
                $bytes.leaf()
            }

            fn commit_id(&self) -> Uuid {
                self.commit_id
            }

            fn name(&self) -> Uuid {
                self.$name
            }
        }
    )*};
}

covered! {
    lots(member_id, id) => |row, leaf| leaf.id(row.id).id(row.issuer_id).int(row.points).maybe(row.available_at, Leaf::int).maybe(row.action.as_deref(), Leaf::text)
        .maybe(row.expires_at, Leaf::int).int(row.earned_at).int(row.price).text(&row.award_key).id(row.plugin_id).id(row.decision_id)
        .id(row.transaction_id).maybe(row.parent_id, Leaf::id)
        .also("sliding", row.sliding.as_deref(), Leaf::text).also("campaign", row.campaign.as_deref(), Leaf::text).also("decided_by", row.decided_by, Leaf::id);
    allocations(member_id, transfer_id) => |row, leaf| leaf.id(row.transfer_id).int(row.ordinal).id(row.lot_id).id(row.redemption_id).int(row.points);
    redemptions(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.reward).int(row.quantity).int(row.points).int(row.value).text(&row.currency)
        .int(row.settlement_value).text(&row.title).text(&row.till).maybe(row.external_id.as_deref(), Leaf::text).text(&row.code).int(row.held_at)
        .int(row.hold_until).id(row.decision_id).also("campaign", row.campaign.as_deref(), Leaf::text);
    transactions(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at).int(row.total).text(&row.body);
    decisions(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.kind).id(row.subject_id).id(row.plugin_id).bytes(&row.digest).bytes(&row.config_id)
        .text(&row.contract).text(&row.engine).text(&row.status).int(row.fuel).text(&row.view).text(&row.output).int(row.capped)
        .int(row.state_before).int(row.state_after).int(row.recorded_at);
    adjustments(member_id, id) => |row, leaf| leaf.id(row.id).int(row.points).text(&row.reason).text(&row.requested_by).int(row.requested_at)
        .maybe(row.approved_by.as_deref(), Leaf::text).int(row.recorded_at);
    refunds(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).id(row.transaction_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at)
        .int(row.amount).text(&row.body).text(&row.evaluations);
    events(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.kind).maybe(row.external_id.as_deref(), Leaf::text).maybe(row.cause_id, Leaf::id)
        .int(row.occurred_at).int(row.recorded_at).text(&row.body);
    states(member_id, member_id) => |row, leaf| leaf.id(row.partner_id).int(row.version).bytes(&row.bytes);
    badges(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.badge).text(&row.period).text(&row.step).id(row.decision_id).int(row.recorded_at);
    tier_changes(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).maybe(row.tier.as_deref(), Leaf::text).maybe(row.until_at, Leaf::int).text(&row.reason)
        .id(row.decision_id).int(row.recorded_at);
    vouchers(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.template).text(&row.voucher_key).text(&row.code)
        .maybe(row.value, Leaf::int).maybe(row.currency.as_deref(), Leaf::text).maybe(row.expires_at, Leaf::int).text(&row.reason).text(&row.attributes)
        .id(row.decision_id).int(row.created_at);
    captures(member_id, id) => |row, leaf| leaf.id(row.id).id(row.redemption_id).id(row.partner_id).int(row.points).int(row.value).text(&row.currency)
        .int(row.settlement_value).int(row.recorded_at);
    qualifying(member_id, id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.counts).int(row.occurred_at).int(row.amount).id(row.subject_id).int(row.recorded_at);
    prices(partner_id, id) => |row, leaf| leaf.id(row.id).int(row.from_at).int(row.issue_price).int(row.redeem_price);
    campaigns(id, id) => |row, leaf| leaf.int(row.version).text(&row.slug).int(row.budget_points).int(row.from_at).int(row.to_at)
        .int(row.closed.into()).int(row.recorded_at);
    campaign_shares(campaign_id, campaign_id) => |row, leaf| leaf.id(row.partner_id).int(row.basis_points);
    gifts(member_id, id) => |row, leaf| leaf.id(row.id).id(row.to_id).int(row.points).maybe(row.external_id.as_deref(), Leaf::text).text(&row.requested_by)
        .int(row.recorded_at);
    merges(member_id, id) => |row, leaf| leaf.id(row.id).id(row.into_id).text(&row.requested_by).int(row.recorded_at);
    closings(member_id, id) => |row, leaf| leaf.id(row.id).int(row.available).int(row.pending).int(row.arrears).text(&row.requested_by).int(row.recorded_at);
    household_changes(member_id, id) => |row, leaf| leaf.id(row.id).id(row.household_id).text(&row.step).text(&row.requested_by).int(row.recorded_at);
    redemption_shares(member_id, redemption_id) => |row, leaf| leaf.id(row.redemption_id).id(row.redeemer_id).id(row.partner_id).int(row.points).int(row.hold_until);
}
