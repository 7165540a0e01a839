//! Where a member stands. The gateway holds the tier and until when; the end of what was paid for is that, less the days of grace. A fee moves it on from the
//! old end, a fee given back moves it back: sums of months, so it does not matter in which order they come.

use coalition_sdk::{Instant, Member, Money, Purchase, Rounding, mul_div};

use crate::config::Config;

const DAY_MS: i64 = 86_400_000;

/// The end of what was paid for, while the membership, with its grace, lasts.
pub fn paid_until(now: Instant, member: &Member, config: &Config) -> Option<i64> {
    let held = member.tier.as_ref().filter(|held| *held.name == *config.plan.id)?;
    // Without an end it was not given by this program's terms of today; it holds, and a fee counts from now.
    let until = held.until_ms.map_or(now.ms, |until| until.saturating_sub(grace_ms(config)));
    (held.until_ms.is_none_or(|until| until > now.ms)).then_some(until)
}

/// Whether the member has it now.
pub fn is_member(now: Instant, member: &Member, config: &Config) -> bool {
    paid_until(now, member, config).is_some()
}

/// Until when the tier is held for what is paid until `paid_ms`.
pub fn held_until(paid_ms: i64, config: &Config) -> i64 {
    paid_ms.saturating_add(grace_ms(config))
}

/// The end after so many more fees, or fewer.
pub fn moved(from_ms: i64, fees: i64, now: Instant, config: &Config) -> i64 {
    let months = fees.saturating_mul(config.plan.months.into());
    let from = Instant { ms: from_ms, ..now };
    from.after_months(i32::try_from(months).unwrap_or(0))
}

/// How many fees a purchase pays; a line is one at least, whatever the till sends as its quantity.
pub fn fees(purchase: &Purchase, config: &Config) -> i64 {
    let fees = purchase.lines.iter().filter(|line| config.plan.goods.has(line));
    fees.map(|line| line.quantity.pieces().clamp(1, 10)).fold(0, i64::saturating_add)
}

/// What is not used of the fee: its share for the whole months that are left, rounded down.
pub fn unused(paid_ms: i64, now: Instant, config: &Config) -> Option<Money> {
    let end = Instant { ms: paid_ms, ..now };
    let month = |at: Instant| at.date().year.saturating_mul(12).saturating_add(at.date().month.into());
    let begun = i32::try_from(month(end).saturating_sub(month(now))).ok()?;
    // The last month is whole only if its day has come.
    let left = if now.after_months(begun) <= paid_ms { begun } else { begun.saturating_sub(1) };
    let share = mul_div(config.plan.fee, left.max(0).into(), config.plan.months.into(), Rounding::Floor).ok()?;
    Some(Money::new(share, config.currency))
}

fn grace_ms(config: &Config) -> i64 {
    i64::from(config.plan.grace_days).saturating_mul(DAY_MS)
}
