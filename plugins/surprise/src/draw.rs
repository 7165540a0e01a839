//! The draw. One number for an event, from its seed and nothing else: neither the till nor the member can choose it, and whoever sees the decision can draw it again.

use coalition_sdk::{
    Attributes, Award, Chance, Effects, Event, Fault, Member, Message, Moment, Money, Points, Purchase, Refund, Rounding, Stop, Voucher,
};

use crate::DRAWS;
use crate::config::{Config, DRAWN_FROM, Prize};

/// The number that an event draws, from 0 up to, not including, a million.
pub fn number(seed: u64) -> Result<i64, Fault> {
    let drawn_from = u64::try_from(DRAWN_FROM).unwrap_or(1);
    let number = Chance::from_seed(seed).below(drawn_from)?;
    Ok(i64::try_from(number).unwrap_or(0))
}

/// The prize that a number wins: the first prize has the lowest numbers, as many as its odds say, the next one those that follow.
pub fn prize(number: i64, config: &Config) -> Option<&Prize> {
    let mut below = 0_i64;
    config.prizes.iter().find(|prize| {
        below = below.saturating_add(prize.per_million);
        number < below
    })
}

pub fn award(purchase: &Purchase, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let spend = config.excluded.leaves(purchase)?;
    let base = spend.earns(config.earn, Rounding::Floor)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", spend)));
    // One draw a day: a basket split in two draws no second time.
    if spend.minor() < config.minimum || member.counter(DRAWS) > 0 {
        return Ok(effects);
    }
    effects.progress(DRAWS, 1);
    let number = number(event.seed)?;
    let prize = prize(number, config);
    let won = prize.map_or("none", |prize| &*prize.id);
    effects.instruct("x-draw", Attributes::default().with("x-number", number).with("x-of", DRAWN_FROM).with("x-prize", won));
    if let Some(prize) = prize {
        let reason = Message::new(format!("won:{}", prize.id)).with("number", number);
        effects.award(Award::new(format!("prize:{}", prize.id), Points::new(prize.points), reason.clone()));
        if let Some(gift) = &prize.voucher {
            let mut voucher = Voucher::new(format!("prize:{}", prize.id), &*prize.id, reason).expires(Moment::AfterDays(gift.days));
            voucher.value = gift.value.map(|minor| Money::new(minor, config.currency));
            effects.issue_voucher(voucher);
        }
    }
    Ok(effects)
}

/// After goods came back. The gateway has taken back the prize and the draw of a purchase that no longer takes part. The prize stays taken, but the day's draw is
/// used: whoever buys, returns and buys again until the number suits them would have more draws than others.
pub fn settle(refund: &Refund, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let kept = config.excluded.leaves(&refund.kept)?;
    let before = kept.plus(config.excluded.leaves(&refund.returned)?)?;
    let took_part = kept.minor() < config.minimum && config.minimum <= before.minor();
    if took_part && refund.original_at.date() == event.at.date() && member.counter(DRAWS) <= 0 {
        effects.progress(DRAWS, 1);
    }
    Ok(effects)
}
