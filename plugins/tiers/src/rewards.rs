//! What a tier brings: its discount at the till, which costs no points and is therefore shown and not quoted, and rewards of its own. An offer says how far the
//! next tier is.

use coalition_sdk::{Context, Date, Member, Message, Money, Offer, Points, Quotation, QuoteRequest, Refusal, Stop};

use crate::config::{Config, DISCOUNT, Exclusive};
use crate::rank;

pub fn offers(context: &Context, member: &Member, config: &Config) -> Vec<Offer> {
    let mut offers = vec![discount(context, member, config)];
    offers.extend(config.exclusives.iter().map(|it| exclusive(it, member, config)));
    offers
}

pub fn quote(request: &QuoteRequest, member: &Member, config: &Config) -> Result<Quotation, Stop> {
    if request.reward == DISCOUNT {
        return Err(Refusal::new("not-eligible", "discount-at-the-till").into());
    }
    let known = config.exclusives.iter().find(|it| *it.id == *request.reward);
    let Some(it) = known else {
        return Err(Refusal::no_such_reward(&request.reward).into());
    };
    if !rank::reaches(member, &it.tier, config) {
        return Err(Refusal::new("not-eligible", for_tier(&it.tier)).into());
    }
    let pieces = i64::from(request.quantity.max(1));
    let points = Points::new(it.points).times(pieces)?;
    let value = Money::new(it.value, config.currency).times(pieces)?;
    Ok(Quotation::new(points, value, reward_key(&it.id)))
}

/// The discount of the tier held, and how far the next one is.
fn discount(context: &Context, member: &Member, config: &Config) -> Offer {
    let spent = rank::spent(member);
    let held = rank::tier(spent, member, config);
    let next = rank::next(spent, member, config);
    let mut offer = Offer::new(DISCOUNT, discount_title(member, config));
    if let Some(held) = held {
        offer = offer.with("x-tier", &*held.id).with("x-discount-bp", held.discount_bp.get());
        offer.valid_until_ms = Some(rank::until(held, spent, context.at));
    }
    if held.is_none_or(|held| held.discount_bp.get() == 0) {
        offer = offer.not_yet("no-discount-yet");
    }
    if let Some(next) = next {
        let missing = Money::new(next.from.saturating_sub(spent.max(0)), config.currency);
        // What is missing is to be spent before the year ends.
        let by = Date { year: context.at.date().year + 1, month: 1, day: 1 };
        offer = offer
            .target(spent.max(0), next.from, "minor")
            .with("x-next-tier", &*next.id)
            .with("x-next-missing", missing)
            .with("x-next-until-ms", by.begins_ms(context.at));
    }
    offer
}

fn discount_title(member: &Member, config: &Config) -> Message {
    match rank::tier(rank::spent(member), member, config) {
        Some(tier) => tier.says("discount").into(),
        None => "no-discount".into(),
    }
}

fn exclusive(it: &Exclusive, member: &Member, config: &Config) -> Offer {
    let price = Points::new(it.points);
    let offer = Offer::new(&*it.id, reward_key(&it.id)).worth(Money::new(it.value, config.currency));
    if rank::reaches(member, &it.tier, config) {
        return offer.for_points(price, member);
    }
    let need = config.tiers.iter().find(|tier| tier.id == it.tier);
    let need = need.map_or(0, |tier| tier.from);
    offer.price(price).not_yet(for_tier(&it.tier)).target(rank::spent(member).max(0), need, "minor")
}

/// The tier stands in the configuration, so it has this text.
fn for_tier(id: &str) -> Message {
    Message::new(format!("for:{id}"))
}

/// The text of a reward's name.
pub fn reward_key(id: &str) -> Message {
    Message::new(format!("reward:{id}"))
}
