//! What the points are good for: paying at the till, one to one as it comes, and having them paid out.

use coalition_sdk::{Fault, Member, Message, Money, Offer, Pay, Points, Quotation, QuoteRequest, Refusal, Rounding, Stop};

use crate::config::{Config, PAYOUT};

pub fn offers(member: &Member, config: &Config) -> Result<Vec<Offer>, Fault> {
    let mut offers = Vec::new();
    if let Some(pay) = &config.pay {
        offers.push(pay.offer(member, config.currency)?);
        if let Some(payout) = &config.payout {
            let least = Points::new(payout.minimum_points.max(1));
            let value = Money::new(pay.rate.minor_for(least, Rounding::Floor)?, config.currency);
            offers.push(Offer::new(PAYOUT, PAYOUT).worth(value).for_points(least, member));
        }
    }
    Ok(offers)
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    match (request.reward.as_str(), &config.pay, &config.payout) {
        (Pay::ID, Some(pay), _) => pay.quote(request, config.currency),
        // Money paid out is an amount paid with points: the same arithmetic, another least, another name.
        (PAYOUT, Some(pay), Some(payout)) => {
            let terms = Pay { rate: pay.rate, minimum_points: payout.minimum_points };
            let quotation = terms.quote(request, config.currency)?;
            Ok(Quotation { title: Message::new(PAYOUT), ..quotation })
        }
        _ => Err(Refusal::no_such_reward(&request.reward).into()),
    }
}
