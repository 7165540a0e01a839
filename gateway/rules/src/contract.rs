//! The records of `sdk/wit/v1` (`coalition:rules@1.0.0`) as plain Rust types. Each derives wasmtime's component traits, so that it
//! crosses the boundary without a copy of our own, and serde's, so that the same value is stored, replayed, shown and written by hand.
//! The WIT says what a field means; here is said only how it looks in JSON.
//!
//! JSON is `snake_case`; unknown fields are refused; what is optional or empty may be left out. Attributes and message arguments are
//! objects (`{"tender": "card"}`), money is `{"amount", "currency"}`, an effect carries its `kind`, and an event its kind beside a body of that name.

mod effect;
mod event;
mod json;
mod manifest;
mod member;
mod offer;
mod values;

pub use effect::{Availability, Award, Badge, Effect, Instruction, Progress, Recovery, Signal, TierChange, Voucher};
pub use event::{
    Activity, Anniversary, CoalitionEvent, CounterTotal, Enrolment, Event, EventBody, Line, PeriodClose, Purchase, Redemption, Refund,
    SignalReceived,
};
pub use manifest::{CounterDef, Limit, LocaleTexts, Manifest, Problem, Reward};
pub use member::{AwardHeld, BadgeHeld, Counter, Member, Month, TierHeld, Totals, VoucherHeld};
pub use offer::{Context, Offer, Quotation, QuoteRequest, Target};
pub use values::{Attribute, Instant, Message, Moment, Money, Refusal, Scalar, Window};

/// The version of the contract that these types are.
pub const CONTRACT: &str = "1.0.0";

#[cfg(test)]
mod tests;
