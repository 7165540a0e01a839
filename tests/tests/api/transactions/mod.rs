//! Purchases: posted alone or in batches, read again, and refused when they can't be right.

mod bad_input;
mod batch;
mod deferral;
mod list;
mod refund;
mod single;
mod waiting;
