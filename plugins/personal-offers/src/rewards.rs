//! What this member is offered: what comes with the next purchase, what is waiting to be fetched, and samples for points.

use coalition_sdk::{Context, Member, Message, Money, Offer, Quotation, QuoteRequest, Refusal, Stop};

use crate::config::{BIRTHDAY, Config, FAVOURITE, WELCOME, WINBACK};
use crate::know;

pub fn offers(context: &Context, member: &Member, config: &Config) -> Vec<Offer> {
    let mut offers = Vec::new();
    if config.welcome_points > 0 && know::all_seen(member) && !member.has_badge(WELCOME, "") {
        offers.push(Offer::new(WELCOME, "reward:welcome").with("x-points", config.welcome_points));
    }
    if let Some(birthday) = &config.birthday {
        let waiting = !member.open_vouchers(BIRTHDAY).is_empty();
        if waiting || know::birthday_due(member) {
            let mut offer = Offer::new(BIRTHDAY, "reward:birthday-gift");
            offer.value = birthday.value.map(|minor| Money::new(minor, config.currency));
            offers.push(if waiting { offer } else { offer.not_yet("with-a-purchase") });
        }
    }
    if let Some(winback) = config.winback.as_ref().filter(|winback| know::is_back(winback, context.at, member)) {
        offers.push(Offer::new(WINBACK, "reward:winback").with("x-points", winback.points));
    }
    if let (Some(favourite), Some(group)) = (&config.favourite, know::favourite(member, config)) {
        let offer = Offer::new(FAVOURITE, format!("favourite:{}", group.id)).with("category", &*group.id);
        offers.push(offer.with("x-multiplier-bp", favourite.multiplier_bp.get()));
    }
    let segments = config.segments.iter().filter(|it| know::belongs(it, context.at.date(), member));
    offers.extend(segments.map(|it| Offer::new(&*it.id, format!("segment:{}", it.id)).with("x-multiplier-bp", it.multiplier_bp.get())));
    offers.extend(config.samples.iter().map(|it| it.offer(member, config.currency)));
    offers
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    let reward = request.reward.as_str();
    if let Some(sample) = config.samples.iter().find(|it| *it.id == *reward) {
        return sample.quote(request, config.currency);
    }
    let known = [WELCOME, BIRTHDAY, WINBACK, FAVOURITE].contains(&reward) || config.segments.iter().any(|it| *it.id == *reward);
    Err(if known { Refusal::new("not-eligible", Message::new("not-for-points")) } else { Refusal::no_such_reward(reward) }.into())
}
