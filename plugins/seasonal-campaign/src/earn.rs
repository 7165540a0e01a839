//! What a purchase earns: the base on all that is not excluded, and an award of its own for each campaign, so that a statement explains every point.
//! All of them are rounded together, once, down: more goods never earn less, and a basket split in two never earns more.

use coalition_sdk::{ArithmeticError, Award, BasisPoints, Effects, Event, Line, Member, Message, Points, Pot, Purchase, Stop};

use crate::config::{Campaign, Config, Stacking};

pub fn award(purchase: &Purchase, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let running = config.campaigns.iter().filter(|campaign| campaign.is_for(event, purchase));
    let mut shares: Vec<Share> = running.map(Share::new).collect();
    let (mut earning, mut numbers, mut excluded) = (purchase.total, Vec::new(), false);
    for line in &purchase.lines {
        if config.excluded.has(line) {
            earning = earning.minus(line.amount)?;
            excluded = true;
            continue;
        }
        numbers.push(line.number);
        choose(&mut shares, Some(line), line.amount.minor(), config.stacking)?;
    }
    if purchase.lines.is_empty() {
        choose(&mut shares, None, earning.minor(), config.stacking)?;
    }

    let once = i64::from(BasisPoints::ONE.get());
    let times = |a: i64, b: i64| a.checked_mul(b).ok_or(ArithmeticError::Overflow);
    let mut pot = Pot::new(times(config.earn.minor, once)?);
    let mut effects = Effects::new();
    let base = pot.add(earning.minor(), times(config.earn.points, once)?)?;
    // All lines is what an award without lines means.
    let lines = if excluded { numbers } else { Vec::new() };
    effects.award(Award::new("base", base, Message::new("earned").with("spend", earning)).for_lines(lines));

    let rest = config.extra_max.as_ref().map(|most| most.points.saturating_sub(member.counter(most.counter())).max(0));
    let mut given = Points::ZERO;
    for share in shares {
        let due = pot.add(share.spend, times(config.earn.points, share.campaign.extra_bp())?)?;
        let left = rest.map_or(due, |rest| due.min(Points::new(rest.saturating_sub(given.get()))));
        given = given.plus(left)?;
        let id = &share.campaign.id;
        let mut award = Award::new(format!("campaign:{id}"), left, Message::new(format!("campaign:{id}"))).for_lines(share.lines);
        award.campaign = share.campaign.paid_by.as_ref().map(|slug| slug.as_str().to_owned());
        effects.award(award);
    }
    if let Some(most) = &config.extra_max {
        effects.progress(most.counter(), given.get());
    }
    Ok(effects)
}

/// What a campaign is given on.
struct Share<'c> {
    campaign: &'c Campaign,
    spend: i64,
    lines: Vec<u32>,
}

impl<'c> Share<'c> {
    const fn new(campaign: &'c Campaign) -> Self {
        Self { campaign, spend: 0, lines: Vec::new() }
    }

    fn fits(&self, line: Option<&Line>) -> bool {
        match (&self.campaign.goods, line) {
            (None, _) => true,
            (Some(goods), Some(line)) => goods.has(line),
            // A till that sends totals only can't say which goods.
            (Some(_), None) => false,
        }
    }

    fn add(&mut self, line: Option<&Line>, amount: i64) -> Result<(), ArithmeticError> {
        self.spend = self.spend.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
        self.lines.extend(line.map(|line| line.number));
        Ok(())
    }
}

/// Puts a line, or all of a receipt without lines, to the campaigns that count for it.
fn choose(shares: &mut [Share<'_>], line: Option<&Line>, amount: i64, stacking: Stacking) -> Result<(), ArithmeticError> {
    let alone = |share: &Share<'_>| stacking == Stacking::Best || share.campaign.exclusive;
    let fitting = || shares.iter().enumerate().filter(|(_, share)| share.fits(line));
    // Of equals the first, as the merchant wrote them.
    let best = fitting().filter(|(_, share)| alone(share)).map(|(index, share)| (index, share.campaign.extra_bp()));
    let best = best.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let together = fitting().filter(|(_, share)| !alone(share)).map(|(_, share)| share.campaign.extra_bp());
    let together = together.fold(0, i64::saturating_add);
    match best {
        Some((index, extra)) if extra >= together => shares.get_mut(index).map_or(Ok(()), |share| share.add(line, amount)),
        _ => shares.iter_mut().filter(|share| share.fits(line) && !alone(share)).try_for_each(|share| share.add(line, amount)),
    }
}
