//! Campaigns in a window of time: Black Friday, happy hours, double weeks. Nothing is remembered but how many points campaigns gave a member, where the merchant
//! set a most; everything else follows from the purchase and the moment it was made, so that a late receipt and a late refund come out as on the day.

pub mod config;
mod earn;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Counter, Effects, Event, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop, Window,
    settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct SeasonalCampaign;

impl Program for SeasonalCampaign {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("seasonal-campaign", env!("CARGO_PKG_VERSION")).handles("purchase").needs("counters").needs("balance");
        let manifest = match &config.extra_max {
            Some(most) => manifest.counter(Counter::new(most.counter(), most.window)),
            None => manifest,
        };
        let manifest = config.campaigns.iter().fold(manifest, |manifest, campaign| {
            let manifest = manifest.reward(Reward::new(&*campaign.id, "x-campaign"));
            match &campaign.paid_by {
                Some(slug) if !manifest.campaigns.iter().any(|known| **known == **slug) => manifest.campaign(&**slug),
                _ => manifest,
            }
        });
        let manifest = config.early_access.iter().fold(manifest, |manifest, early| {
            let mut reward = Reward::new(&*early.id, "early-access");
            reward.stock = early.stock;
            manifest.reward(match early.per_member {
                Some(max) => reward.per_member(max.into(), Window::Lifetime),
                None => reward,
            })
        });
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        event.purchase().map_or_else(|| Ok(Effects::new()), |purchase| earn::award(purchase, event, member, config))
    }

    fn offers(context: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        Ok(rewards::offers(context, member, config))
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, config)
    }
}

coalition_sdk::export!(SeasonalCampaign);

#[cfg(test)]
mod tests;
