//! What the chain covers of each row, in canonical bytes.
//!
//! A leaf names its table and holds every column that must not change, each with its length before it. What moves with time
//! (a lot's remaining, a redemption's status) is not in it: it follows from the transfers and allocations, which are.

use coalition_domain::chain::{Hash, leaf};
use uuid::Uuid;

use crate::entities::{allocations, badges, decisions, lots, redemptions, refunds, states, tier_changes, transactions, transfers};

struct Leaf(Vec<u8>);

impl Leaf {
    fn of(table: &str) -> Self {
        Self(Vec::with_capacity(256)).bytes(table.as_bytes())
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    fn id(self, id: Uuid) -> Self {
        self.bytes(id.as_bytes())
    }

    fn int(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Nothing is told apart from an empty value by its length.
    fn none(mut self) -> Self {
        self.0.extend_from_slice(&u64::MAX.to_be_bytes());
        self
    }

    fn maybe<T>(self, value: Option<T>, put: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => put(self, value),
            None => self.none(),
        }
    }

    fn hash(self) -> Hash {
        leaf(&self.0)
    }
}

/// A row that the chain covers.
pub trait Covered {
    /// Its leaf.
    fn leaf(&self) -> Hash;
    /// The commit, and so the block, that wrote it.
    fn commit_id(&self) -> Uuid;
}

macro_rules! covered {
    ($($table:ident => |$row:ident, $leaf:ident| $bytes:expr;)*) => {$(
        impl Covered for $table::Model {
            fn leaf(&self) -> Hash {
                let ($row, $leaf) = (self, Leaf::of(stringify!($table)).id(self.member_id));
                $bytes.hash()
            }

            fn commit_id(&self) -> Uuid {
                self.commit_id
            }
        }
    )*};
}

covered! {
    transfers => |row, leaf| leaf.id(row.id).int(row.kind).int(row.from_account).int(row.to_account).maybe(row.partner_id, Leaf::id).int(row.points)
        .maybe(row.lot_id, Leaf::id).maybe(row.subject_id, Leaf::id).maybe(row.decision_id, Leaf::id).maybe(row.reason.as_deref(), Leaf::text)
        .int(row.effective_at).int(row.recorded_at);
    lots => |row, leaf| leaf.id(row.id).id(row.issuer_id).int(row.points).maybe(row.available_at, Leaf::int).maybe(row.action.as_deref(), Leaf::text)
        .maybe(row.expires_at, Leaf::int).int(row.earned_at).int(row.price).text(&row.award_key).id(row.plugin_id).id(row.decision_id)
        .id(row.transaction_id).maybe(row.parent_id, Leaf::id);
    allocations => |row, leaf| leaf.id(row.transfer_id).int(row.ordinal).id(row.lot_id).id(row.redemption_id).int(row.points);
    redemptions => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.reward).int(row.quantity).int(row.points).int(row.value).text(&row.currency)
        .int(row.settlement_value).text(&row.title).text(&row.till).maybe(row.external_id.as_deref(), Leaf::text).text(&row.code).int(row.held_at)
        .int(row.hold_until).id(row.decision_id);
    transactions => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at).int(row.total).text(&row.body);
    decisions => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.kind).id(row.subject_id).id(row.plugin_id).bytes(&row.digest).bytes(&row.config_id)
        .text(&row.contract).text(&row.engine).text(&row.status).int(row.fuel).text(&row.view).text(&row.output).int(row.capped)
        .int(row.state_before).int(row.state_after).int(row.recorded_at);
    refunds => |row, leaf| leaf.id(row.id).id(row.partner_id).id(row.transaction_id).text(&row.external_id).int(row.occurred_at).int(row.recorded_at)
        .int(row.amount).text(&row.body).text(&row.evaluations);
    states => |row, leaf| leaf.id(row.partner_id).int(row.version).bytes(&row.bytes);
    badges => |row, leaf| leaf.id(row.id).id(row.partner_id).text(&row.badge).text(&row.period).text(&row.step).id(row.decision_id).int(row.recorded_at);
    tier_changes => |row, leaf| leaf.id(row.id).id(row.partner_id).maybe(row.tier.as_deref(), Leaf::text).maybe(row.until_at, Leaf::int).text(&row.reason)
        .id(row.decision_id).int(row.recorded_at);
}
