//! What a purchase at any brand earns, counts and changes; and what else the coalition thanks for. Base and tier are rounded together, once, down.

use coalition_sdk::{
    Anniversary, ArithmeticError, Attributes, Award, BasisPoints, Effects, Enrolment, Instant, Member, Message, PeriodClose, Points, Pot,
    Purchase, SignalReceived, Stop, Window,
};

use crate::config::Config;
use crate::{BOUGHT, ENROLLED, PURCHASES, QUALIFYING, SPEND, WELCOME, rank};

pub fn award(purchase: &Purchase, now: Instant, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let spend = config.excluded.leaves(purchase)?;
    let once = config.earn.share(BasisPoints::ONE)?;
    let mut pot = Pot::new(once.minor);
    let base = pot.add(spend.minor(), once.points)?;
    effects.award(Award::new("coalition-base", base, Message::new("earned").with("spend", spend)));
    if let Some(tier) = rank::tier(member, config) {
        let points = pot.add(spend.minor(), config.earn.share(tier.bonus_bp)?.points)?;
        effects.award(Award::new("coalition-tier", points, format!("for-members:{}", tier.id)));
    }
    if spend.minor() > 0 {
        welcome(member, config, &mut effects);
    }
    effects.progress(PURCHASES, i64::from(spend.minor() > 0));
    effects.progress(SPEND, spend.minor());
    thank_staff(spend.minor(), member, config, &mut effects);
    let this_year = member.counter(SPEND).checked_add(spend.minor()).ok_or(ArithmeticError::Overflow)?;
    rank::change(this_year, member.counter_before(SPEND, 1), now, member, config, &mut effects);
    Ok(effects)
}

/// Once, and again only where a return took it back: the badge goes with the points.
fn welcome(member: &Member, config: &Config, effects: &mut Effects) {
    if config.welcome_points > 0 && !member.has_badge(WELCOME, "") {
        effects.award(Award::new("coalition-welcome", Points::new(config.welcome_points), "welcome"));
        effects.grant_badge(WELCOME, "");
    }
}

/// The first purchase that is large enough thanks whoever enrolled the member. Comes it back, the gateway reverses what the signal caused.
fn thank_staff(spend: i64, member: &Member, config: &Config, effects: &mut Effects) {
    let Some(staff) = config.staff.as_ref().filter(|staff| spend >= staff.minimum) else { return };
    let enrolled = member.relations.iter().any(|relation| relation == "enroller");
    if enrolled && member.counter(QUALIFYING) <= 0 && staff.points > 0 {
        effects.signal("enroller", BOUGHT, Attributes::default());
    }
    effects.progress(QUALIFYING, 1);
}

/// Somebody whom this member enrolled has bought.
pub fn thanks(signal: &SignalReceived, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    let heard = signal.kind == BOUGHT && signal.relation == "enroller";
    if let Some(staff) = config.staff.as_ref().filter(|staff| heard && member.counter(ENROLLED) < staff.a_month) {
        effects.progress(ENROLLED, 1);
        // Unique by the purchase that caused it.
        effects.award(Award::new(format!("enrolled:{}", signal.source), Points::new(staff.points), "enrolled"));
    }
    effects
}

/// After goods came back: the gateway has counted back what was returned; the tier follows, and where the welcome went with them, another purchase has it.
pub fn settle(now: Instant, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    if member.counter(PURCHASES) > 0 {
        welcome(member, config, &mut effects);
    } else if member.has_badge(WELCOME, "") {
        effects.revoke_badge(WELCOME, "").recover("coalition-welcome", Points::new(config.welcome_points), "goes-back");
    }
    rank::change(member.counter(SPEND), member.counter_before(SPEND, 1), now, member, config, &mut effects);
    effects
}

/// The year ends: what it brought decides about the next.
pub fn close(close: &PeriodClose, now: Instant, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    if close.window == Window::Year {
        let spent = member.counter(SPEND);
        rank::change(spent, spent, now, member, config, &mut effects);
    }
    effects
}

/// Thanks for a year as a member.
pub fn year(anniversary: &Anniversary, config: &Config) -> Effects {
    let mut effects = Effects::new();
    if anniversary.kind == "enrolment" {
        let years = anniversary.years;
        effects.award(Award::new(format!("years:{years}"), Points::new(config.yearly_points), Message::new("years").with("years", years)));
    }
    effects
}

/// Somebody joined: a word, and points with the first purchase, so that empty cards earn nothing.
pub fn joined(_: &Enrolment) -> Effects {
    let mut effects = Effects::new();
    effects.tell("joined");
    effects
}
