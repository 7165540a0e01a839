//! What the coalition counts with: ids, points, money, calendar, and the ledger of one member.
//!
//! Architecture invariant: this crate is pure. It reads no clock, draws no random number, and knows neither SQL, HTTP nor wasm;
//! time and new ids are passed in, so that a test replays exactly. It depends on nothing of ours.

pub mod account;
pub mod apportion;
pub mod calendar;
pub mod chain;
pub mod evidence;
pub mod expiry;
pub mod holding;
pub mod ids;
pub mod ledger;
pub mod lot;
#[cfg(any(test, feature = "model"))]
pub mod model;
pub mod money;
pub mod points;
pub mod pool;
pub mod provenance;
pub mod refund;
#[cfg(test)]
mod testing;
pub mod tiers;
pub mod timeline;
pub mod transfer;

pub use account::Account;
pub use apportion::{SharesError, apportion, give_back, split_basis_points};
pub use calendar::{Calendar, Instant, Window};
pub use expiry::{ExpiryPolicy, Span, effective_expiry};
pub use holding::{Hold, Shares};
pub use ids::{
    ActivityId, AdjustmentId, CampaignId, DecisionId, EventId, GiftId, HouseholdId, LotId, MemberId, MergeId, MessageId, PartnerId,
    PluginId, RedemptionId, RefundId, TransactionId, TransferId, VoucherId,
};
pub use ledger::{
    AdjustDown, Balances, Clawback, ClawbackRequest, Estate, Forfeited, HoldRequest, Ledger, LedgerError, Parcel, RecoveryPolicy, Taking,
    Waiting,
};
pub use lot::{Lot, NewLot};
pub use money::{Currency, Money};
pub use points::Points;
pub use pool::{PoolPart, split_pool};
pub use provenance::{Source, provenance};
pub use timeline::{Entry, Promise, Timeline, TimelineError};
pub use transfer::{Transfer, TransferKind};
