//! A co-operative: what members buy in a year counts, and when the year closes they share what it has brought; members' prices besides. The dividend is derived
//! from the gateway's counter, so that what is returned counts back, after the year's end too.

pub mod config;
mod share;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, EventBody, Fault, Manifest, Member, Money, Offer, Pay, Program, Quotation, QuoteRequest, Refusal,
    Reward, State, Stop, Window, settings::Problems,
};

pub use config::Config;

/// The id of the reward "this year's dividend so far".
const DIVIDEND: &str = "dividend";

/// The program.
#[derive(Debug)]
pub struct CoopDividend;

impl Program for CoopDividend {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let counter = Counter::new(share::ELIGIBLE, Window::Year).keep(1);
        let mut manifest = Manifest::new("coop-dividend", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .handles("period-close")
            .needs("counters")
            .needs("awarded")
            .needs("balance")
            .needs("badges")
            // The sum over all members is only asked for where it is shared by.
            .counter(if config.surplus.is_some() { counter.totals() } else { counter })
            .reward(Reward::new(DIVIDEND, "x-dividend"));
        if config.membership.is_some() {
            manifest = manifest.badge(share::MEMBER);
        }
        if let Some(pay) = &config.pay {
            manifest = pay.declare(manifest);
        }
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        match &event.body {
            EventBody::Purchase(purchase) => share::buys(purchase, member, config, &mut effects)?,
            EventBody::Refund(refund) => share::returns(refund, event.at, member, config, &mut effects)?,
            EventBody::PeriodClose(close) if close.window == Window::Year => {
                share::closes(close, event.at, member, config, &mut effects)?;
            }
            _ => {}
        }
        Ok(effects)
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        let is_member = share::is_member(member, config);
        let for_members = |offer: Offer| if is_member { offer } else { offer.not_yet("members-only") };
        let so_far = share::so_far(member, config)?;
        let mut dividend = Offer::new(DIVIDEND, format!("reward:{DIVIDEND}")).not_yet("after-the-year");
        dividend.value = so_far.map(|minor| Money::new(minor, config.currency));
        let mut offers = vec![if is_member { dividend } else { dividend.not_yet("members-only") }];
        offers.extend(config.member_prices.iter().map(|price| for_members(price.offer())));
        if let Some(pay) = &config.pay {
            offers.push(pay.offer(member, config.currency)?);
        }
        Ok(offers)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        if let (Pay::ID, Some(pay)) = (request.reward.as_str(), &config.pay) {
            return pay.quote(request, config.currency);
        }
        let reason = match request.reward.as_str() {
            DIVIDEND => "after-the-year",
            other if config.member_prices.iter().any(|price| price.reward() == other) => "at-the-till",
            other => return Err(Refusal::no_such_reward(other).into()),
        };
        Err(Refusal::new("not-eligible", reason).into())
    }
}

coalition_sdk::export!(CoopDividend);

#[cfg(test)]
mod tests;
