//! The database: entities and every query.
//!
//! Architecture invariant: the only crate (with the migrations) that names sea-orm or knows SQL. Queries are functions that take a
//! connection, so that they run on the pool or inside a transaction; they decide nothing, they read and write what they are told.

pub mod adjustments;
pub mod analytics;
pub mod announcements;
pub mod audit;
pub mod audit_ledger;
pub mod calendar;
pub mod campaigns;
pub mod clients;
pub mod commit;
pub mod connect;
pub mod entities;
pub mod error;
pub mod group;
pub mod idempotency;
pub mod keys;
pub mod leaves;
pub mod load;
pub mod members;
pub mod partners;
pub mod people;
pub mod plugins;
pub mod program;
pub mod reads;
pub mod seal;
pub mod sealed;
mod sets;

pub use connect::Store;
pub use error::StoreError;
pub use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionSession};
