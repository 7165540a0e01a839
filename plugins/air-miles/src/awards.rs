//! Flights for miles: the price of an award by how far and when. Seats are the airline's own truth: when its inventory has none, the hold is voided.

use coalition_sdk::{
    ArithmeticError, Attributes, BasisPoints, Context, Date, Instant, Member, Money, Offer, Points, Quotation, QuoteRequest, Refusal,
    Rounding, Stop,
};

use crate::config::{Award, Config};

/// The least that each award costs, or what it costs where the asker says how far and when.
pub fn offers(context: &Context, member: &Member, config: &Config) -> Result<Vec<Offer>, ArithmeticError> {
    let mut offers = Vec::new();
    for award in &config.awards {
        let price = match price(award, &context.attributes, context.at, config)? {
            Ok(points) => points,
            // How far is not said: the nearest.
            Err(_) => {
                let nearest = award.prices.first().map_or(0, |price| price.miles);
                seasonal(nearest, &context.attributes, context.at, config)?
            }
        };
        let offer = Offer::new(&*award.id, award.title_key()).worth(worth(award, price, config)?);
        offers.push(offer.for_points(price, member).with("x-season-bp", season(&context.attributes, context.at, config).get()));
    }
    Ok(offers)
}

/// The binding price of an award for the distance and day in the context's attributes.
pub fn quote(request: &QuoteRequest, config: &Config) -> Result<Quotation, Stop> {
    let Some(award) = config.awards.iter().find(|award| *award.id == *request.reward) else {
        return Err(Refusal::no_such_reward(&request.reward).into());
    };
    let attributes = &request.context.attributes;
    let each = price(award, attributes, request.context.at, config)?.map_err(|why| Refusal::new("not-eligible", why))?;
    let points = each.times(i64::from(request.quantity.max(1)))?;
    Ok(Quotation::new(points, worth(award, points, config)?, award.title_key()))
}

/// The price, or why there is none.
fn price(award: &Award, attributes: &Attributes, at: Instant, config: &Config) -> Result<Result<Points, &'static str>, ArithmeticError> {
    let distance = attributes.number("x-distance").filter(|distance| *distance > 0);
    let reaches = |up_to: Option<i64>| match (up_to, distance) {
        (None, _) => true,
        (Some(up_to), Some(distance)) => distance <= up_to,
        (Some(_), None) => false,
    };
    // Without a distance only a price that holds for any is one, and only where no nearer one may be meant.
    let is_one_price = award.prices.iter().all(|price| price.up_to.is_none());
    let fitting = award.prices.iter().find(|price| reaches(price.up_to)).filter(|_| distance.is_some() || is_one_price);
    match fitting {
        Some(price) => seasonal(price.miles, attributes, at, config).map(Ok),
        None if distance.is_none() => Ok(Err("distance-needed")),
        None => Ok(Err("too-far")),
    }
}

/// Rounded up: a begun mile is a mile.
fn seasonal(miles: i64, attributes: &Attributes, at: Instant, config: &Config) -> Result<Points, ArithmeticError> {
    season(attributes, at, config).of(miles, Rounding::Ceil).map(Points::new)
}

/// What an award costs of its price on the day of the flight; without one, on the day of asking.
fn season(attributes: &Attributes, at: Instant, config: &Config) -> BasisPoints {
    let date = attributes.text("x-date").and_then(Date::parse).unwrap_or_else(|| at.date());
    config.seasons.iter().find(|season| season.has(date)).map_or(BasisPoints::ONE, |season| season.rate_bp)
}

fn worth(award: &Award, points: Points, config: &Config) -> Result<Money, ArithmeticError> {
    Ok(Money::new(award.worth_bp.of(points.get(), Rounding::Floor)?, config.currency))
}
