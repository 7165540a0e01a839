//! # Writing a program's rules
//!
//! A loyalty program's rules are a *plugin*: a function of the event, the member and the merchant's configuration, that answers with effects. It runs in the
//! gateway's sandbox, in a fresh instance for each decision, without a clock, without chance and without a network. With this crate it is an ordinary Rust crate,
//! tested natively with `cargo test`; the `coalition` command line makes a component of it, tries it in the sandbox of production, and uploads it.
//!
//! ```sh
//! coalition plugin new tenth-coffee       # a crate like the one below
//! cd tenth-coffee && cargo test           # natively
//! coalition plugin build .                # a component
//! coalition plugin test .                 # the cases in cases/*.json, in the very sandbox of production
//! coalition plugin push tenth-coffee.wasm
//! ```
//!
//! ## The smallest program
//!
//! ```
//! use coalition_sdk::*;
//!
//! settings! {
//!     /// What the merchant can change.
//!     pub struct Config {
//!         /// So many points for so many cents.
//!         pub earn: Exchange = Exchange::new(1, 100),
//!     }
//! }
//!
//! pub struct PointsPerSpend;
//!
//! impl Program for PointsPerSpend {
//!     type Config = Config;
//!
//!     fn describe(config: &Config) -> Manifest {
//!         Manifest::new("my-points", "1.0.0")
//!             .handles("purchase")
//!             .text("en", "terms", format!("{} points for every {} cents.", config.earn.points, config.earn.minor))
//!             .text("en", "earned", "{points} points for {spend}")
//!     }
//!
//!     fn on_event(event: &Event, _: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
//!         let mut effects = Effects::new();
//!         if let Some(purchase) = event.purchase() {
//!             let points = purchase.total.earns(config.earn, Rounding::Floor)?;
//!             let reason = Message::new("earned").with("points", points).with("spend", purchase.total);
//!             effects.award(Award::new("base", points, reason));
//!         }
//!         Ok(effects)
//!     }
//! }
//!
//! export!(PointsPerSpend);
//!
//! let mut till = testkit::Till::<PointsPerSpend>::new("{}");
//! assert_eq!(till.buy(testkit::Basket::usd().line("SOUP", 350)).points(), Points::new(3));
//! ```
//!
//! Its `Cargo.toml`:
//!
//! ```toml
//! [lib]
//! crate-type = ["cdylib", "rlib"]   # the component; and a library, for native tests
//!
//! [dependencies]
//! coalition-sdk = { git = "…" }     # or a path
//! ```
//!
//! ## What a program can say
//!
//! | to the member | to the gateway | to the till |
//! | --- | --- | --- |
//! | [`Effects::award`] points, at once, later, or when an action is reported | [`Effects::progress`] of a counter | [`Effects::instruct`] |
//! | [`Effects::issue_voucher`], [`Effects::grant_badge`], [`Effects::set_tier`] | [`Effects::signal`] about a related member | a [`Quotation`] for a reward |
//! | [`Effects::tell`], and the reason of every award | [`Effects::recover`] in answer to a refund | |
//!
//! Everything it names (counters, badges, tiers, rewards, texts) stands in its [`Manifest`]. An answer with a name that isn't there is refused as a whole.
//!
//! ## Points and money
//!
//! [`Points`] and [`Money`] are whole numbers with checked arithmetic: `plus`, `minus`, `times`, `share`. Nothing wraps, two currencies never add up, and points
//! never mix with money. Everything that divides names its [`Rounding`], which holds below zero too. Rates are [`BasisPoints`] (500 is 5 %) or an [`Exchange`]
//! (so many points against so many cents). `?` turns an impossible sum into a [`Fault`]: the purchase is kept, and decided when a mended version is live.
//!
//! Round once, at the end, on the sum of what an award is for: then fewer goods never earn more, and goods may come back in any order.
//!
//! ## Derive, don't remember
//!
//! When goods come back, the gateway runs the version that decided, on what it saw, less what came back, and takes back what it would not have given: points,
//! counters, vouchers, badges. A program need not do anything for that, if it decides from what the gateway can put back:
//!
//! ```
//! # use coalition_sdk::*;
//! # fn rule(member: &Member, effects: &mut Effects, bought: i64) {
//! // The tenth coffee: what is due, less what was given. Right after returns, after a change of configuration, and when asked twice.
//! effects.progress("coffees", bought);
//! let due = (member.counter("coffees") + bought) / 10;
//! let given = i64::from(member.vouchers_issued("free-coffee"));
//! for number in 1..=(due - given) {
//!     effects.issue_voucher(Voucher::new(format!("free-coffee-{number}"), "free-coffee", "card-full"));
//! }
//! # }
//! ```
//!
//! [`State`] is for what counters, vouchers and awards can't say. The gateway stores it with the decision, but can't know what its bytes mean, so it can't put them
//! right after a refund. It is read everywhere and written only in [`Program::on_event`]: there it is `&mut`.
//!
//! ## Configuration
//!
//! [`settings!`](settings!) declares it once: fields, defaults, bounds, and the words a merchant reads. The reader, which reports every problem with a pointer, and the JSON
//! Schema follow from that. What a field's type and bounds can't say (an id used twice) goes into [`Program::check`].
//!
//! What people read is a [`settings::Words`]: one text, or one for each language.
//!
//! ## Languages
//!
//! A program's texts stand side by side, a row a key ([`Manifest::table`]), so that no language can lack one. Those that carry the merchant's numbers are made for
//! each [`Locale`] ([`Manifest::say`]), which knows that five points are *pięć punktów* and *пять баллов*. [`Pay`] and [`Priced`] are rewards that many programs
//! have, with their words. [`testkit::speaks`] is the test that every language says everything.
//!
//! ## Tests
//!
//! [`testkit`] plays the gateway for one member, natively: it keeps counters, vouchers, badges, tiers and state, takes goods back, and panics at an answer
//! that the gateway would not take. For the sandbox itself there are cases: `cases/NAME.json` with `config`, `member`, `event` and what is to be answered
//! (`coalition plugin test --bless` writes it down the first time), and the most fuel it may use.
//!
//! ## What it costs
//!
//! The programs in `plugins/` use 15 to 50 thousand of fuel for a receipt of five lines, of the 11 million that there are; reading a configuration of a few lines
//! is ten of them.
//! A component has 170 to 260 KB, with its texts in five languages. Worth knowing: a floating-point number, once formatted, brings 25 KB of code; a general deserializer and schema
//! generator brought 200 KB, which is why [`settings!`](settings!) does without, and why serde_json is only linked where [`State`] is used.
//!
//! Building without the command line: `wasm32-unknown-unknown`, in release, with `RUSTFLAGS="-C link-arg=-zstack-size=65536"` (a stack of 64 KiB in place of one
//! MiB makes each fresh instance a third faster), then encoded as a component by `wasm-tools component new`. The component imports nothing but the
//! contract, `coalition:rules`: no WASI.
//!
//! ## Compatibility
//!
//! | this crate | contract | gateways |
//! | --- | --- | --- |
//! | 0.1 | `coalition:rules@1.0.0` | all that know 1.0 |
//!
//! What a gateway does not execute of a contract is refused by it at upload, in so many words.

mod effect;
mod event;
mod export;
mod locale;
mod manifest;
mod member;
mod money;
mod offer;
mod points;
mod pot;
mod program;
mod rewards;
mod round;
mod select;
mod state;
mod text;
mod time;
mod words;

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;
pub mod log;
pub mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testkit;

pub use effect::*;
pub use event::*;
pub use locale::Locale;
pub use manifest::{Counter, Limit, LocaleTexts, Manifest, Reward};
pub use member::*;
pub use money::{Currency, Money};
pub use offer::{Context, Offer, Quotation, QuoteRequest, Target};
pub use points::{BasisPoints, Exchange, Points};
pub use pot::Pot;
pub use program::{Fault, Program, Refusal, Stop};
pub use rewards::{MOST, MemberPrice, Pay, PerMember, Priced, RewardKind};
pub use round::{ArithmeticError, Rounding, mul_div};
pub use select::{Excluded, Selection};
pub use settings::{Problem, Problems};
pub use state::{Key, State};
pub use text::{Attributes, Message, Scalar};
pub use time::{Chance, Date, Instant, Moment, Weekday, Window};
