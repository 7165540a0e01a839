//! What a purchase earns, counts and changes. Points on top are those of the tier that the member came with; a tier reached now counts from the next purchase on.

use coalition_sdk::{
    ArithmeticError, Attributes, Award, Effects, Exchange, Instant, Member, Message, Moment, Money, Points, Purchase, Rounding,
};

use crate::config::{Config, Tier};
use crate::{SPEND, rank};

pub fn award(purchase: &Purchase, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let mut spend = purchase.total;
    for line in purchase.lines.iter().filter(|line| config.excluded.has(line)) {
        spend = spend.minus(line.amount)?;
    }
    let base = spend.earns(config.earn, Rounding::Floor)?;
    let reason = Message::new("earned").with("spend", spend);
    effects.award(Award::new("base", base, reason));
    let before = rank::spent(member);
    if let Some(tier) = rank::tier(before, member, config) {
        effects.award(bonus(tier, spend, config)?);
    }

    effects.progress(SPEND, spend.minor());
    let after = before.checked_add(spend.minor()).ok_or(ArithmeticError::Overflow)?;
    let year = now.date().year;
    // Derived, not remembered: due is the welcome of every tier reached this year, less what was given.
    for tier in config.tiers.iter().filter(|tier| tier.from <= after) {
        let key = welcome_key(tier, year);
        if member.awarded_under(&key) == Points::ZERO {
            let points = Points::new(tier.welcome_points.into());
            let reason = Message::new("welcome").with("tier", tier.title.as_str());
            effects.award(Award::new(key, points, reason));
        }
    }
    change(after, now, member, config, effects);
    Ok(())
}

/// After goods came back: the welcome of a tier that is no longer reached goes back, and the tier follows the counter.
pub fn settle(now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let spent = rank::spent(member);
    let year = now.date().year;
    for tier in config.tiers.iter().filter(|tier| tier.from > spent) {
        let key = welcome_key(tier, year);
        let given = member.awarded_under(&key);
        let reason = Message::new("welcome-back").with("tier", tier.title.as_str());
        effects.recover(key, given, reason);
    }
    change(spent, now, member, config, effects);
}

fn welcome_key(tier: &Tier, year: i64) -> String {
    format!("welcome:{}:{year}", tier.id)
}

/// Sets the tier where it, or how long it is held, is no longer what the counter says.
fn change(spent: i64, now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let tier = rank::tier(spent, member, config);
    let until = tier.map(|tier| rank::until(tier, spent, now));
    let held = member.tier.as_ref();
    if held.map(|held| held.name.as_str()) == tier.map(|tier| &*tier.id) && held.and_then(|held| held.until_ms) == until {
        return;
    }
    let (key, title) = match tier {
        Some(tier) => ("tier", tier.title.as_str()),
        None => ("no-tier", ""),
    };
    let reason = Message::new(key).with("tier", title);
    effects.set_tier(tier.map(|tier| &*tier.id), until.map(Moment::At), reason);
    // The till's own price lists, where it has them.
    let discount = tier.map_or(0, |tier| tier.discount_bp.get());
    let known = tier.map_or("none", |tier| &*tier.id);
    effects.instruct("x-tier", Attributes::default().with("x-tier", known).with("x-discount-bp", discount));
}

/// The tier's share of what the purchase earns, from the spend and not from the rounded points, and rounded once.
fn bonus(tier: &Tier, spend: Money, config: &Config) -> Result<Award, ArithmeticError> {
    let times = |a: i64, b: i64| a.checked_mul(b).ok_or(ArithmeticError::Overflow);
    let rate = Exchange::new(times(config.earn.points, tier.bonus_bp.get().into())?, times(config.earn.minor, 10_000)?);
    let points = spend.earns(rate, Rounding::Floor)?;
    let reason = Message::new("tier-bonus").with("tier", tier.title.as_str());
    Ok(Award::new("tier-bonus", points, reason))
}
