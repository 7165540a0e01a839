//! Giving points to a cause: any amount, a gift with a price of its own, or what a purchase lacks to the next full unit. What is given is counted in the year, and the
//! first of a year is a badge; a reversal counts back.

use coalition_sdk::{
    ArithmeticError, Effects, Event, Member, Message, Money, Offer, Points, Quotation, QuoteRequest, Redemption, Refusal, Rounding, Stop,
    Window,
};

use crate::config::{Cause, Config, ROUND_UP, RoundUp};
use crate::{DONOR, GIVEN};

pub fn offers(member: &Member, config: &Config) -> Result<Vec<Offer>, ArithmeticError> {
    let mut offers = Vec::new();
    for cause in &config.causes {
        let least = Points::new(cause.minimum_points);
        let worth = config.rate.minor_for(least, Rounding::Floor)?;
        let value = matched(Money::new(worth, config.currency), config)?;
        offers.push(Offer::new(&*cause.id, reward_key(&cause.id)).worth(value).for_points(least, member));
    }
    offers.extend(config.gifts.iter().map(|gift| gift.offer(member, config.currency)));
    if let Some(round_up) = &config.round_up {
        offers.push(Offer::new(ROUND_UP, reward_key(ROUND_UP)).with("x-cause", &*round_up.cause));
    }
    Ok(offers)
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    let reward = request.reward.as_str();
    if let Some(gift) = config.gifts.iter().find(|gift| *gift.id == *reward) {
        return gift.quote(request, config.currency);
    }
    if let (ROUND_UP, Some(round_up)) = (reward, &config.round_up) {
        return quote_round_up(request, round_up, config);
    }
    let Some(cause) = config.cause(reward) else {
        return Err(Refusal::no_such_reward(reward).into());
    };
    let amount = request.amount.filter(|amount| amount.minor() > 0);
    let Some(amount) = amount else { return Err(Refusal::new("amount-needed", "amount-needed").into()) };
    let quotation = donation(amount, cause, config)?;
    if quotation.points.get() < cause.minimum_points {
        let reason = Message::new("below-minimum").with("minimum", cause.minimum_points);
        return Err(Refusal::new("minimum-not-met", reason).into());
    }
    Ok(quotation)
}

/// What the basket lacks to the next full unit; or, where the till has worked it out itself, an amount below one.
fn quote_round_up(request: &QuoteRequest, round_up: &RoundUp, config: &Config) -> Result<Quotation, Stop> {
    let Some(cause) = config.cause(&round_up.cause) else {
        return Err(Refusal::no_such_reward(&request.reward).into());
    };
    let lacking = match (&request.basket, request.amount) {
        (Some(basket), _) => {
            let over = basket.total.minor().rem_euclid(round_up.unit);
            Money::new(if over == 0 { 0 } else { round_up.unit - over }, basket.currency())
        }
        (None, Some(amount)) => amount,
        (None, None) => return Err(Refusal::new("amount-needed", "amount-needed").into()),
    };
    if !(1..round_up.unit).contains(&lacking.minor()) {
        return Err(Refusal::new("nothing-to-round", "nothing-to-round").into());
    }
    let quotation = donation(lacking, cause, config)?;
    Ok(quotation.with("text", format!("+ {lacking}")))
}

/// The price of giving this amount, rounded up: a begun point is a point. The merchant's part is rounded down, and comes on top.
fn donation(amount: Money, cause: &Cause, config: &Config) -> Result<Quotation, Stop> {
    if amount.currency() != config.currency {
        let reason = Message::new("other-currency").with("currency", config.currency.as_str());
        return Err(Refusal::new("wrong-currency", reason).into());
    }
    let points = config.rate.points_for(amount.minor(), Rounding::Ceil)?;
    Ok(Quotation::new(points, matched(amount, config)?, reward_key(&cause.id)).with("x-cause", &*cause.id).with("x-given", amount))
}

fn matched(amount: Money, config: &Config) -> Result<Money, ArithmeticError> {
    amount.plus(amount.share(config.match_bp, Rounding::Floor)?)
}

/// A redemption of one of these rewards moved on.
pub fn follow(redemption: &Redemption, event: &Event, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    let reward = redemption.reward.as_str();
    let ours = reward == ROUND_UP || config.cause(reward).is_some() || config.gifts.iter().any(|gift| *gift.id == *reward);
    let year = event.at.date().period(Window::Year);
    let given = member.counter(GIVEN);
    match redemption.step.as_str() {
        "captured" if ours => {
            effects.progress(GIVEN, redemption.points.get());
            if !member.has_badge(DONOR, &year) {
                effects.grant_badge(DONOR, year);
            }
            effects.tell(Message::new("thanks").with("points", redemption.points).with("value", redemption.value));
        }
        "reversed" if ours => {
            effects.progress(GIVEN, redemption.points.get().saturating_neg());
            if given <= redemption.points.get() && member.has_badge(DONOR, &year) {
                effects.revoke_badge(DONOR, year);
            }
        }
        _ => {}
    }
    effects
}

/// The text of a reward's name.
fn reward_key(id: &str) -> Message {
    Message::new(format!("reward:{id}"))
}
