//! What comes back of a purchase: each line at the best rate that fits it, an award for each rate, rounded down once on the sum of its lines. The month's most is
//! a counter of what was given, so that what is returned opens it again.

use coalition_sdk::{
    ArithmeticError, Award, BasisPoints, Effects, Event, Member, Message, Moment, Money, Points, Purchase, Rounding, Stop,
};

use crate::config::{Config, Rate};

/// The counter of points given in a month.
pub const GIVEN: &str = "cashback";

pub fn award(event: &Event, purchase: &Purchase, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let tender = event.attributes.text("tender");
    // What is paid with points has been given back before.
    if tender == Some("points") {
        return Ok(effects);
    }
    let fits = |rate: &&Rate| {
        let tenders = rate.tenders.is_empty() || rate.tenders.iter().any(|known| Some(known.as_str()) == tender);
        tenders && (rate.stores.is_empty() || rate.stores.iter().any(|known| Some(known) == event.store.as_ref()))
    };
    let mut shares = vec![Share::new(None, config.base_bp, purchase)];
    shares.extend(config.rates.iter().filter(fits).map(|rate| Share::new(Some(rate), rate.rate_bp, purchase)));
    sort(purchase, config, &mut shares)?;

    let mut rest = config.month_max.map(|most| most.saturating_sub(member.counter(GIVEN)).max(0));
    let mut given = Points::ZERO;
    let mut is_cut = false;
    for share in shares {
        let due = share.spend.earns(config.worth.share(share.rate_bp)?, Rounding::Floor)?;
        let points = rest.map_or(due, |rest| due.min(Points::new(rest)));
        is_cut |= points < due;
        rest = rest.map(|rest| rest.saturating_sub(points.get()));
        given = given.plus(points)?;
        let key = share.rate.map_or_else(|| "cashback".to_owned(), Rate::key);
        let reason = Message::new(key.as_str()).with("rate", share.rate_bp).with("spend", share.spend);
        let award = Award::new(key, points, reason).for_lines(share.lines);
        effects.award(match config.paid {
            Some(window) => award.available(Moment::EndOf(window)),
            None => award,
        });
    }
    if let Some(most) = config.month_max {
        effects.progress(GIVEN, given.get());
        if is_cut {
            effects.tell(Message::new("month-full").with("max", most));
        }
    }
    Ok(effects)
}

/// What a rate is given on; without a rate of its own, the base.
struct Share<'a> {
    rate: Option<&'a Rate>,
    rate_bp: BasisPoints,
    spend: Money,
    lines: Vec<u32>,
}

impl<'a> Share<'a> {
    fn new(rate: Option<&'a Rate>, rate_bp: BasisPoints, purchase: &Purchase) -> Self {
        Self { rate, rate_bp, spend: Money::new(0, purchase.currency()), lines: Vec::new() }
    }
}

/// Puts each line to the best rate that has it, of equals the first.
fn sort(purchase: &Purchase, config: &Config, shares: &mut [Share<'_>]) -> Result<(), ArithmeticError> {
    let best = |shares: &mut [Share<'_>], has: &dyn Fn(&Rate) -> bool, amount: Money, number: Option<u32>| {
        let fitting = shares.iter_mut().filter(|share| share.rate.is_none_or(has));
        let best = fitting.reduce(|best, next| if next.rate_bp > best.rate_bp { next } else { best });
        if let Some(best) = best {
            best.spend = best.spend.plus(amount)?;
            best.lines.extend(number);
        }
        Ok::<(), ArithmeticError>(())
    };
    if purchase.lines.is_empty() {
        // A till that sends totals only can't say which goods: what holds for all of them.
        return best(shares, &|rate| rate.goods.has_category(""), purchase.total, None);
    }
    for line in purchase.lines.iter().filter(|line| !config.excluded.has(line)) {
        best(shares, &|rate| rate.goods.has(line), line.amount, Some(line.number))?;
    }
    Ok(())
}
