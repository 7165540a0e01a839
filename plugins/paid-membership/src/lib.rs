//! A membership that is paid for: a fee, sold as goods or reported as a subscription, buys free delivery, a better rate and members' prices. The membership is a
//! tier with an end; fees move the end on, fees given back move it back, and nothing else is remembered.

pub mod config;
mod earn;
mod rewards;
mod standing;
mod texts;

use coalition_sdk::{
    Context, Effects, Event, EventBody, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop,
    settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct PaidMembership;

impl Program for PaidMembership {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let mut manifest = Manifest::new("paid-membership", env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .handles("refund")
            .handles("activity:subscription")
            .needs("awarded")
            .needs("vouchers")
            .tier(&*config.plan.id)
            .reward(Reward::new(config::MEMBERSHIP, "service"));
        if config.delivery.is_some() {
            manifest = manifest.reward(Reward::new(config::DELIVERY, "free-delivery"));
        }
        if config.early_minutes.is_some() {
            manifest = manifest.reward(Reward::new(config::EARLY, "early-access"));
        }
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        match &event.body {
            EventBody::Purchase(purchase) => earn::award(purchase, event.at, member, config, &mut effects)?,
            EventBody::Refund(refund) => {
                let fees = standing::fees(&refund.returned, config);
                earn::given_back(fees, event.at, member, config, &mut effects);
            }
            // A fee that no till sees: a subscription's payment, or its end.
            EventBody::Activity(_) => match event.attributes.text("x-status") {
                Some("paid") => earn::paid(1, event.at, member, config, &mut effects),
                Some("ended") if standing::is_member(event.at, member, config) => earn::end(&mut effects),
                _ => {}
            },
            _ => {}
        }
        Ok(effects)
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(rewards::offers(context, member, config))
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, config)
    }
}

coalition_sdk::export!(PaidMembership);

#[cfg(test)]
mod tests;
