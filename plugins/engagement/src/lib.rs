//! Points for taking part: reviews, quizzes, surveys, ideas, social actions, visits. Each has its limits a day and ever, and some wait until the merchant has seen
//! them, so that farming doesn't pay. The rules see kinds and numbers, never what a person wrote.

pub mod config;
mod earn;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Limit, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Refusal, State,
    Stop, Window, settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct Engagement;

impl Program for Engagement {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("engagement", env!("CARGO_PKG_VERSION"))
            .needs("counters")
            .needs("badges")
            .needs("balance")
            .counter(Counter::new(earn::EARNED, Window::Lifetime));
        let manifest = config.actions.iter().fold(manifest, |manifest, action| {
            manifest
                .handles(format!("activity:{}", action.kind))
                .counter(Counter::new(action.today(), Window::Day))
                .counter(Counter::new(action.ever(), Window::Lifetime))
        });
        let mut manifest = config.levels.iter().fold(manifest, |manifest, level| manifest.badge(&*level.id));
        // The gateway holds the awards to it, and the record says what was cut.
        if let Some(max) = config.day_points_max {
            manifest.limits.push(Limit { name: "points".to_owned(), max, window: Window::Day });
        }
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Activity(activity) => earn::award(&activity.kind, event, member, config),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(config.rewards.iter().map(|reward| reward.offer(member, config.currency)).collect())
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        match config.rewards.iter().find(|reward| *reward.id == *request.reward) {
            Some(reward) => reward.quote(request, config.currency),
            None => Err(Refusal::no_such_reward(&request.reward).into()),
        }
    }
}

coalition_sdk::export!(Engagement);

#[cfg(test)]
mod tests;
