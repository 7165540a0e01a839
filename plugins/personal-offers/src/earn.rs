//! What a purchase earns: the base, more on favourite goods and for segments, and what is given once: a welcome, a birthday's gift, a bonus on coming back. Base and
//! multipliers are rounded together, once, down.

use coalition_sdk::{
    Anniversary, ArithmeticError, Award, BasisPoints, Date, Effects, Event, Line, Member, Message, Moment, Money, Points, Pot, Purchase,
    Refund, Selection, Stop, Voucher, Window,
};

use crate::config::{BIRTHDAY, Birthday, Config, WELCOME, Winback};
use crate::{BIRTHDAYS, EVER, VISITS, WEEKS_KEPT, know};

pub fn award(purchase: &Purchase, event: &Event, member: &Member, config: &Config) -> Result<Effects, Stop> {
    let mut effects = Effects::new();
    let today = event.at.date();
    multiplied(purchase, event, member, config, &mut effects)?;
    effects.progress(EVER, 1);
    effects.progress(VISITS, 1);
    for group in config.favourite.iter().flat_map(|favourite| &favourite.groups) {
        let lines = purchase.lines.iter().filter(|line| group.goods.has(line) && !config.excluded.has(line));
        effects.progress(group.counter(), lines.fold(0_i64, |sum, line| sum.saturating_add(line.amount.minor())));
    }
    if purchase.total.minor() <= 0 {
        return Ok(effects);
    }
    if know::all_seen(member) && !member.has_badge(WELCOME, "") {
        welcome(config, &mut effects);
    }
    if let Some(birthday) = config.birthday.as_ref().filter(|_| know::birthday_due(member)) {
        effects.progress(BIRTHDAYS, 1);
        give(birthday, &today.period(Window::Month), config, &mut effects);
    }
    if let Some(winback) = config.winback.as_ref().filter(|winback| know::is_back(winback, event.at, member)) {
        let key = winback_key(&today.period(Window::Week));
        if member.awarded_under(&key) == Points::ZERO {
            effects.award(Award::new(key, Points::new(winback.points), "back"));
        }
    }
    Ok(effects)
}

/// After goods came back, with which a welcome or a bonus had been given: where another purchase has it now, it is given anew; where none is left, it goes.
pub fn settle(refund: &Refund, event: &Event, member: &Member, config: &Config) -> Effects {
    let mut effects = Effects::new();
    let (bought, welcomed) = (member.counter(EVER) > 0, member.has_badge(WELCOME, ""));
    if bought && !welcomed && know::all_seen(member) {
        welcome(config, &mut effects);
    } else if !bought && welcomed {
        effects.revoke_badge(WELCOME, "").recover(WELCOME, member.awarded_under(WELCOME), "goes-back");
    }
    if let Some(winback) = &config.winback {
        settle_back(winback, refund.original_at.date(), event.at.date(), member, &mut effects);
    }
    effects
}

/// The bonus of the week that the goods were bought in.
fn settle_back(winback: &Winback, bought: Date, today: Date, member: &Member, effects: &mut Effects) {
    let back = usize::try_from(today.windows_since(bought, Window::Week)).ok();
    let seen = |back: &usize| back.saturating_add(usize::try_from(winback.weeks).unwrap_or(usize::MAX)) <= usize::from(WEEKS_KEPT);
    let Some(back) = back.filter(seen) else { return };
    let key = winback_key(&bought.period(Window::Week));
    let (others, given) = (member.counter_before(VISITS, back) > 0, member.awarded_under(&key));
    if others && given == Points::ZERO && know::came_back(winback, member, back) {
        effects.award(Award::new(key, Points::new(winback.points), "back"));
    } else if !others {
        effects.recover(key, given, "goes-back");
    }
}

/// Thanks for a year as a member.
pub fn thank(anniversary: &Anniversary, config: &Config) -> Effects {
    let mut effects = Effects::new();
    if anniversary.kind == "enrolment" {
        let years = anniversary.years;
        effects.award(Award::new(format!("years:{years}"), Points::new(config.yearly_points), Message::new("years").with("years", years)));
    }
    effects
}

fn winback_key(week: &str) -> String {
    format!("winback:{week}")
}

fn welcome(config: &Config, effects: &mut Effects) {
    if config.welcome_points > 0 {
        effects.award(Award::new(WELCOME, Points::new(config.welcome_points), WELCOME));
        effects.grant_badge(WELCOME, "");
    }
}

fn give(birthday: &Birthday, month: &str, config: &Config, effects: &mut Effects) {
    effects.award(Award::new(format!("birthday:{month}"), Points::new(birthday.points), "birthday"));
    let mut voucher = Voucher::new("birthday", BIRTHDAY, "birthday").expires(Moment::AfterDays(birthday.days));
    voucher.value = birthday.value.map(|minor| Money::new(minor, config.currency));
    effects.issue_voucher(voucher);
}

/// What earns more, and on what.
struct Share<'c> {
    key: String,
    goods: Option<&'c Selection>,
    rate: BasisPoints,
    spend: i64,
    lines: Vec<u32>,
}

fn multiplied(purchase: &Purchase, event: &Event, member: &Member, config: &Config, effects: &mut Effects) -> Result<(), Stop> {
    let share = |key: String, goods, rate| Share { key, goods, rate, spend: 0, lines: Vec::new() };
    let mut shares = Vec::new();
    if let (Some(favourite), Some(group)) = (&config.favourite, know::favourite(member, config)) {
        shares.push(share(format!("favourite:{}", group.id), Some(&group.goods), favourite.multiplier_bp));
    }
    let segments = config.segments.iter().filter(|segment| know::belongs(segment, event.at.date(), member));
    shares.extend(segments.map(|it| share(format!("segment:{}", it.id), it.goods.as_ref(), it.multiplier_bp)));

    let earning = config.excluded.leaves(purchase)?;
    for line in purchase.lines.iter().filter(|line| !config.excluded.has(line)) {
        add(&mut shares, Some(line), line.amount.minor())?;
    }
    if purchase.lines.is_empty() {
        add(&mut shares, None, earning.minor())?;
    }
    let once = config.earn.share(BasisPoints::ONE)?;
    let mut pot = Pot::new(once.minor);
    let base = pot.add(earning.minor(), once.points)?;
    effects.award(Award::new("base", base, Message::new("earned").with("spend", earning)));
    for share in shares {
        let points = pot.add(share.spend, config.earn.share(share.rate.above_one())?.points)?;
        effects.award(Award::new(share.key.clone(), points, share.key).for_lines(share.lines));
    }
    Ok(())
}

/// Puts a line, or all of a receipt without lines, to the best that fits it; of equals the first.
fn add(shares: &mut [Share<'_>], line: Option<&Line>, amount: i64) -> Result<(), ArithmeticError> {
    let fits = |share: &&mut Share<'_>| match (share.goods, line) {
        (None, _) => true,
        (Some(goods), Some(line)) => goods.has(line),
        (Some(_), None) => false,
    };
    let best = shares.iter_mut().filter(fits).reduce(|best, next| if next.rate > best.rate { next } else { best });
    if let Some(best) = best {
        best.spend = best.spend.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
        best.lines.extend(line.map(|line| line.number));
    }
    Ok(())
}
