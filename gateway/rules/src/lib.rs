//! The sandbox.
pub mod contract;
