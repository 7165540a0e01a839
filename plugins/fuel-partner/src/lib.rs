//! Fill up within three days of groceries and earn double. The program subscribes to the coalition's events, by the operator's grant: of a purchase elsewhere it sees the
//! partner, the time and the total, and keeps that there was one on that day. Who pays for the extra is a campaign of the operator with its shares.

pub mod config;
mod earn;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Message, Offer, Pay, Program, Quotation, QuoteRequest, Refusal,
    Reward, State, Stop, Window, settings::Problems,
};

pub use config::Config;

/// The counters of purchases elsewhere in a day, and of extra points in a month.
const VISITS: &str = "visits-elsewhere";
const EXTRA: &str = "extra";
/// The extra's key, its words, and the reward that shows it.
const AFTER: &str = "after";

/// The program.
#[derive(Debug)]
pub struct FuelPartner;

impl Program for FuelPartner {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("fuel-partner", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("coalition")
            .needs("counters")
            .needs("balance")
            .counter(Counter::new(VISITS, Window::Day).keep(24))
            .counter(Counter::new(EXTRA, Window::Month))
            .reward(Reward::new(AFTER, "x-campaign"));
        let manifest = config.after.paid_by.iter().fold(manifest, |manifest, slug| manifest.campaign(&**slug));
        let manifest = config.pay.iter().fold(manifest, |manifest, pay| pay.declare(manifest));
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, member, config),
            EventBody::Coalition(visit) => Ok(earn::mark(visit, member, config)),
            _ => Ok(Effects::new()),
        }
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let after = &config.after;
        let mut near = Offer::new(AFTER, "reward:after").with("x-multiplier-bp", after.multiplier_bp.get());
        // The last day that a purchase elsewhere still counts on.
        let last = (0..=after.days).find(|day| member.counter_before(VISITS, usize::try_from(*day).unwrap_or(usize::MAX)) > 0);
        match last {
            Some(ago) => {
                let day = context.at.date().plus_days(i64::from(after.days.saturating_sub(ago)) + 1);
                near.valid_until_ms = Some(day.begins_ms(context.at));
            }
            None => near = near.not_yet(Message::new("not-near").with("days", after.days)),
        }
        let mut offers = vec![near];
        if let Some(pay) = &config.pay {
            offers.push(pay.offer(member, config.currency)?);
        }
        offers.extend(config.services.iter().map(|it| it.offer(member, config.currency)));
        Ok(offers)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        let reward = request.reward.as_str();
        if let Some(service) = config.services.iter().find(|it| *it.id == *reward) {
            return service.quote(request, config.currency);
        }
        match &config.pay {
            Some(pay) if reward == Pay::ID => pay.quote(request, config.currency),
            _ if reward == AFTER => Err(Refusal::new("not-eligible", "not-for-points").into()),
            _ => Err(Refusal::no_such_reward(reward).into()),
        }
    }
}

coalition_sdk::export!(FuelPartner);

#[cfg(test)]
mod tests;
