//! What a purchase earns, counts and changes. Points on top are those of the tier that the member came with; a tier reached now counts from the next purchase on.

use coalition_sdk::{ArithmeticError, Attributes, Award, Effects, Instant, Member, Message, Moment, Money, Points, Purchase, Rounding};

use crate::config::{Config, Tier};
use crate::{SPEND, rank};

pub fn award(purchase: &Purchase, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let spend = config.excluded.leaves(purchase)?;
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
            effects.award(Award::new(key, points, tier.says("welcome")));
        }
    }
    let tier = rank::tier(after, member, config);
    change(tier, after, now, member, effects);
    Ok(())
}

/// After goods came back: the welcome of a tier that is no longer reached goes back, and the tier follows the counter.
pub fn settle(now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let spent = rank::spent(member);
    let year = now.date().year;
    for tier in config.tiers.iter().filter(|tier| tier.from > spent) {
        let key = welcome_key(tier, year);
        let given = member.awarded_under(&key);
        effects.recover(key, given, tier.says("welcome-back"));
    }
    let tier = rank::tier(spent, member, config);
    change(tier, spent, now, member, effects);
}

/// The year ends: what was spent in it is all that counts for the next one, so a tier that only the year before had brought goes down.
pub fn close(now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let spent = rank::spent(member);
    let tier = rank::reached(spent, config);
    change(tier, spent, now, member, effects);
}

fn welcome_key(tier: &Tier, year: i64) -> String {
    format!("welcome:{}:{year}", tier.id)
}

/// Sets the tier where it, or how long it is held, is no longer what the counter says.
fn change(tier: Option<&Tier>, spent: i64, now: Instant, member: &Member, effects: &mut Effects) {
    let until = tier.map(|tier| rank::until(tier, spent, now));
    let held = member.tier.as_ref();
    if held.map(|held| held.name.as_str()) == tier.map(|tier| &*tier.id) && held.and_then(|held| held.until_ms) == until {
        return;
    }
    let reason = tier.map_or_else(|| "no-tier".to_owned(), |tier| tier.says("now"));
    effects.set_tier(tier.map(|tier| &*tier.id), until.map(Moment::At), reason);
    // The till's own price lists, where it has them.
    let discount = tier.map_or(0, |tier| tier.discount_bp.get());
    let known = tier.map_or("none", |tier| &*tier.id);
    effects.instruct("x-tier", Attributes::default().with("x-tier", known).with("x-discount-bp", discount));
}

/// The tier's share of what the purchase earns, from the spend and not from the rounded points, and rounded once.
fn bonus(tier: &Tier, spend: Money, config: &Config) -> Result<Award, ArithmeticError> {
    let points = spend.earns(config.earn.share(tier.bonus_bp)?, Rounding::Floor)?;
    Ok(Award::new("tier-bonus", points, tier.says("tier-bonus")))
}
