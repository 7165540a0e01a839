//! Tries a program natively, as an ordinary unit test: no WebAssembly, no gateway. A [`Till`] plays the gateway for one member: it runs the program on
//! baskets and on every other kind of event, keeps counters, vouchers, badges, tiers and state as the gateway would, takes goods back, and panics at an
//! answer that the gateway would not accept.
//!
//! ```
//! use coalition_sdk::testkit::{Basket, Till};
//! use coalition_sdk::*;
//!
//! # settings! { /** Nothing. */ struct Config {} }
//! struct OnePerDollar;
//! impl Program for OnePerDollar {
//!     type Config = Config;
//!     fn describe(_: &Config) -> Manifest {
//!         Manifest::new("one-per-dollar", "1.0.0").handles("purchase").text("en", "earned", "{points} points")
//!     }
//!     fn on_event(event: &Event, _: &Member, _: &Config, _: &mut State) -> Result<Effects, Stop> {
//!         let mut effects = Effects::new();
//!         if let Some(purchase) = event.purchase() {
//!             let points = purchase.total.earns(Exchange::new(1, 100), Rounding::Floor)?;
//!             effects.award(Award::new("base", points, Message::new("earned").with("points", points)));
//!         }
//!         Ok(effects)
//!     }
//! }
//!
//! let mut till = Till::<OnePerDollar>::new("{}");
//! till.at("2026-11-21T10:00:00-05:00");
//! let answer = till.buy(Basket::usd().line("ROLLS", 350).line("COFFEE", 450));
//! assert_eq!(answer.points(), Points::new(8));
//! till.refund(0, &[1]);
//! assert_eq!(till.points(), Points::new(3));
//! ```

// This is a tool for tests: where a test is wrong, or a program answers nonsense, stopping with a plain message is its job.
#![expect(clippy::panic, clippy::missing_panics_doc, reason = "a test kit fails by panicking")]

mod basket;
mod clawback;
mod clock;
mod events;
mod fair;
mod languages;
mod ledger;
mod till;

pub use basket::Basket;
pub use clock::instant;
pub use fair::{more_never_earns_less, splitting_never_earns_more};
pub use languages::speaks;
pub use till::{Answer, Till};

use crate::{Manifest, Program, program, settings, settings::Problem};

/// What a program says about itself under a configuration, or what is wrong with that configuration.
///
/// # Errors
/// The problems, as an activation would report them.
pub fn describe<P: Program>(config: &str) -> Result<Manifest, Vec<Problem>> {
    program::configure::<P>(config).map(|parsed| P::describe(&parsed).completed())
}

/// The JSON Schema of a program's configuration, as the gateway publishes it.
#[must_use]
pub fn config_schema<P: Program>() -> String {
    settings::schema::<P::Config>()
}
