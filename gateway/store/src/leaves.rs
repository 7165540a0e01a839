//! What the chain covers of each row, in canonical bytes.
//!
//! A leaf names its table and holds every column that must not change, as [`coalition_domain::chain::canonical`] has it. What moves with time
//! (a lot's remaining, a redemption's status) is not in it: it follows from the transfers and allocations, which are.

use coalition_domain::chain::Hash;
use coalition_domain::chain::canonical::{Canonical as Leaf, TransferRow};
use uuid::Uuid;

use crate::entities::{
    adjustments, allocations, badges, decisions, lots, redemptions, refunds, states, tier_changes, transactions, transfers,
};

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
    ($($table:ident($name:ident) => |$row:ident, $leaf:ident| $bytes:expr;)*) => {$(
        impl Covered for $table::Model {
            fn leaf(&self) -> Hash {
                let ($row, $leaf) = (self, Leaf::of(stringify!($table)).id(self.member_id));
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
    lots(id) => |row, leaf| leaf.id(row.id).id(row.issuer_id).int(row.points).maybe(row.available_at, Leaf::int).maybe(row.action.as_deref(), Leaf::text)
        .maybe(row.expires_at, Leaf::int).int(row.earned_at).int(row.price).text(&row.award_key).id(row.plugin_id).id(row.decision_id)
        .id(row.transaction_id).maybe(row.parent_id, Leaf::id);
    allocations(transfer_id) => |row, leaf| leaf.id(row.transfer_id).int(row.ordinal).id(row.lot_id).id(row.redemption_id).int(row.points);
    redemptions(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.reward).int(row.quantity).int(row.points).int(row.value).text(&row.currency)
        .int(row.settlement_value).text(&row.title).text(&row.till).maybe(row.external_id.as_deref(), Leaf::text).text(&row.code).int(row.held_at)
        .int(row.hold_until).id(row.decision_id);
    transactions(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at).int(row.total).text(&row.body);
    decisions(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.kind).id(row.subject_id).id(row.plugin_id).bytes(&row.digest).bytes(&row.config_id)
        .text(&row.contract).text(&row.engine).text(&row.status).int(row.fuel).text(&row.view).text(&row.output).int(row.capped)
        .int(row.state_before).int(row.state_after).int(row.recorded_at);
    adjustments(id) => |row, leaf| leaf.id(row.id).int(row.points).text(&row.reason).text(&row.requested_by).int(row.requested_at)
        .maybe(row.approved_by.as_deref(), Leaf::text).int(row.recorded_at);
    refunds(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).id(row.transaction_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at)
        .int(row.amount).text(&row.body).text(&row.evaluations);
    states(member_id) => |row, leaf| leaf.id(row.partner_id).int(row.version).bytes(&row.bytes);
    badges(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.badge).text(&row.period).text(&row.step).id(row.decision_id).int(row.recorded_at);
    tier_changes(id) => |row, leaf| leaf.id(row.id).id(row.partner_id).maybe(row.tier.as_deref(), Leaf::text).maybe(row.until_at, Leaf::int).text(&row.reason)
        .id(row.decision_id).int(row.recorded_at);
}
