//! What a purchase earns, and what is remembered of one at another partner: that it was made on that day, nothing more. Base and extra are rounded together, once, down.

use coalition_sdk::{ArithmeticError, Award, BasisPoints, CoalitionEvent, Effects, Line, Member, Message, Points, Pot, Purchase, Stop};

use crate::config::{After, Config};
use crate::{AFTER, EXTRA, VISITS};

/// A purchase at another partner: the day is marked, and the member is told, if they don't know it yet.
pub fn mark(visit: &CoalitionEvent, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    let after = &config.after;
    let enough = visit.total.is_some_and(|total| total.currency() == config.currency && total.minor() >= after.minimum);
    if visit.kind == "purchase" && after.counts_at(&visit.partner) && enough {
        if !is_near(after, member) {
            effects.tell(Message::new("fill-up").with("days", after.days));
        }
        effects.progress(VISITS, 1);
    }
    effects
}

/// Whether such a purchase was made today or at most so many days ago.
pub fn is_near(after: &After, member: &Member) -> bool {
    let days = usize::try_from(after.days).unwrap_or(0);
    (0..=days).any(|day| member.counter_before(VISITS, day) > 0)
}

pub fn award(purchase: &Purchase, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let after = &config.after;
    let spend = config.excluded.leaves(purchase)?;
    let once = config.earn.share(BasisPoints::ONE)?;
    let mut pot = Pot::new(once.minor);
    let base = pot.add(spend.minor(), once.points)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", spend)));
    if !is_near(after, member) {
        return Ok(effects);
    }
    let (more, lines) = match &after.goods {
        None => (spend.minor(), Vec::new()),
        Some(goods) => {
            let lines: Vec<&Line> = purchase.lines.iter().filter(|line| goods.has(line) && !config.excluded.has(line)).collect();
            let more = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount.minor())).ok_or(ArithmeticError::Overflow)?;
            (more, lines.iter().map(|line| line.number).collect())
        }
    };
    let due = pot.add(more, config.earn.share(after.multiplier_bp.above_one())?.points)?;
    let rest = after.extra_max.map(|most| Points::new(most.saturating_sub(member.counter(EXTRA)).max(0)));
    let points = rest.map_or(due, |rest| due.min(rest));
    let mut award = Award::new(AFTER, points, AFTER).for_lines(lines);
    award.campaign = after.paid_by.as_ref().map(|slug| slug.as_str().to_owned());
    effects.award(award).progress(EXTRA, points.get());
    Ok(effects)
}
