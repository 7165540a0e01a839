//! guide to be written

mod effect;
mod event;
mod export;
mod manifest;
mod member;
mod money;
mod offer;
mod points;
mod program;
mod round;
mod select;
mod state;
mod text;
mod time;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;
pub mod log;
pub mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testkit;

pub use effect::*;
pub use event::*;
pub use manifest::{Counter, Limit, LocaleTexts, Manifest, Reward};
pub use member::*;
pub use money::{Currency, Money};
pub use offer::{Context, Offer, Quotation, QuoteRequest, Target};
pub use points::{BasisPoints, Exchange, Points};
pub use program::{Fault, Program, Refusal, Stop};
pub use round::{ArithmeticError, Rounding, mul_div};
pub use select::Selection;
pub use settings::{Problem, Problems};
pub use state::{Key, State};
pub use text::{Attributes, Message, Scalar};
pub use time::{Chance, Date, Instant, Moment, Weekday, Window};
