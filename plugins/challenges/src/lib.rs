//! Challenges, streaks, levels. Counters say how many pieces of what were bought in a window, in which weeks something was bought, and what was scored in all; what is
//! achieved follows from them, and is given once a window under its own key. After a return it is asked again: what is not achieved any more goes back.

pub mod config;
mod earn;
mod play;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    Window, settings::Problems,
};

pub use config::Config;

/// The counter of weeks with a purchase.
const WEEKS: &str = "weeks";
/// The counters of what was scored: ever, for levels; and this month, for whoever compares members that agreed to it.
const SCORE: &str = "score";
const SCORE_MONTH: &str = "score-month";

/// The program.
#[derive(Debug)]
pub struct Challenges;

impl Program for Challenges {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("challenges", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .needs("counters")
            .needs("badges")
            .needs("awarded")
            .needs("balance")
            .counter(Counter::new(SCORE, Window::Lifetime))
            .counter(Counter::new(SCORE_MONTH, Window::Month).keep(1));
        let manifest = config.challenges.iter().fold(manifest, |manifest, it| {
            let counters = (0..it.parts.len()).map(|part| Counter::new(it.counter(part), it.window).keep(config::kept(it.window)));
            counters.fold(manifest, Manifest::counter).badge(&*it.id).reward(Reward::new(&*it.id, "x-challenge"))
        });
        let manifest = config.streak.iter().fold(manifest, |manifest, streak| {
            let manifest = manifest
                .counter(Counter::new(WEEKS, Window::Week).keep(config::WEEKS_KEPT))
                .reward(Reward::new(config::STREAK, "x-challenge"));
            streak.milestones.iter().fold(manifest, |manifest, it| manifest.badge(it.badge()))
        });
        let manifest = config.levels.iter().fold(manifest, |manifest, it| manifest.badge(&*it.id).reward(Reward::new(&*it.id, "x-level")));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, event.at, member, config),
            EventBody::Refund(refund) => earn::settle(refund, event.at, member, config),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(rewards::offers(context, member, config))
    }

    fn quote(request: &QuoteRequest, member: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, member, config)
    }
}

coalition_sdk::export!(Challenges);

#[cfg(test)]
mod tests;
