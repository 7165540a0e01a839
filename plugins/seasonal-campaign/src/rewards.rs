//! What members see: campaigns that run or are near, which cost nothing, and places at an early opening for points.

use coalition_sdk::{Context, Date, Instant, Member, Message, Money, Offer, Points, Quotation, QuoteRequest, Refusal, Stop};

use crate::config::{Campaign, Config, EarlyAccess};

pub fn offers(context: &Context, member: &Member, config: &Config) -> Vec<Offer> {
    let campaigns = config.campaigns.iter().filter_map(|it| campaign(it, context, config));
    let early = config.early_access.iter().filter(|it| context.at.date() < it.opens_to_all);
    campaigns.chain(early.map(|it| early_access(it, context, member, config))).collect()
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    if config.campaigns.iter().any(|it| *it.id == *request.reward) {
        return Err(Refusal::new("not-eligible", "no-points-needed").into());
    }
    let Some(it) = config.early_access.iter().find(|it| *it.id == *request.reward) else {
        return Err(Refusal::no_such_reward(&request.reward).into());
    };
    if request.context.at.date() >= it.opens_to_all {
        return Err(Refusal::new("unavailable", "open-to-all").into());
    }
    let places = i64::from(request.quantity.max(1));
    let points = Points::new(it.points).times(places)?;
    let value = Money::new(it.value, config.currency).times(places)?;
    Ok(Quotation::new(points, value, reward_key(&it.id)))
}

/// A campaign that runs today, or is announced.
fn campaign(it: &Campaign, context: &Context, config: &Config) -> Option<Offer> {
    let today = context.at.date();
    let announced = it.from.plus_days(-i64::from(config.announce_days));
    if today < announced || it.to < today {
        return None;
    }
    let mut offer = Offer::new(&*it.id, reward_key(&it.id)).with("x-multiplier-bp", it.multiplier_bp.get());
    offer.valid_until_ms = Some(begins(it.to.plus_days(1), context.at));
    Some(if today < it.from {
        offer.not_yet(Message::new("from-day").with("day", it.from.to_string()))
    } else if !it.runs(context.at, context.store.as_deref(), context.channel.as_deref()) {
        offer.not_yet("not-now")
    } else if it.minimum_basket > 0 {
        offer.with("x-minimum-basket", it.minimum_basket)
    } else {
        offer
    })
}

fn early_access(it: &EarlyAccess, context: &Context, member: &Member, config: &Config) -> Offer {
    let price = Points::new(it.points);
    let mut offer = Offer::new(&*it.id, reward_key(&it.id)).worth(Money::new(it.value, config.currency)).for_points(price, member);
    offer.valid_until_ms = Some(begins(it.opens_to_all, context.at));
    offer
}

fn begins(day: Date, near: Instant) -> i64 {
    day.begins_ms(near)
}

/// The text of a reward's name.
pub fn reward_key(id: &str) -> Message {
    Message::new(format!("reward:{id}"))
}
