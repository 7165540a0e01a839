//! The gateway over HTTP: extract → call → map.
//!
//! Architecture invariant: no SQL and no policy. A handler takes what was sent, already checked, calls one use case of `coalition-app`
//! and maps what it gives. Whatever holds for every call stands once: problems in [`problem`], tokens and rates in [`call`], bodies in
//! [`body`], ids of requests and counters in [`edge`], the answers that all calls share in [`openapi`].
//!
//! # How to add an endpoint
//!
//! 1. Write the use case in `coalition-app`, with its input and its view deriving `utoipa::ToSchema`.
//! 2. Add a file at the path of its URL: `POST /v1/partners/{id}/suspend` is `v1/partners/suspend.rs`. Its handler takes a
//!    [`call::Call`] (with [`body::Body`] or [`query::Query`] where it takes one) and gives a [`reply::Reply`]. Document it with
//!    `#[utoipa::path]`: operation id, tag, the good answers, and each 4xx of its own; [`openapi`] adds what all calls share.
//! 3. Register it in the `configure` of its module, fixed paths before patterns.

pub mod body;
pub mod call;
mod docs;
pub mod edge;
mod health;
pub mod limiter;
mod oauth;
pub mod openapi;
pub mod problem;
pub mod query;
pub mod reply;
pub mod routes;
pub mod server;
pub mod settings;
pub mod shared;
mod v1;
mod well_known;

pub use server::{Bound, Stop, bind};
pub use settings::Settings;
