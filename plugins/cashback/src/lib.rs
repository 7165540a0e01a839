//! Cashback: a percentage of what is spent comes back in points, by goods, tender and store, paid at the end of the day and worth one to one. Each purchase is
//! decided by itself, not the day as a whole, so that a return in the afternoon takes back what the morning gave and nothing else.

pub mod config;
mod earn;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop, Window,
    settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct Cashback;

impl Program for Cashback {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("cashback", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .needs("balance")
            .needs("counters")
            .counter(Counter::new(earn::GIVEN, Window::Month));
        let manifest = match &config.pay {
            Some(pay) => pay.declare(manifest),
            None => manifest,
        };
        let manifest = match &config.payout {
            Some(_) => manifest.reward(Reward::new(config::PAYOUT, "x-payout")),
            None => manifest,
        };
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        event.purchase().map_or_else(|| Ok(Effects::new()), |purchase| earn::award(event, purchase, member, config))
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        rewards::offers(member, config)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, config)
    }
}

coalition_sdk::export!(Cashback);

#[cfg(test)]
mod tests;
