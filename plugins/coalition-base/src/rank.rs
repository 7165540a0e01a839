//! Which tier a member has: the highest that this year's or last year's spend at all brands reaches.

use coalition_sdk::{Date, Effects, Instant, Member, Message, Moment};

use crate::SPEND;
use crate::config::{Config, Tier};

/// The highest tier that so much spend in one year reaches.
pub fn reached(spent: i64, config: &Config) -> Option<&Tier> {
    config.tiers.iter().rfind(|tier| tier.from <= spent)
}

/// The tier by the counters of now.
pub fn tier<'c>(member: &Member, config: &'c Config) -> Option<&'c Tier> {
    reached(member.counter(SPEND).max(member.counter_before(SPEND, 1)), config)
}

/// Whether the member's tier is `id` or a higher one.
pub fn reaches(member: &Member, id: &str, config: &Config) -> bool {
    let asked = config.tiers.iter().find(|tier| *tier.id == *id);
    asked.is_some_and(|asked| tier(member, config).map(|held| held.from) >= Some(asked.from))
}

/// Sets the tier where it, or how long it is held, is no longer what so much spend this year, and last, says.
pub fn change(this_year: i64, last_year: i64, now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let tier = reached(this_year.max(last_year), config);
    let until = tier.map(|tier| {
        // This year's spend keeps it through the next, last year's through this one.
        let years = if tier.from <= this_year { 2 } else { 1 };
        Date { year: now.date().year + years, month: 1, day: 1 }.begins_ms(now)
    });
    let held = member.tier.as_ref();
    if held.map(|held| held.name.as_str()) == tier.map(|tier| &*tier.id) && held.and_then(|held| held.until_ms) == until {
        return;
    }
    let reason = tier.map_or_else(|| Message::new("no-tier"), |tier| Message::new(format!("reached:{}", tier.id)));
    effects.set_tier(tier.map(|tier| &*tier.id), until.map(Moment::At), reason);
}
