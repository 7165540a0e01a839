//! The two sides. The friend's first purchase that is large enough rewards the friend and sends word; the member who brought them hears it as an event of their
//! own. Whether there was such a purchase is a counter, which a refund moves back: then the next purchase is the first again, and the gateway takes back what
//! the word had caused.

use coalition_sdk::{
    Attributes, Award, Effects, Event, Member, Message, Moment, Money, Points, Purchase, Refusal, SignalReceived, Stop, Voucher,
};

use crate::config::{Config, VOUCHER};

/// The counter of the friend's purchases that were rewarded: none or one.
pub const QUALIFIED: &str = "qualified";
/// The counter of friends brought.
pub const FRIENDS: &str = "friends";
/// The word to who brought them.
const BOUGHT: &str = "friend-bought";

/// A member joined: what waits is told, and who may not be brought is refused, with the reason.
pub fn joins(relations: &[String], config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    if !has(relations, "referrer") {
        return Ok(effects);
    }
    if !may_be_brought(relations, config) {
        return Err(Refusal::new("same-household", "same-household").into());
    }
    if config.friend_points > 0 {
        let minimum = Money::new(config.minimum, config.currency);
        effects.tell(Message::new("waits").with("points", config.friend_points).with("minimum", minimum));
    }
    Ok(effects)
}

/// A member buys: the friend's reward and the word, if it is the first purchase that is enough.
pub fn buys(event: &Event, purchase: &Purchase, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let is_in_time = config.within_days.is_none_or(|days| event.at.days_since(member.enrolled.ms) <= i64::from(days));
    let is_staff = event.attributes.flag("employee") && !config.employees;
    let is_brought = has(&member.relations, "referrer") && may_be_brought(&member.relations, config);
    let is_enough = config.excluded.leaves(purchase)?.minor() >= config.minimum;
    if !is_brought || !is_in_time || is_staff || !is_enough || member.counter(QUALIFIED) > 0 {
        return Ok(effects);
    }
    effects.progress(QUALIFIED, 1);
    effects.award(pending(Award::new("friend", Points::new(config.friend_points.into()), "friend"), config));
    if let Some(voucher) = &config.friend_voucher {
        let issued = Voucher::new("friend", VOUCHER, "friend").worth(Money::new(voucher.value, config.currency));
        effects.issue_voucher(issued.expires(Moment::AfterDays(voucher.days)));
    }
    effects.signal("referrer", BOUGHT, Attributes::default());
    Ok(effects)
}

/// Word that a friend has bought.
pub fn hears(signal: &SignalReceived, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    if signal.kind != BOUGHT {
        return Ok(effects);
    }
    if member.counter(FRIENDS) >= config.friends.max {
        return Err(Refusal::new("limit-reached", Message::new("limit-reached").with("max", config.friends.max)).into());
    }
    effects.progress(FRIENDS, 1);
    let points = Points::new(config.referrer_points.into());
    effects.award(pending(Award::new(format!("referral:{}", signal.source), points, "referral"), config));
    Ok(effects)
}

fn has(relations: &[String], kind: &str) -> bool {
    relations.iter().any(|known| known == kind)
}

fn may_be_brought(relations: &[String], config: &Config) -> bool {
    config.same_household || !has(relations, "household")
}

fn pending(award: Award, config: &Config) -> Award {
    match config.pending_days {
        0 => award,
        days => award.available(Moment::AfterDays(days)),
    }
}
