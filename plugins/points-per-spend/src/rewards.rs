//! What points buy here: any amount at the till, or a voucher. Stock and limits per member are the gateway's to count.

use coalition_sdk::{Fault, Member, Message, Money, Offer, Points, Quotation, QuoteRequest, Refusal, Rounding, Stop};

use crate::config::{Config, MoneyOff, PAY, Pay};

pub fn offers(member: &Member, config: &Config) -> Result<Vec<Offer>, Fault> {
    let mut offers = Vec::new();
    if let Some(pay) = &config.pay {
        let points = Points::new(pay.minimum_points.max(1));
        let value = Money::new(pay.rate.minor_for(points, Rounding::Floor)?, config.currency);
        let offer = Offer::new(PAY, pay_title(pay, config)).price(points).worth(value);
        offers.push(reachable(offer, points, member));
    }
    for voucher in &config.vouchers {
        let points = Points::new(voucher.points);
        let value = Money::new(voucher.value, config.currency);
        let offer = Offer::new(&*voucher.id, voucher_title(value)).price(points).worth(value);
        offers.push(reachable(offer, points, member));
    }
    Ok(offers)
}

pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    if let (PAY, Some(pay)) = (request.reward.as_str(), &config.pay) {
        return quote_payment(request, pay, config);
    }
    let voucher = config.vouchers.iter().find(|v| *v.id == *request.reward);
    match voucher {
        Some(voucher) => quote_voucher(request, voucher, config),
        None => Err(Refusal::no_such_reward(&request.reward).into()),
    }
}

fn quote_payment(request: &QuoteRequest, pay: &Pay, config: &Config) -> Result<Quotation, Stop> {
    let Some(amount) = request.amount.filter(|amount| amount.minor() > 0) else {
        return Err(Refusal::new("amount-needed", "amount-needed").into());
    };
    if amount.currency() != config.currency {
        let reason = Message::new("other-currency").with("currency", config.currency.as_str());
        return Err(Refusal::new("wrong-currency", reason).into());
    }
    // Rounded up: a begun point is a point.
    let points = pay.rate.points_for(amount.minor(), Rounding::Ceil)?;
    if points.get() < pay.minimum_points {
        let reason = Message::new("below-minimum").with("minimum", pay.minimum_points);
        return Err(Refusal::new("minimum-not-met", reason).into());
    }
    Ok(Quotation::new(points, amount, pay_title(pay, config)))
}

fn quote_voucher(request: &QuoteRequest, voucher: &MoneyOff, config: &Config) -> Result<Quotation, Stop> {
    let pieces = i64::from(request.quantity.max(1));
    let points = Points::new(voucher.points).times(pieces)?;
    let each = Money::new(voucher.value, config.currency);
    Ok(Quotation::new(points, each.times(pieces)?, voucher_title(each)))
}

fn pay_title(pay: &Pay, config: &Config) -> Message {
    Message::new("pay").with("points", pay.rate.points).with("value", Money::new(pay.rate.minor, config.currency))
}

fn voucher_title(value: Money) -> Message {
    Message::new("money-off").with("value", value)
}

/// Where the balance is known and too small, the offer says how far it is.
fn reachable(offer: Offer, price: Points, member: &Member) -> Offer {
    match member.balance {
        Some(balance) if balance < price => {
            let missing = price.get().saturating_sub(balance.get());
            offer.not_yet(Message::new("more-points").with("missing", missing)).target(balance.get(), price.get(), "points")
        }
        _ => offer,
    }
}
