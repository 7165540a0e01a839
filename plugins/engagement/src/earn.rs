//! What taking part earns. Limits are counters of the gateway, and each action moves its own: right in a burst too, since what one member does is decided in order.

use coalition_sdk::{ArithmeticError, Award, Effects, Event, Member, Message, Points, Refusal, Stop};

use crate::config::{Action, Config};

/// The counter of points that taking part has earned.
pub const EARNED: &str = "taken-part";

pub fn award(kind: &str, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let Some(action) = config.actions.iter().find(|action| action.kind == kind) else {
        return Ok(Effects::new());
    };
    limits(action, member)?;
    let points = points(action, event)?;
    if !points.is_positive() {
        return Err(Refusal::new("nothing-earned", "nothing-earned").into());
    }
    let mut effects = Effects::new();
    let award = Award::new(action.key(), points, action.key());
    effects.award(match &action.waits_for {
        Some(word) => award.available_on(word.as_str()),
        None => award,
    });
    effects.progress(action.today(), 1).progress(action.ever(), 1).progress(EARNED, points.get());
    let earned = member.counter(EARNED).checked_add(points.get()).ok_or(ArithmeticError::Overflow)?;
    for level in config.levels.iter().filter(|level| level.from <= earned && !member.has_badge(&level.id, "")) {
        effects.grant_badge(&*level.id, "");
        effects.tell(format!("level:{}", level.id));
    }
    Ok(effects)
}

/// A refusal says which limit it was.
fn limits(action: &Action, member: &Member) -> Result<(), Refusal> {
    if action.buyers_only && member.activity.purchases == 0 {
        return Err(Refusal::new("not-eligible", "buyers-only"));
    }
    if member.counter(&action.today()) >= i64::from(action.day_max) {
        return Err(Refusal::new("limit-reached", Message::new("today-max").with("max", action.day_max)));
    }
    match action.ever_max.filter(|max| member.counter(&action.ever()) >= i64::from(*max)) {
        Some(max) => Err(Refusal::new("limit-reached", Message::new("ever-max").with("max", max))),
        None => Ok(()),
    }
}

fn points(action: &Action, event: &Event) -> Result<Points, ArithmeticError> {
    let once = Points::new(action.points);
    let points = match &action.score {
        // Without a score, or below zero, nothing was answered rightly.
        Some(name) => once.times(event.attributes.number(name).unwrap_or(0).clamp(0, action.score_max.into()))?,
        None => once,
    };
    match &action.more {
        Some(more) if points.is_positive() && event.attributes.number(&more.attribute).is_some_and(|number| number >= more.from) => {
            points.plus(Points::new(more.points))
        }
        _ => Ok(points),
    }
}
