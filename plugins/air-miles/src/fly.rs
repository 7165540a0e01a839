//! What flights earn. A flight is a line with a distance, or an event of its own; each is rounded down by itself, so that two tickets earn what one of both would.
//! Tiers follow from a counter of the year, and the bonus for flying often from another, less what was given of it.

use coalition_sdk::{ArithmeticError, Attributes, Award, Effects, Instant, Member, Message, Moment, Money, Points, Purchase, Rounding};

use crate::config::{Config, Tier};

/// The counter of status miles in a year.
pub const STATUS: &str = "status-miles";
/// The counter of flights in a year.
pub const FLIGHTS: &str = "flights";

/// What one purchase, or one event, has flown.
#[derive(Default)]
pub struct Flown {
    flights: i64,
    miles: i64,
    lines: Vec<u32>,
}

impl Flown {
    /// Adds the flight that these attributes tell of; whether there was one.
    pub fn add(&mut self, attributes: &Attributes, line: Option<u32>, config: &Config) -> Result<bool, ArithmeticError> {
        let Some(distance) = attributes.number("x-distance").filter(|distance| *distance > 0) else {
            return Ok(false);
        };
        let cabin = attributes.text("x-cabin");
        let known = config.cabins.iter().find(|known| Some(&*known.id) == cabin).or_else(|| config.cabins.first());
        let counted = distance.max(config.minimum_miles);
        let miles = known.map_or(Ok(counted), |cabin| cabin.rate_bp.of(counted, Rounding::Floor))?;
        self.flights = self.flights.saturating_add(1);
        self.miles = self.miles.checked_add(miles).ok_or(ArithmeticError::Overflow)?;
        self.lines.extend(line);
        Ok(true)
    }

    /// Awards the miles, counts them, and sets what follows from that.
    pub fn land(self, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
        if self.flights == 0 {
            return Ok(());
        }
        let waiting = |award: Award| match &config.waits_for {
            Some(word) => award.available_on(word.as_str()),
            None => award,
        };
        let miles = Points::new(self.miles);
        let reason = Message::new("flights").with("flights", self.flights);
        effects.award(waiting(Award::new("flights", miles, reason).for_lines(self.lines.iter().copied())));
        let before = member.counter(STATUS);
        if let Some(tier) = tier(before, member, config) {
            let bonus = miles.share(tier.bonus_bp, Rounding::Floor)?;
            effects.award(waiting(Award::new("tier-bonus", bonus, tier.says("tier-bonus")).for_lines(self.lines)));
        }
        effects.progress(STATUS, self.miles).progress(FLIGHTS, self.flights);
        let often = due(member.counter(FLIGHTS).saturating_add(self.flights), now, member, config)?;
        effects.award(waiting(Award::new(often_key(now), often, "often")));
        let after = before.checked_add(self.miles).ok_or(ArithmeticError::Overflow)?;
        change(tier(after, member, config), after, now, member, effects);
        Ok(())
    }
}

/// A purchase: its flights, and what else it was for.
pub fn buys(purchase: &Purchase, now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let (mut flown, mut other) = (Flown::default(), purchase.total);
    for line in &purchase.lines {
        if flown.add(&line.attributes, Some(line.number), config)? || line.attributes.flag("no-points") {
            other = other.minus(line.amount)?;
        }
    }
    flown.land(now, member, config, effects)?;
    effects.award(spent(other, config)?);
    Ok(())
}

/// After tickets came back, and the gateway has counted them back: the bonus for flying often and the tier follow.
pub fn settle(now: Instant, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), ArithmeticError> {
    let surplus = Points::ZERO.minus(due(member.counter(FLIGHTS), now, member, config)?)?;
    effects.recover(often_key(now), surplus, "often-back");
    let miles = member.counter(STATUS);
    change(tier(miles, member, config), miles, now, member, effects);
    Ok(())
}

/// The year ends: only what was flown in it counts for the next one.
pub fn close(now: Instant, member: &Member, config: &Config, effects: &mut Effects) {
    let miles = member.counter(STATUS);
    change(reached(miles, config), miles, now, member, effects);
}

/// The tier that these status miles of this year, or those of the last, reach.
pub fn tier<'c>(miles: i64, member: &Member, config: &'c Config) -> Option<&'c Tier> {
    reached(miles.max(member.counter_before(STATUS, 1)), config)
}

fn reached(miles: i64, config: &Config) -> Option<&Tier> {
    config.tiers.iter().rfind(|tier| tier.from <= miles)
}

fn spent(other: Money, config: &Config) -> Result<Award, ArithmeticError> {
    let miles = config.other.map_or(Ok(Points::ZERO), |rate| other.earns(rate, Rounding::Floor))?;
    Ok(Award::new("other", miles, Message::new("other").with("spend", other)))
}

/// The bonus for so many flights this year, less what was given of it; below zero after returns.
fn due(flights: i64, now: Instant, member: &Member, config: &Config) -> Result<Points, ArithmeticError> {
    let Some(segments) = &config.segments else { return Ok(Points::ZERO) };
    let times = flights.max(0).div_euclid(i64::from(segments.every).max(1));
    Points::new(segments.miles.into()).times(times)?.minus(member.awarded_under(&often_key(now)))
}

fn often_key(now: Instant) -> String {
    format!("often:{}", now.date().year)
}

/// Sets the tier where it, or how long it is held, is no longer what the counter says.
fn change(tier: Option<&Tier>, miles: i64, now: Instant, member: &Member, effects: &mut Effects) {
    // This year's miles keep it through the next year, last year's through this one.
    let until = tier.map(|tier| {
        let years = if tier.from <= miles { 2 } else { 1 };
        coalition_sdk::Date { year: now.date().year.saturating_add(years), month: 1, day: 1 }.begins_ms(now)
    });
    let held = member.tier.as_ref();
    if held.map(|held| held.name.as_str()) == tier.map(|tier| &*tier.id) && held.and_then(|held| held.until_ms) == until {
        return;
    }
    let reason = tier.map_or_else(|| "no-tier".to_owned(), |tier| tier.says("now"));
    effects.set_tier(tier.map(|tier| &*tier.id), until.map(Moment::At), reason);
}
