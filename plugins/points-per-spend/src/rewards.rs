//! What points buy here: any amount at the till, or a voucher. Stock and limits per member are the gateway's to count.

use coalition_sdk::{Fault, Member, Message, Money, Offer, Pay, Points, Quotation, QuoteRequest, Refusal, Stop};

use crate::config::{Config, MoneyOff};

pub fn offers(member: &Member, config: &Config) -> Result<Vec<Offer>, Fault> {
    let mut offers = Vec::new();
    if let Some(pay) = &config.pay {
        offers.push(pay.offer(member, config.currency)?);
    }
    offers.extend(config.vouchers.iter().map(|voucher| {
        let value = Money::new(voucher.value, config.currency);
        Offer::new(&*voucher.id, title(value)).worth(value).for_points(Points::new(voucher.points), member)
    }));
    Ok(offers)
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    if let (Pay::ID, Some(pay)) = (request.reward.as_str(), &config.pay) {
        return pay.quote(request, config.currency);
    }
    let voucher = config.vouchers.iter().find(|voucher| *voucher.id == *request.reward);
    let Some(MoneyOff { points, value, .. }) = voucher else {
        return Err(Refusal::no_such_reward(&request.reward).into());
    };
    let pieces = i64::from(request.quantity.max(1));
    let each = Money::new(*value, config.currency);
    Ok(Quotation::new(Points::new(*points).times(pieces)?, each.times(pieces)?, title(each)))
}

fn title(value: Money) -> Message {
    Message::new("money-off").with("value", value)
}
