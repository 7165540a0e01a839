//! Offers for one member: welcome, birthday, favourite goods, win-back, segments. Everything is derived from counters, from what was given and from the months before;
//! personal data never enters: a birthday is a flag, and only with the member's consent.

pub mod config;
mod earn;
mod know;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    Window, settings::Problems,
};

pub use config::Config;

/// The counters of purchases ever, purchases in a week, and gifts for birthdays in a month.
const EVER: &str = "purchases";
const VISITS: &str = "visits";
const BIRTHDAYS: &str = "birthdays";

/// So many closed weeks stay visible: the longest time that a member can be away.
const WEEKS_KEPT: u8 = 24;

/// The program.
#[derive(Debug)]
pub struct PersonalOffers;

impl Program for PersonalOffers {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("personal-offers", env!("CARGO_PKG_VERSION"));
        let manifest = ["purchase", "refund", "anniversary"].into_iter().fold(manifest, Manifest::handles);
        let manifest = ["counters", "badges", "vouchers", "awarded", "months", "balance"].into_iter().fold(manifest, Manifest::needs);
        let manifest = manifest
            .counter(Counter::new(EVER, Window::Lifetime))
            .counter(Counter::new(VISITS, Window::Week).keep(WEEKS_KEPT))
            .badge(config::WELCOME)
            .reward(Reward::new(config::WELCOME, "x-offer"));
        let manifest = config.birthday.iter().fold(manifest, |manifest, birthday| {
            let manifest = manifest.needs("birthday-window").counter(Counter::new(BIRTHDAYS, Window::Month).keep(2));
            manifest.reward(Reward::new(config::BIRTHDAY, birthday.kind.word()))
        });
        let manifest = config.winback.iter().fold(manifest, |manifest, _| manifest.reward(Reward::new(config::WINBACK, "x-offer")));
        let manifest = config.favourite.iter().fold(manifest, |manifest, favourite| {
            let counters = favourite.groups.iter().map(|group| Counter::new(group.counter(), Window::Month).keep(1));
            counters.fold(manifest.reward(Reward::new(config::FAVOURITE, "x-offer")), Manifest::counter)
        });
        let manifest = config.segments.iter().fold(manifest, |manifest, it| manifest.reward(Reward::new(&*it.id, "x-offer")));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, event, member, config),
            EventBody::Refund(refund) => Ok(earn::settle(refund, event, member, config)),
            EventBody::Anniversary(anniversary) => Ok(earn::thank(anniversary, config)),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(rewards::offers(context, member, config))
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, config)
    }
}

coalition_sdk::export!(PersonalOffers);

#[cfg(test)]
mod tests;
