//! The operator's own program, decided beside each brand's: a base rate everywhere, the coalition's tiers by what is spent at all brands, and thanks to staff who enrolled a
//! member. The tier follows from a counter of the year and from the year before; a signal to the enroller goes one hop, and neither side learns who the other is.

pub mod config;
mod earn;
mod rank;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Message, Offer, Program, Quotation, QuoteRequest, Refusal,
    Reward, State, Stop, Window, settings::Problems,
};

use config::Exclusive;

pub use config::Config;

/// The counters of spend in a year, of purchases ever, of those large enough for the enroller's thanks, and of members enrolled who bought in a month.
const SPEND: &str = "coalition-spend";
const PURCHASES: &str = "purchases";
const QUALIFYING: &str = "qualifying";
const ENROLLED: &str = "enrolled";
/// What is said to the enroller.
const BOUGHT: &str = "bought";
/// The badge that says that the welcome was given.
const WELCOME: &str = "welcome";
/// The reward that shows how far the next tier is.
const NEXT: &str = "coalition-tier";

/// The program.
#[derive(Debug)]
pub struct CoalitionBase;

impl Program for CoalitionBase {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("coalition-base", env!("CARGO_PKG_VERSION"));
        let handles = ["purchase", "refund", "enrolment", "anniversary", "period-close", "signal"];
        let manifest = handles.into_iter().fold(manifest, Manifest::handles);
        let manifest = manifest
            .needs("counters")
            .needs("badges")
            .needs("balance")
            .badge(WELCOME)
            .counter(Counter::new(SPEND, Window::Year).keep(1))
            .counter(Counter::new(PURCHASES, Window::Lifetime))
            .counter(Counter::new(QUALIFYING, Window::Lifetime))
            .counter(Counter::new(ENROLLED, Window::Month))
            .reward(Reward::new(NEXT, "x-tier"));
        let manifest = config.tiers.iter().fold(manifest, |manifest, tier| manifest.tier(&*tier.id));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        Ok(match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, event.at, member, config)?,
            EventBody::Refund(_) => earn::settle(event.at, member, config),
            EventBody::PeriodClose(close) => earn::close(close, event.at, member, config),
            EventBody::Anniversary(anniversary) => earn::year(anniversary, config),
            EventBody::Enrolment(enrolment) => earn::joined(enrolment),
            EventBody::Signal(signal) => earn::thanks(signal, member, config),
            _ => Effects::new(),
        })
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let held = rank::tier(member, config).map_or(0, |tier| tier.from);
        let spent = member.counter(SPEND).max(0);
        let next = config.tiers.iter().find(|tier| tier.from > held);
        let next = next.map(|tier| {
            let title = format!("next:{}", tier.id);
            Offer::new(NEXT, title).target(spent, tier.from, "minor").not_yet("not-yet").with("x-tier", &*tier.id)
        });
        let exclusive = |it: &Exclusive| {
            let offer = it.reward.offer(member, config.currency);
            if rank::reaches(member, &it.tier, config) { offer } else { offer.not_yet(for_tier(&it.tier)) }
        };
        Ok(next.into_iter().chain(config.exclusives.iter().map(exclusive)).collect())
    }

    fn quote(request: &QuoteRequest, member: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        let Some(it) = config.exclusives.iter().find(|it| *it.reward.id == *request.reward) else {
            let known = request.reward == NEXT;
            return Err(if known { Refusal::new("not-eligible", "not-yet") } else { Refusal::no_such_reward(&request.reward) }.into());
        };
        if !rank::reaches(member, &it.tier, config) {
            return Err(Refusal::new("not-eligible", for_tier(&it.tier)).into());
        }
        it.reward.quote(request, config.currency)
    }
}

fn for_tier(id: &str) -> Message {
    Message::new(format!("for-tier:{id}"))
}

coalition_sdk::export!(CoalitionBase);

#[cfg(test)]
mod tests;
