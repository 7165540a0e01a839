//! What counts, and what it comes to. Purchases move a counter of the year; when the year closes, each member's dividend follows from that counter, and from the
//! sum over all members where a surplus is shared: rounded down, so that the shares are never more than the surplus.

use coalition_sdk::{
    ArithmeticError, Award, Effects, Instant, Line, Member, Message, Moment, PeriodClose, Points, Purchase, Refund, Rounding, mul_div,
};

use crate::config::Config;

/// The counter of what counts in a year, in minor units.
pub const ELIGIBLE: &str = "eligible";
/// The badge of a member of the co-op.
pub const MEMBER: &str = "member";

/// A purchase: it counts, and the article that makes a member makes one.
pub fn buys(purchase: &Purchase, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let joins = config.membership.as_ref().is_some_and(|goods| purchase.lines.iter().any(|line| goods.has(line)));
    if joins && !is_member(member, config) {
        effects.grant_badge(MEMBER, "");
        effects.tell("joined");
    }
    if joins || is_member(member, config) {
        effects.progress(ELIGIBLE, eligible(purchase, config)?);
    }
    Ok(())
}

/// The year closes: the dividend on what the counter shows.
pub fn closes(close: &PeriodClose, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let bought = member.counter(ELIGIBLE);
    let minor = match (config.rate_bp, config.surplus) {
        (Some(rate), _) => rate.of(bought, Rounding::Floor)?,
        (None, Some(surplus)) => {
            let total = close.totals.iter().find(|total| total.counter == ELIGIBLE).map_or(0, |total| total.total);
            // Nobody's purchases below zero, after late returns, make the others' shares exceed the surplus.
            if total <= 0 { 0 } else { mul_div(bought.clamp(0, total), surplus, total, Rounding::Floor)? }
        }
        (None, None) => 0,
    };
    let points = config.worth.points_for(minor.max(0), Rounding::Floor)?;
    if points.get() < config.least_points {
        return Ok(());
    }
    let year = now.date().year;
    let award = Award::new(key(year), points, Message::new("dividend").with("year", year));
    effects.award(match config.expires_after_months {
        Some(months) => award.expires(Moment::AfterMonths(months)),
        None => award,
    });
    Ok(())
}

/// Goods of the year before came back: its dividend shrinks as what counted has. The gateway has moved the counter back already; a year before that is settled.
pub fn returns(refund: &Refund, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let year = refund.original_at.date().year;
    if year.checked_add(1) != Some(now.date().year) {
        return Ok(());
    }
    let held = member.awarded_under(&key(year));
    let after = member.counter_before(ELIGIBLE, 1).max(0);
    let before = after.checked_add(eligible(&refund.returned, config)?).ok_or(ArithmeticError::Overflow)?;
    if !held.is_positive() || before <= after {
        return Ok(());
    }
    // In proportion, rounded down: of a rate the same as that rate on what is left, but for a point; of a surplus nobody else's share is opened again.
    let due = mul_div(held.get(), after, before, Rounding::Floor)?;
    let back = held.minus(Points::new(due))?;
    effects.recover(key(year), back, Message::new("dividend-back").with("year", year));
    Ok(())
}

/// What a year's purchases would bring so far, in minor units; none where nobody knows yet what the others buy.
pub fn so_far(member: &Member, config: &Config) -> Result<Option<i64>, ArithmeticError> {
    config.rate_bp.map(|rate| rate.of(member.counter(ELIGIBLE).max(0), Rounding::Floor)).transpose()
}

/// Whether the member is one of the co-op.
pub fn is_member(member: &Member, config: &Config) -> bool {
    config.membership.is_none() || member.has_badge(MEMBER, "")
}

/// What of a purchase counts, in minor units. The article that makes a member does not.
fn eligible(purchase: &Purchase, config: &Config) -> Result<i64, ArithmeticError> {
    let is_fee = |line: &Line| config.membership.as_ref().is_some_and(|goods| goods.has(line));
    let on_offer = |line: &Line| config.full_price_only && line.attributes.get("promotion").is_some();
    let mut out = purchase.lines.iter().filter(|line| config.excluded.has(line) || is_fee(line) || on_offer(line));
    let left = out.try_fold(purchase.total, |left, line| left.minus(line.amount))?;
    Ok(left.minor())
}

fn key(year: i64) -> String {
    format!("dividend:{year}")
}
