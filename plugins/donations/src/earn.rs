//! What a purchase earns: the base, more on organic goods, and points for one's own bag once a day. Base and more are rounded together, once, down.

use coalition_sdk::{
    Award, BasisPoints, Date, Effects, Event, Instant, Line, Member, Message, Points, Pot, Purchase, Refund, Stop, Window,
};

use crate::config::{Config, Eco};
use crate::{BAGS, BROUGHT, DAYS_KEPT};

pub fn award(purchase: &Purchase, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let spend = config.excluded.leaves(purchase)?;
    let once = config.earn.share(BasisPoints::ONE)?;
    let mut pot = Pot::new(once.minor);
    let base = pot.add(spend.minor(), once.points)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", spend)));
    if let Some(eco) = &config.eco {
        let lines: Vec<&Line> = purchase.lines.iter().filter(|line| is_eco(eco, line) && !config.excluded.has(line)).collect();
        let kind = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount.minor()));
        let points = pot.add(kind, config.earn.share(eco.multiplier_bp.above_one())?.points)?;
        effects.award(Award::new("eco", points, "eco").for_lines(lines.iter().map(|line| line.number)));
    }
    let brought_bag = event.attributes.flag("x-own-bag") && spend.minor() > 0;
    if brought_bag && config.own_bag_points > 0 {
        effects.progress(BAGS, 1);
        // Once a day: a second bag, or a basket split in two, brings no more.
        let key = bag_key(event.at.date());
        if member.awarded_under(&key) == Points::ZERO {
            effects.award(Award::new(key, Points::new(config.own_bag_points), "own-bag"));
        }
    }
    Ok(effects)
}

/// After goods came back with which the bag of a day had been rewarded: where another purchase of that day had one too, it is rewarded anew.
pub fn settle(refund: &Refund, now: Instant, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    let bought = refund.original_at.date();
    let back = usize::try_from(now.date().windows_since(bought, Window::Day)).ok().filter(|back| *back <= usize::from(DAYS_KEPT));
    let Some(back) = back else { return effects };
    let (others, given, key) = (member.counter_before(BAGS, back) > 0, member.awarded_under(&bag_key(bought)), bag_key(bought));
    if others && given == Points::ZERO {
        effects.award(Award::new(key, Points::new(config.own_bag_points), "own-bag"));
    } else if !others {
        effects.recover(key, given, "goes-back");
    }
    effects
}

/// Things were brought.
pub fn brought(member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    if let Some(brought) = config.brought.as_ref().filter(|brought| member.counter(BROUGHT) < brought.a_month) {
        effects.progress(BROUGHT, 1);
        effects.award(Award::new("brought", Points::new(brought.points), "brought"));
    }
    effects
}

fn bag_key(day: Date) -> String {
    format!("own-bag:{}", day.period(Window::Day))
}

fn is_eco(eco: &Eco, line: &Line) -> bool {
    line.attributes.flag("x-eco") || eco.goods.has(line)
}
