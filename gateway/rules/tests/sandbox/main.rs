//! The sandbox from outside: what an upload is told, what hostile rules come to, and that decisions repeat to the byte.
//! The components are made here, of WebAssembly text, so that each does exactly one thing wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that can't go on should panic, and its numbers are its own"
)]

mod compiling;
mod component;
mod decisions;
mod frozen;
mod harness;
mod hostile;
mod uploads;
