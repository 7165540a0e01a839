//! Points to a cause. A donation is a redemption of a reward of the kind donation: the gateway holds and settles it like any other; the program prices it, adds the
//! merchant's part, and thanks. Purchases earn more on what is kinder to the planet.

pub mod config;
mod earn;
mod give;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    Window, settings::Problems,
};

pub use config::Config;

/// The counters of points given in a year, of own bags in a day, and of things brought in a month.
const GIVEN: &str = "given";
const BAGS: &str = "own-bags";
const BROUGHT: &str = "brought";
/// The badge of a year in which something was given.
const DONOR: &str = "donor";
/// So many closed days stay visible, for goods that come back.
const DAYS_KEPT: u8 = 24;

/// The program.
#[derive(Debug)]
pub struct Donations;

impl Program for Donations {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("donations", env!("CARGO_PKG_VERSION"));
        let manifest = ["purchase", "refund", "redemption", "activity:donation"].into_iter().fold(manifest, Manifest::handles);
        let manifest = ["counters", "badges", "awarded", "balance"].into_iter().fold(manifest, Manifest::needs);
        let manifest = manifest
            .counter(Counter::new(GIVEN, Window::Year))
            .counter(Counter::new(BAGS, Window::Day).keep(DAYS_KEPT))
            .counter(Counter::new(BROUGHT, Window::Month))
            .badge(DONOR);
        let manifest = config.causes.iter().fold(manifest, |manifest, it| manifest.reward(Reward::new(&*it.id, "donation")));
        let manifest = config.round_up.iter().fold(manifest, |manifest, _| manifest.reward(Reward::new(config::ROUND_UP, "donation")));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, event, member, config),
            EventBody::Refund(refund) => Ok(earn::settle(refund, event.at, member, config)),
            EventBody::Redemption(redemption) => Ok(give::follow(redemption, event, member, config)),
            EventBody::Activity(_) => Ok(earn::brought(member, config)),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(give::offers(member, config)?)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        give::quote(request, config)
    }
}

coalition_sdk::export!(Donations);

#[cfg(test)]
mod tests;
