//! The program's words.

use coalition_sdk::{Manifest, Money};

use crate::config::{Config, DISCOUNT};
use crate::rewards::reward_key;

const ENGLISH: &[(&str, &str)] = &[
    ("name", "Tiers"),
    ("summary", "The more you spend in a year, the more your tier gives."),
    ("earned", "{spend} spent"),
    ("tier-bonus", "Extra points for {tier} members"),
    ("welcome", "Welcome to {tier}"),
    ("welcome-back", "The welcome to {tier} goes back with what you returned."),
    ("tier", "You are {tier} now."),
    ("no-tier", "Your tier has ended."),
    ("discount", "{tier}: {discount} off at the till"),
    ("no-discount", "Members' discount"),
    ("no-discount-yet", "Your tier has no discount yet."),
    ("discount-at-the-till", "The till takes it off by itself; it costs no points."),
    ("for-tier", "For {tier} members."),
    ("more-points", "Points still missing: {missing}"),
    ("counter:qualifying-spend", "Spent this year"),
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest =
        manifest.texts("en", ENGLISH).text("en", "terms", terms(config)).text("en", format!("reward:{DISCOUNT}"), "Members' discount");
    let manifest =
        config.tiers.iter().fold(manifest, |manifest, tier| manifest.text("en", format!("tier:{}", tier.id), tier.title.as_str()));
    config.exclusives.iter().fold(manifest, |manifest, it| manifest.text("en", reward_key(&it.id).key, it.title.as_str()))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = format!(
        "Every {} you spend earn {} points. What you spend in a calendar year sets your tier, until the end of the next year.",
        money(config.earn.minor),
        config.earn.points
    );
    for tier in &config.tiers {
        terms.push_str(&format!(" {} from {}:", tier.title, money(tier.from)));
        let mut gives = Vec::new();
        if tier.discount_bp.get() > 0 {
            gives.push(format!("{} off", tier.discount_bp));
        }
        if tier.bonus_bp.get() > 0 {
            gives.push(format!("{} more points", tier.bonus_bp));
        }
        if tier.welcome_points > 0 {
            gives.push(format!("{} points once a year", tier.welcome_points));
        }
        let own = config.exclusives.iter().filter(|it| it.tier == tier.id);
        gives.extend(own.map(|it| it.title.clone()));
        terms.push(' ');
        terms.push_str(&gives.join(", "));
        terms.push('.');
    }
    terms.push_str(" Goods you return count back.");
    terms
}
