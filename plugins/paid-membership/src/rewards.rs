//! What the membership brings. None of it costs points, so there is nothing to quote: the till and the shop read the offers.

use coalition_sdk::{Context, Member, MemberPrice, Money, Offer, Quotation, QuoteRequest, Refusal, Stop};

use crate::config::{Config, DELIVERY, EARLY, MEMBERSHIP};
use crate::standing;

pub fn offers(context: &Context, member: &Member, config: &Config) -> Vec<Offer> {
    let until = standing::paid_until(context.at, member, config);
    let mut offers = vec![membership(until, context, config)];
    let for_members = |offer: Offer| match until {
        Some(until) => Offer { valid_until_ms: Some(standing::held_until(until, config)), ..offer },
        None => offer.not_yet("for-members"),
    };
    if let Some(delivery) = &config.delivery {
        let offer = Offer::new(DELIVERY, title(DELIVERY)).with("x-minimum-minor", delivery.minimum);
        offers.push(match delivery.times {
            // Counted deliveries are vouchers: the offer shows how many are left.
            Some(times) => {
                let left = member.open_vouchers(DELIVERY).len();
                let offer = offer.target(i64::try_from(left).unwrap_or(0), times.into(), "deliveries");
                if left == 0 && until.is_some() { offer.not_yet("none-left") } else { for_members(offer) }
            }
            None => for_members(offer),
        });
    }
    offers.extend(config.member_prices.iter().map(|price| for_members(price.offer())));
    if let Some(minutes) = config.early_minutes {
        offers.push(for_members(Offer::new(EARLY, title(EARLY)).with("x-minutes", minutes)));
    }
    offers
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    let is_price = |price: &MemberPrice| price.reward() == request.reward;
    let reason = match request.reward.as_str() {
        MEMBERSHIP => "bought-like-goods",
        DELIVERY if config.delivery.is_some() => "comes-with-it",
        EARLY if config.early_minutes.is_some() => "comes-with-it",
        _ if config.member_prices.iter().any(is_price) => "comes-with-it",
        _ => return Err(Refusal::no_such_reward(&request.reward).into()),
    };
    Err(Refusal::new("not-eligible", reason).into())
}

/// The membership itself: its fee, how long it is paid, and what would come back if it ended today.
fn membership(until: Option<i64>, context: &Context, config: &Config) -> Offer {
    let mut offer = Offer::new(MEMBERSHIP, title(MEMBERSHIP)).worth(Money::new(config.plan.fee, config.currency));
    if let Some(until) = until {
        offer.valid_until_ms = Some(until);
        offer = offer.with("x-is-member", true).with("x-is-in-grace", until <= context.at.ms);
        if let Some(unused) = standing::unused(until, context.at, config) {
            offer = offer.with("x-unused-minor", unused.minor());
        }
    }
    offer
}

fn title(reward: &str) -> String {
    format!("reward:{reward}")
}
