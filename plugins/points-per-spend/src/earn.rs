//! What a purchase earns: the base on all that is not excluded, and an award of its own for each bonus, so that a statement explains every point.
//! Each award is rounded once, down, on the sum of its lines: fewer goods never earn more, in whatever order they come back.

use coalition_sdk::{ArithmeticError, Award, Effects, Line, Message, Moment, Money, Purchase, Rounding, Stop};

use crate::config::{Bonus, Config};

pub fn award(basket: &Purchase, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    if basket.total.minor() < config.minimum_basket {
        return Ok(effects);
    }
    let (mut earning, mut excluded) = (basket.total, false);
    let mut numbers = Vec::new();
    let mut shares: Vec<Share> = config.bonuses.iter().map(|bonus| Share::new(bonus, basket)).collect();
    for line in &basket.lines {
        if config.excluded.has(line) {
            earning = earning.minus(line.amount)?;
            excluded = true;
            continue;
        }
        numbers.push(line.number);
        if let Some(best) = best(&mut shares, line) {
            best.add(line)?;
        }
    }
    let base = earning.earns(config.earn, Rounding::Floor)?;
    let reason = Message::new("earned").with("spend", earning);
    // All lines is what an award without lines means.
    let lines = if excluded { numbers } else { Vec::new() };
    effects.award(finish(Award::new("base", base, reason).for_lines(lines), config));
    for share in shares {
        // The base rate times what the multiplier is above one.
        let rate = config.earn.share(share.bonus.multiplier_bp.above_one())?;
        let points = share.spend.earns(rate, Rounding::Floor)?;
        let key = share.bonus.key();
        let award = Award::new(key.as_str(), points, key.as_str());
        effects.award(finish(award.for_lines(share.lines), config));
    }
    Ok(effects)
}

/// What a bonus is given on.
struct Share<'a> {
    bonus: &'a Bonus,
    spend: Money,
    lines: Vec<u32>,
}

impl<'a> Share<'a> {
    fn new(bonus: &'a Bonus, basket: &Purchase) -> Self {
        Self { bonus, spend: Money::new(0, basket.currency()), lines: Vec::new() }
    }

    fn add(&mut self, line: &Line) -> Result<(), ArithmeticError> {
        self.spend = self.spend.plus(line.amount)?;
        self.lines.push(line.number);
        Ok(())
    }
}

fn best<'s, 'a>(shares: &'s mut [Share<'a>], line: &Line) -> Option<&'s mut Share<'a>> {
    let fitting = shares.iter_mut().filter(|share| share.bonus.goods.has(line));
    // Of equals the first, as the merchant wrote them.
    fitting.reduce(|best, next| if next.bonus.multiplier_bp > best.bonus.multiplier_bp { next } else { best })
}

fn finish(award: Award, config: &Config) -> Award {
    let award = match config.pending_days {
        0 => award,
        days => award.available(Moment::AfterDays(days)),
    };
    match config.expires_after_months {
        Some(months) => award.expires(Moment::AfterMonths(months)),
        None => award,
    }
}
