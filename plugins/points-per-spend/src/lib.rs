//! Points for every unit of money spent. Chosen goods earn more, others nothing; points pay at the till or buy a voucher.
//! Nothing is remembered: every answer follows from the purchase alone, so that a refund comes out right by evaluating again what is kept.

pub mod config;
mod earn;
mod rewards;
mod texts;

use coalition_sdk::{
    Context, Effects, Event, Fault, Manifest, Member, Offer, Program, Quotation, QuoteRequest, Reward, State, Stop, settings::Problems,
};

pub use config::Config;

/// The program.
#[derive(Debug)]
pub struct PointsPerSpend;

impl Program for PointsPerSpend {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new("points-per-spend", env!("CARGO_PKG_VERSION")).handles("purchase").needs("balance");
        let manifest = match &config.pay {
            Some(pay) => pay.declare(manifest),
            None => manifest,
        };
        let manifest = config.vouchers.iter().fold(manifest, |manifest, voucher| {
            let mut reward = Reward::new(&*voucher.id, "money-off");
            reward.stock = voucher.stock;
            manifest.reward(match &voucher.per_member {
                Some(limit) => reward.per_member(limit.max, limit.window),
                None => reward,
            })
        });
        texts::write(config, manifest)
    }

    fn check(config: &Config, problems: &mut Problems) {
        config.check(problems);
    }

    fn on_event(event: &Event, _: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        event.purchase().map_or_else(|| Ok(Effects::new()), |basket| earn::award(basket, config))
    }

    fn offers(_: &Context, member: &Member, config: &Config, _: &State) -> Result<Vec<Offer>, Fault> {
        rewards::offers(member, config)
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        rewards::quote(request, config)
    }
}

coalition_sdk::export!(PointsPerSpend);

#[cfg(test)]
mod tests;
