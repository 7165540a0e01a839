//! Air miles: by distance, cabin and tier, a bonus for flying often, and seats and upgrades by distance and season. Flights come as lines of a ticket, or as events
//! of their own when they have been flown. Everything follows from two counters of the year and the awards held.

mod awards;
pub mod config;
mod fly;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    Window, settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct AirMiles;

impl Program for AirMiles {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("air-miles", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .handles("period-close")
            .handles("activity:x-flown")
            .needs("counters")
            .needs("awarded")
            .needs("balance")
            .counter(Counter::new(fly::STATUS, Window::Year).keep(1))
            .counter(Counter::new(fly::FLIGHTS, Window::Year));
        let manifest = config.tiers.iter().fold(manifest, |manifest, tier| manifest.tier(&*tier.id));
        let award = |manifest: Manifest, award: &config::Award| manifest.reward(Reward::new(&*award.id, award.kind.word()));
        texts::write(config, config.awards.iter().fold(manifest, award))
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        match &event.body {
            EventBody::Purchase(purchase) => fly::buys(purchase, event.at, member, config, &mut effects)?,
            EventBody::Activity(_) => {
                let mut flown = fly::Flown::default();
                flown.add(&event.attributes, None, config)?;
                flown.land(event.at, member, config, &mut effects)?;
            }
            EventBody::Refund(_) => fly::settle(event.at, member, config, &mut effects)?,
            EventBody::PeriodClose(close) if close.window == Window::Year => fly::close(event.at, member, config, &mut effects),
            _ => {}
        }
        Ok(effects)
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(awards::offers(context, member, config)?)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        awards::quote(request, config)
    }
}

coalition_sdk::export!(AirMiles);

#[cfg(test)]
mod tests;
