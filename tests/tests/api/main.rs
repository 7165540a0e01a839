//! The stories: what a client of the gateway may rely on, told over HTTP against the real binary. One module a resource, as the URLs are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_docs,
    reason = "a story fails by panicking, and its name is its documentation"
)]

mod adjustments;
mod archetypes;
mod authorization;
mod campaigns;
mod clock;
mod crashes;
mod decisions;
mod discovery;
mod events;
mod evidence;
mod expiry;
mod histories;
mod idempotency;
mod ledger;
mod members;
mod offers;
mod partners;
mod past;
mod people;
mod plugins;
mod races;
mod receipts;
mod redemptions;
mod robustness;
mod tampering;
mod tiers;
mod tokens;
mod transactions;
