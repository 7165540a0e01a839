//! A surprise with one purchase a day. The draw follows from the event's seed, which the gateway derives from the event and a secret of the program: not for the till
//! to choose, the same at every replay. What is kept of a member is whether today's draw is used.

pub mod config;
mod draw;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Money, Offer, Program, Quotation, QuoteRequest, Refusal, Reward,
    State, Stop, Window, settings::Problems,
};

pub use config::Config;

/// The counter of draws in a day.
const DRAWS: &str = "draws";

/// The program.
#[derive(Debug)]
pub struct Surprise;

impl Program for Surprise {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("surprise", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .needs("counters")
            .needs("vouchers")
            .counter(Counter::new(DRAWS, Window::Day))
            .reward(Reward::new(config::DRAW, "x-draw"));
        let gifts = config.prizes.iter().filter_map(|prize| prize.voucher.as_ref().map(|gift| (prize, gift)));
        let manifest = gifts.fold(manifest, |manifest, (prize, gift)| manifest.reward(Reward::new(&*prize.id, gift.kind.word())));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Purchase(purchase) => draw::award(purchase, event, member, config),
            EventBody::Refund(refund) => draw::settle(refund, event, member, config),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let mut draw = Offer::new(config::DRAW, "reward:draw").with("x-minimum", Money::new(config.minimum, config.currency));
        if member.counter(DRAWS) > 0 {
            draw = draw.not_yet("drawn");
            draw.valid_until_ms = context.at.date().next(Window::Day).map(|day| day.begins_ms(context.at));
        }
        let won = config.prizes.iter().filter(|prize| !member.open_vouchers(&prize.id).is_empty());
        let won = won.map(|prize| {
            let mut offer = Offer::new(&*prize.id, format!("reward:{}", prize.id));
            let value = prize.voucher.as_ref().and_then(|gift| gift.value);
            offer.value = value.map(|minor| Money::new(minor, config.currency));
            offer
        });
        Ok(std::iter::once(draw).chain(won).collect())
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        let known =
            request.reward == config::DRAW || config.prizes.iter().any(|prize| prize.voucher.is_some() && *prize.id == *request.reward);
        Err(if known { Refusal::new("not-eligible", "not-for-points") } else { Refusal::no_such_reward(&request.reward) }.into())
    }
}

coalition_sdk::export!(Surprise);

#[cfg(test)]
mod tests;
