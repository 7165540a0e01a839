//! What the coalition counts with: ids, points, money, calendar, and the ledger of one member.
//!
//! Architecture invariant: this crate is pure. It reads no clock, draws no random number, and knows neither SQL, HTTP nor wasm;
//! time and new ids are passed in, so that a test replays exactly. It depends on nothing of ours.

pub mod account;
pub mod calendar;
pub mod chain;
pub mod evidence;
pub mod holding;
pub mod ids;
pub mod ledger;
pub mod lot;
pub mod money;
pub mod points;

pub use account::{Account, Transfer, TransferKind};
pub use calendar::{Calendar, Instant, Window};
pub use holding::{Hold, Shares};
pub use ids::{DecisionId, LotId, MemberId, MessageId, PartnerId, PluginId, RedemptionId, TransactionId, TransferId, VoucherId};
pub use ledger::{Balances, HoldRequest, Ledger, LedgerError};
pub use lot::{Lot, NewLot};
pub use money::{Currency, Money};
pub use points::Points;
