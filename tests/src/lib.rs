//! Black-box tests of the coalition gateway: the harness that starts it for real, the receipts that they post, and a lean load generator.
//! Also the home of `demo`, `bench` and `soak`. Nothing here ships with the gateway.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "in a test's support a panic is the report, and it names the line"
)]

pub mod archetypes;
pub mod chance;
pub mod cpu;
pub mod crashes;
pub mod harness;
pub mod histories;
pub mod load;
pub mod purse;
pub mod races;
pub mod receipts;
pub mod tamper;
