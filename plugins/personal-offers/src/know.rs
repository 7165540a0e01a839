//! What the program knows of a member, all of it derived: whether they are new, near their birthday, not seen for a while, which goods they like, who buys often. No
//! date, name or address is among it; a birthday is a flag, and only with consent.

use coalition_sdk::{Date, Instant, Member};

use crate::config::{Config, Group, Segment, Winback};
use crate::{BIRTHDAYS, EVER, VISITS};

/// Whether every purchase of this member was decided by this program: who bought here before it began is not new.
pub fn all_seen(member: &Member) -> bool {
    i64::from(member.activity.purchases) == member.counter(EVER)
}

/// Whether a birthday is near and nothing was given for it. A window that spans two months, or two years, is one birthday.
pub fn birthday_due(member: &Member) -> bool {
    let given = (0..=2).map(|back| member.counter_before(BIRTHDAYS, back)).fold(0, i64::saturating_add);
    member.attributes.flag("birthday-window") && given <= 0
}

/// Whether the week that lies so many back came after so many weeks without a purchase, and after one before them.
pub fn came_back(winback: &Winback, member: &Member, back: usize) -> bool {
    let weeks = usize::try_from(winback.weeks).unwrap_or(usize::MAX);
    let away = (1..=weeks).all(|week| member.counter_before(VISITS, back.saturating_add(week)) <= 0);
    let since = (0..=back).map(|week| member.counter_before(VISITS, week)).fold(0, i64::saturating_add);
    away && member.counter(EVER) > since
}

/// The same for a purchase made now, of members too who bought last before this program began.
pub fn is_back(winback: &Winback, now: Instant, member: &Member) -> bool {
    let days = i64::from(winback.weeks).saturating_mul(7);
    let long_ago = member.counter(EVER) <= 0 && member.activity.last_at_ms.is_some_and(|last| now.days_since(last) >= days);
    long_ago || came_back(winback, member, 0)
}

/// The goods that the member spent most on last month; of equals the first, as the merchant wrote them.
pub fn favourite<'c>(member: &Member, config: &'c Config) -> Option<&'c Group> {
    let favourite = config.favourite.as_ref()?;
    let spent = |group: &Group| member.counter_before(&group.counter(), 1);
    let most = favourite.groups.iter().reduce(|most, next| if spent(next) > spent(most) { next } else { most })?;
    (spent(most) >= favourite.minimum).then_some(most)
}

/// Whether the member is one of the segment, by the twelve months before this one.
pub fn belongs(segment: &Segment, today: Date, member: &Member) -> bool {
    let number = |date: Date| u32::try_from(date.year * 100 + i64::from(date.month)).unwrap_or(0);
    let (this, first) = (number(today), number(today.back(coalition_sdk::Window::Month, 12)));
    let months = member.months.iter().filter(|month| first <= month.month && month.month < this && month.purchases > 0);
    let (count, spend) = months.fold((0_u32, 0_i64), |(count, spend), month| (count + 1, spend.saturating_add(month.spend_minor)));
    segment.months <= count && segment.spend <= spend
}
