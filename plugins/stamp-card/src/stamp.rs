//! What one purchase does to one card.

use coalition_sdk::{
    ArithmeticError, Award, Effects, Line, Member, Message, Moment, Money, Points, Purchase, Rounding, Stop, Voucher, mul_div,
};

use crate::config::{Card, Config, Counts};

/// A configuration that asks for fewer stamps than before may make many vouchers due at once; the rest follow with the next purchases. With seven effects a card,
/// eight cards and a badge stay within the gateway's 64.
const VOUCHERS_MAX: i64 = 4;

/// Stamps the card; whether it was full at least once, with what is left of all that was bought.
pub fn stamp(purchase: &Purchase, member: &Member, card: &Card, config: &Config, effects: &mut Effects) -> Result<bool, Stop> {
    let lines: Vec<&Line> = purchase.lines.iter().filter(|line| line.amount.minor() > 0 && card.goods.has(line)).collect();
    let stamps = stamps(purchase, &lines, card)?.min(i64::from(card.stamps_max));
    if stamps == 0 {
        return Ok(false);
    }
    effects.progress(card.counter(), stamps);
    let points = Points::new(config.points_per_stamp.into()).times(stamps)?;
    let reason = Message::new(card.says("stamped")).with("stamps", stamps);
    let numbers = lines.iter().map(|line| line.number);
    effects.award(Award::new(card.counter(), points, reason).for_lines(numbers));
    settle(stamps, member, card, config, effects)
}

/// Gives what is due for the stamps on the card with `more` of them, or takes back what is no longer; whether it was full at least once.
pub fn settle(more: i64, member: &Member, card: &Card, config: &Config, effects: &mut Effects) -> Result<bool, Stop> {
    let needed = i64::from(card.needed);
    let issued = i64::from(member.vouchers_issued(&card.id));
    let have = on_card(card, member).checked_add(more).ok_or(ArithmeticError::Overflow)?;
    let due = have.div_euclid(needed);
    if due < 0 {
        take_back(due.saturating_neg(), member, card, effects);
    }
    for number in 1..=due.min(VOUCHERS_MAX) {
        let key = format!("{}-{number}", card.id);
        let mut voucher = Voucher::new(key, &*card.id, card.says("full"))
            .expires(Moment::AfterDays(card.voucher_days))
            .with("text", card.gives.at("en"))
            .with("x-goods", card.goods.listed());
        voucher.value = card.worth.map(|minor| Money::new(minor, config.currency));
        effects.issue_voucher(voucher);
    }
    if more > 0 && due >= 0 && have.rem_euclid(needed) == needed - 1 {
        effects.tell(card.says("one-more"));
    }
    Ok(issued.saturating_add(due) > 0)
}

/// Goods came back that an earlier purchase had counted on to fill its card: what is still unused of the vouchers beyond those due goes back, the newest first.
fn take_back(surplus: i64, member: &Member, card: &Card, effects: &mut Effects) {
    let open = member.open_vouchers(&card.id);
    let surplus = usize::try_from(surplus.min(VOUCHERS_MAX)).unwrap_or(0);
    for voucher in open.iter().rev().take(surplus) {
        effects.revoke_voucher(voucher);
    }
    if !open.is_empty() {
        effects.tell(card.says("taken-back"));
    }
}

/// Stamps on the card that is being filled: all of them less those that vouchers were issued for. Below zero when a voucher was used and its goods came back.
pub fn on_card(card: &Card, member: &Member) -> i64 {
    let given = i64::from(member.vouchers_issued(&card.id)).saturating_mul(card.needed.into());
    member.counter(&card.counter()).saturating_sub(given)
}

fn stamps(purchase: &Purchase, lines: &[&Line], card: &Card) -> Result<i64, ArithmeticError> {
    // A till that sends totals only can't say which goods.
    let total_only = purchase.lines.is_empty();
    Ok(match card.counts {
        Counts::Visits => {
            let has_goods = !lines.is_empty() || total_only;
            let paid = purchase.total.minor();
            i64::from(has_goods && paid > 0 && paid >= card.minimum)
        }
        Counts::Pieces => {
            let dear = |line: &&&Line| {
                // What is weighed or measured is one piece, at the price of the line.
                let pieces = line.quantity.pieces().max(1);
                line.amount.minor() >= card.minimum.saturating_mul(pieces)
            };
            let pieces = |line: &&Line| line.quantity.pieces().max(1);
            let dear = lines.iter().filter(dear).map(pieces);
            dear.fold(0_i64, i64::saturating_add)
        }
        // Rounded down once, on the sum.
        Counts::Amounts => {
            let spent = Money::sum(purchase.currency(), lines.iter().map(|line| line.amount))?;
            let spent = if total_only { purchase.total } else { spent };
            if spent.minor() < card.minimum { 0 } else { mul_div(spent.minor().max(0), 1, card.per, Rounding::Floor)? }
        }
    })
}
