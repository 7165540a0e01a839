//! Bronze, silver, gold: the more a member spends in a year, the more every dollar earns.
//!
//! A member rises at once and stays for twelve months. The gateway counts the spend, so a refund counts back by itself.

use coalition_sdk::{
    Award, Counter, Effects, Event, Exchange, Manifest, Member, Message, Moment, Program, Rounding,
    State, Stop, Window, settings,
    settings::{Id, Problems},
};

const SPEND: &str = "spend";

settings! {
    /// What can be changed without a new version.
    pub struct Config {
        /// What a purchase earns below the first tier: so many points for so many minor units (cents).
        pub earn: Exchange = Exchange::new(1, 100),
        /// The tiers, lowest first.
        #[within(1, 10)]
        pub tiers: Vec<Tier> = vec![
            Tier { name: Id::of("bronze"), from: 10_000, earn: Exchange::new(2, 100) },
            Tier { name: Id::of("silver"), from: 50_000, earn: Exchange::new(3, 100) },
            Tier { name: Id::of("gold"), from: 100_000, earn: Exchange::new(5, 100) },
        ],
    }

    /// A tier.
    pub struct Tier {
        /// Its name, unique.
        pub name: Id,
        /// Spend in a calendar year that it takes, in minor units (cents).
        #[within(1, 100_000_000_000)]
        pub from: i64,
        /// What a purchase earns here.
        pub earn: Exchange,
    }
}

/// The rules.
pub struct Rules;

impl Program for Rules {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let manifest = Manifest::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .handles("purchase")
            .needs("counters")
            .counter(Counter::new(SPEND, Window::Year))
            .text("en", "terms", "The more you spend in a year, the more every dollar earns. A tier is yours for twelve months.")
            .text("en", "earned", "{points} points for {spend}")
            .text("en", "risen", "Welcome to {tier}!");
        config.tiers.iter().fold(manifest, |manifest, tier| manifest.tier(&*tier.name))
    }

    fn check(config: &Config, problems: &mut Problems) {
        for (index, tier) in config.tiers.iter().enumerate() {
            for lower in config.tiers.iter().take(index) {
                problems.unless(lower.name != tier.name, format!("/tiers/{index}/name"), "used by another tier");
                problems.unless(lower.from < tier.from, format!("/tiers/{index}/from"), "more than the tier before takes");
            }
        }
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        let Some(purchase) = event.purchase() else { return Ok(effects) };

        // Points by the tier that the member came with.
        let position = |name: &str| config.tiers.iter().position(|tier| *tier.name == *name);
        let held = member.tier_name().and_then(position);
        let rate = held.and_then(|held| config.tiers.get(held)).map_or(config.earn, |tier| tier.earn);
        let points = purchase.total.earns(rate, Rounding::Floor)?;
        let reason = Message::new("earned").with("points", points).with("spend", purchase.total);
        effects.award(Award::new("base", points, reason));

        // The tier that this purchase brings the member to.
        let spend = member.counter(SPEND).saturating_add(purchase.total.minor());
        effects.progress(SPEND, purchase.total.minor());
        let reached = config.tiers.iter().rposition(|tier| spend >= tier.from);
        if let Some(tier) = reached.filter(|_| reached > held).and_then(|reached| config.tiers.get(reached)) {
            let risen = Message::new("risen").with("tier", &*tier.name);
            effects.set_tier(Some(&tier.name), Some(Moment::AfterMonths(12)), risen.clone());
            effects.tell(risen);
        }
        Ok(effects)
    }
}

coalition_sdk::export!(Rules);

#[cfg(test)]
mod tests;
