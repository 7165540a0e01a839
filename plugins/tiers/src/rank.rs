//! Which tier a member has: the highest that this year's or last year's spend reaches.

use coalition_sdk::{Date, Instant, Member};

use crate::SPEND;
use crate::config::{Config, Tier};

/// What was spent this year, in minor units.
pub fn spent(member: &Member) -> i64 {
    member.counter(SPEND)
}

/// The tier that `spent` this year reaches, or what last year's spend has left.
pub fn tier<'c>(spent: i64, member: &Member, config: &'c Config) -> Option<&'c Tier> {
    reached(spent.max(member.counter_before(SPEND, 1)), config)
}

/// The tier that `spent` in one year reaches.
pub fn reached(spent: i64, config: &Config) -> Option<&Tier> {
    config.tiers.iter().rfind(|tier| tier.from <= spent)
}

/// The next tier above what `spent` this year reaches: the one to strive for.
pub fn next<'c>(spent: i64, member: &Member, config: &'c Config) -> Option<&'c Tier> {
    let from = tier(spent, member, config).map_or(0, |tier| tier.from);
    config.tiers.iter().find(|tier| tier.from > from)
}

/// Whether the member's tier is `id` or a higher one.
pub fn reaches(member: &Member, id: &str, config: &Config) -> bool {
    let held = tier(spent(member), member, config).map(|tier| tier.from);
    let asked = config.tiers.iter().find(|tier| *tier.id == *id);
    asked.is_some_and(|asked| held >= Some(asked.from))
}

/// The first moment at which the tier is no longer held: this year's spend keeps it through the next year, last year's through this one.
pub fn until(tier: &Tier, spent: i64, now: Instant) -> i64 {
    let years = if tier.from <= spent { 2 } else { 1 };
    let new_year = Date { year: now.date().year + years, month: 1, day: 1 };
    new_year.begins_ms(now)
}
