//! Bronze, silver, gold. A counter of the calendar year says what was spent, and the tier follows from it and from the year before: nothing else is remembered,
//! so that goods that come back count back, and every answer can be derived again.

pub mod config;
mod earn;
mod rank;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    Window, settings::Problems,
};

pub use config::Config;

/// The counter of what is spent in a calendar year, in minor units.
const SPEND: &str = "qualifying-spend";

/// The program.
#[derive(Debug)]
pub struct Tiers;

impl Program for Tiers {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("tiers", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .handles("period-close")
            .needs("counters")
            .needs("awarded")
            .needs("balance")
            .counter(Counter::new(SPEND, Window::Year).keep(1))
            .reward(Reward::new(config::DISCOUNT, "percent-off"));
        let manifest = config.tiers.iter().fold(manifest, |manifest, tier| manifest.tier(&*tier.id));
        let manifest = config.exclusives.iter().fold(manifest, |manifest, it| {
            let mut reward = Reward::new(&*it.id, "experience");
            reward.stock = it.stock;
            manifest.reward(match it.limit() {
                Some((max, window)) => reward.per_member(max, window),
                None => reward,
            })
        });
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        match &event.body {
            EventBody::Purchase(purchase) => {
                earn::award(purchase, event.at, member, config, &mut effects)?;
            }
            // The gateway has counted back what was returned; the tier follows.
            EventBody::Refund(_) => {
                earn::settle(event.at, member, config, &mut effects);
            }
            EventBody::PeriodClose(close) if close.window == Window::Year => {
                earn::close(event.at, member, config, &mut effects);
            }
            _ => {}
        }
        Ok(effects)
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(rewards::offers(context, member, config))
    }

    fn quote(request: &QuoteRequest, member: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, member, config)
    }
}

coalition_sdk::export!(Tiers);

#[cfg(test)]
mod tests;
