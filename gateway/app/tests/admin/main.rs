//! The operator's and the partners' side of the application on a real database: everything but what moves points, and what that costs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    reason = "tests stop where something is not as expected"
)]

/// Components from a few lines of text, as the sandbox's own tests make them.
#[path = "../../../rules/tests/sandbox/component.rs"]
#[allow(dead_code, reason = "the sandbox's tests use all of it")]
mod component;
mod credentials;
mod harness;
mod idempotency;
mod members;
mod partners;
mod plugins;
mod program;
mod statements;
