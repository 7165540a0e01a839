//! Bronze, silver, gold: the more a member spends in a year, the more every dollar earns.
//!
//! A member rises at once and stays for twelve months. The gateway counts the spend, so a refund counts back by itself.

use coalition_sdk::{
    Award, Counter, Effects, Event, Exchange, Manifest, Member, Message, Moment, Problems, Program,
    Rounding, State, Stop, Window,
};
use schemars::JsonSchema;
use serde::Deserialize;

const SPEND: &str = "spend";

/// The rules.
pub struct Rules;

/// What can be changed without a new version.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What a purchase earns below the first tier: so many points for so many minor units (cents).
    pub earn: Exchange,
    /// The tiers, lowest first.
    #[schemars(length(min = 1, max = 10))]
    pub tiers: Vec<Tier>,
}

/// A tier.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Lower case, unique.
    pub name: String,
    /// Spend in a calendar year that it takes, in minor units (cents).
    pub from: i64,
    /// What a purchase earns here.
    pub earn: Exchange,
}

impl Default for Config {
    fn default() -> Self {
        let tier = |name: &str, dollars: i64, points: i64| Tier { name: name.to_owned(), from: dollars * 100, earn: Exchange::new(points, 100) };
        Self { earn: Exchange::new(1, 100), tiers: vec![tier("bronze", 100, 2), tier("silver", 500, 3), tier("gold", 1_000, 5)] }
    }
}

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
        config.tiers.iter().fold(manifest, |manifest, tier| manifest.tier(&tier.name))
    }

    fn check(config: &Config, problems: &mut Problems) {
        problems.unless(config.earn.is_valid(), "/earn", "both numbers are above zero");
        for (index, tier) in config.tiers.iter().enumerate() {
            let below = config.tiers.iter().take(index);
            problems.unless(!tier.name.is_empty(), format!("/tiers/{index}/name"), "is empty");
            problems.unless(tier.earn.is_valid(), format!("/tiers/{index}/earn"), "both numbers are above zero");
            for lower in below {
                problems.unless(lower.name != tier.name, format!("/tiers/{index}/name"), "used by another tier");
                problems.unless(lower.from < tier.from, format!("/tiers/{index}/from"), "above that of the tier before");
            }
        }
    }

    fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
        let mut effects = Effects::new();
        let Some(purchase) = event.purchase() else { return Ok(effects) };

        // Points by the tier that the member came with.
        let position = |name: &str| config.tiers.iter().position(|tier| tier.name == name);
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
            let risen = Message::new("risen").with("tier", tier.name.as_str());
            effects.set_tier(Some(&tier.name), Some(Moment::AfterMonths(12)), risen.clone());
            effects.tell(risen);
        }
        Ok(effects)
    }
}

coalition_sdk::export!(Rules);

#[cfg(test)]
mod tests;
