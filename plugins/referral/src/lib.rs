//! Bring a friend: both are rewarded once the friend has bought. Neither side's rule learns who the other is; the gateway carries the word from one to the other,
//! and takes back what it caused when the purchase is returned.

pub mod config;
mod friend;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Money, Offer, Program, Quotation, QuoteRequest, Refusal, Reward,
    State, Stop, Window,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct Referral;

impl Program for Referral {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("referral", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("enrolment")
            .handles("signal")
            .needs("counters")
            .needs("vouchers")
            .counter(Counter::new(friend::QUALIFIED, Window::Lifetime))
            .counter(Counter::new(friend::FRIENDS, config.friends.window))
            .reward(Reward::new(config::INVITE, "x-invitation"));
        let manifest = match &config.friend_voucher {
            Some(_) => manifest.reward(Reward::new(config::VOUCHER, "money-off")),
            None => manifest,
        };
        texts::write(config, manifest)
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Enrolment(enrolment) => friend::joins(&enrolment.relations, config),
            EventBody::Purchase(purchase) => friend::buys(event, purchase, member, config),
            EventBody::Signal(signal) => friend::hears(signal, member, config),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let (brought, max) = (member.counter(friend::FRIENDS), config.friends.max);
        let invite = Offer::new(config::INVITE, title(config::INVITE)).target(brought.clamp(0, max), max, "friends");
        let full = || coalition_sdk::Message::new("limit-reached").with("max", max);
        let mut offers = vec![if brought >= max { invite.not_yet(full()) } else { invite }];
        if let Some(voucher) = config.friend_voucher.as_ref().filter(|_| !member.open_vouchers(config::VOUCHER).is_empty()) {
            offers.push(Offer::new(config::VOUCHER, title(config::VOUCHER)).worth(Money::new(voucher.value, config.currency)));
        }
        Ok(offers)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        let is_known = request.reward == config::INVITE || (request.reward == config::VOUCHER && config.friend_voucher.is_some());
        Err(if is_known { Refusal::new("not-eligible", "not-for-points") } else { Refusal::no_such_reward(&request.reward) }.into())
    }
}

fn title(reward: &str) -> String {
    format!("reward:{reward}")
}

coalition_sdk::export!(Referral);

#[cfg(test)]
mod tests;
