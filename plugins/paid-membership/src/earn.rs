//! What a purchase earns, and what a fee does. Members' points on top go by the membership that the member came with; a fee counts from the next purchase on.

use coalition_sdk::{ArithmeticError, Award, Effects, Instant, Member, Message, Moment, Points, Purchase, Rounding, Voucher};

use crate::config::{Config, DELIVERY};
use crate::standing;

pub fn award(purchase: &Purchase, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let mut spend = config.excluded.leaves(purchase)?;
    // The fee earns nothing; a fee that is excluded besides is taken off once.
    for line in purchase.lines.iter().filter(|line| config.plan.goods.has(line) && !config.excluded.has(line)) {
        spend = spend.minus(line.amount)?;
    }
    let base = spend.earns(config.earn, Rounding::Floor)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", spend)));
    if standing::is_member(now, member, config) {
        let rate = config.earn.share(config.member_rate_bp.above_one())?;
        effects.award(Award::new("member", spend.earns(rate, Rounding::Floor)?, "member-bonus"));
    }
    paid(standing::fees(purchase, config), now, member, config, effects);
    Ok(())
}

/// So many fees were paid: the end moves on from the old one, or from now.
pub fn paid(fees: i64, now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    if fees <= 0 {
        return;
    }
    let before = standing::paid_until(now, member, config);
    let until = standing::moved(before.unwrap_or(now.ms), fees, now, config);
    let key = if before.is_some() { "renewed" } else { "joined" };
    hold(until, key, now, config, effects);
    if member.awarded_under("welcome") == Points::ZERO {
        effects.award(Award::new("welcome", Points::new(config.welcome_points.into()), "welcome"));
    }
    let times = config.delivery.as_ref().and_then(|delivery| delivery.times).unwrap_or(0);
    for number in 1..=times {
        let voucher = Voucher::new(format!("delivery-{number}"), DELIVERY, "reward:free-delivery");
        effects.issue_voucher(voucher.expires(Moment::At(standing::held_until(until, config))));
    }
}

/// So many fees were given back, in whole or in part: what they paid for is over. The gateway has taken back points and unused vouchers by itself.
pub fn given_back(fees: i64, now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let Some(before) = standing::paid_until(now, member, config).filter(|_| fees > 0) else {
        return;
    };
    let until = standing::moved(before, fees.saturating_neg(), now, config);
    if until > now.ms {
        hold(until, "shortened", now, config, effects);
    } else {
        end(effects);
    }
}

/// The membership ends now.
pub fn end(effects: &mut Effects) {
    effects.set_tier(None, None, "ended");
}

fn hold(paid_ms: i64, key: &str, now: Instant, config: &Config, effects: &mut Effects) {
    let last = Instant { ms: paid_ms, ..now }.date();
    let reason = Message::new(key).with("until", last);
    effects.set_tier(Some(&config.plan.id), Some(Moment::At(standing::held_until(paid_ms, config))), reason);
}
