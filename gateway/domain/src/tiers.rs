//! Tiers by a program's own rules: what counts is kept by local day, apart from points to be spent; a tier is reached at once, and given up at a
//! period's end.
//!
//! A tier holds until the end of the period in which it was reached. Then what was counted in that period decides: whoever has reached the tier again
//! keeps it for another; of whoever has not, the policy says what becomes of it. Everything is reckoned from what was counted and the moment that is
//! asked for, so that a read is right whether or not anybody has written the end of a period.

use std::collections::BTreeMap;

use crate::calendar::{Calendar, Instant, Window};
use crate::expiry::Span;

/// In which time what was counted reaches a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifying {
    /// In the calendar year. A tier holds until its end.
    CalendarYear,
    /// In the last so many days or months, today among them. A tier holds for as long.
    Rolling(Span),
}

/// What becomes at a period's end of a tier that was not reached again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Downgrade {
    /// It stays.
    Never,
    /// The one below it, or the one that was reached where that is higher.
    OneLevel,
    /// The one that was reached.
    ByProgress,
}

/// A tier, and what reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// What has to be counted.
    pub from: i64,
}

/// A program's tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierRules {
    /// In which time.
    pub qualifying: Qualifying,
    /// At a period's end.
    pub downgrade: Downgrade,
    /// Lowest first.
    pub levels: Vec<Level>,
}

/// What was counted, by local day (its number, as the calendar counts days).
pub type Days = BTreeMap<i64, i64>;

/// A tier held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// None where none is.
    pub tier: Option<String>,
    /// Until then, when what was counted decides anew.
    pub until: Option<Instant>,
}

/// A tier taken up, or given up, at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierChange {
    /// When.
    pub at: Instant,
    /// What is held from then on.
    pub standing: Standing,
}

impl TierRules {
    /// What counts at `at`: of the window that `at` lies in, up to that day.
    #[must_use]
    pub fn counted(&self, calendar: &Calendar, days: &Days, at: Instant) -> i64 {
        let today = calendar.window_index(Window::Day, at);
        let first = match self.qualifying {
            Qualifying::CalendarYear => calendar.first_day_of_year(at),
            Qualifying::Rolling(span) => calendar.first_day_of_last(span, at),
        };
        if first > today {
            return 0;
        }
        days.range(first..=today).fold(0, |sum: i64, (_, amount)| sum.saturating_add(*amount))
    }

    /// What is still needed for the tier above `tier`: its name, what reaches it, and what is missing.
    #[must_use]
    pub fn next(&self, tier: Option<&str>, counted: i64) -> Option<(&Level, i64)> {
        let place = self.place(tier).map_or(0, |place| place.saturating_add(1));
        self.levels.get(place).map(|level| (level, level.from.saturating_sub(counted).max(0)))
    }

    /// What is held at `now`, and how it came about since `standing` was written: ends of periods, in their order, and what was reached by what was
    /// counted as of `counted_at` and of now.
    #[must_use]
    pub fn settle(&self, calendar: &Calendar, days: &Days, standing: &Standing, counted_at: Instant, now: Instant) -> Vec<TierChange> {
        let mut changes = Vec::new();
        let mut held = standing.clone();
        self.end_periods(calendar, days, &mut held, now, &mut changes);
        for at in [counted_at.min(now), now] {
            let reached = self.reached(self.counted(calendar, days, at));
            if reached > self.place(held.tier.as_deref()) {
                held = self.hold(calendar, reached, at);
                changes.push(TierChange { at, standing: held.clone() });
                // What was reached long ago may have ended since.
                self.end_periods(calendar, days, &mut held, now, &mut changes);
            }
        }
        changes
    }

    /// Whether one tier is above another; none is below all.
    #[must_use]
    pub fn is_above(&self, tier: Option<&str>, other: Option<&str>) -> bool {
        self.place(tier) > self.place(other)
    }

    fn end_periods(&self, calendar: &Calendar, days: &Days, held: &mut Standing, now: Instant, changes: &mut Vec<TierChange>) {
        while let Some(end) = held.until.filter(|until| *until <= now) {
            let before = self.place(held.tier.as_deref());
            let reached = self.reached(self.counted(calendar, days, end.plus_ms(-1)));
            let next = match self.downgrade {
                Downgrade::Never => before.max(reached),
                Downgrade::OneLevel => reached.max(before.and_then(|place| place.checked_sub(1))),
                Downgrade::ByProgress => reached,
            };
            let kept = next == before && held.tier.is_some();
            *held = self.hold(calendar, next, end);
            let change = TierChange { at: end, standing: held.clone() };
            match changes.last_mut() {
                // A tier that is kept is one change, however often.
                Some(last) if kept => last.standing = change.standing,
                _ => changes.push(change),
            }
        }
    }

    /// A place among the levels, held from `at` until its period ends.
    fn hold(&self, calendar: &Calendar, place: Option<usize>, at: Instant) -> Standing {
        let Some(level) = place.and_then(|place| self.levels.get(place)) else { return Standing::default() };
        let until = match self.qualifying {
            Qualifying::CalendarYear => calendar.window_end(Window::Year, at),
            Qualifying::Rolling(span) => span.after(calendar, at),
        };
        Standing { tier: Some(level.name.clone()), until: until.filter(|until| *until > at) }
    }

    fn reached(&self, counted: i64) -> Option<usize> {
        self.levels.iter().rposition(|level| level.from <= counted)
    }

    fn place(&self, tier: Option<&str>) -> Option<usize> {
        tier.and_then(|tier| self.levels.iter().position(|level| level.name == tier))
    }

    /// The first day of which anything may still be asked at `now`, with so many days of receipts that are posted late.
    #[must_use]
    pub fn oldest_day(&self, calendar: &Calendar, late_d: u32, now: Instant) -> i64 {
        let first = match self.qualifying {
            // The year before decides at the end of a year, and about what is posted late.
            Qualifying::CalendarYear => calendar.first_day_of_year(now).saturating_sub(366),
            Qualifying::Rolling(span) => calendar.first_day_of_last(span, now),
        };
        first.saturating_sub(i64::from(late_d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn utc() -> Calendar {
        Calendar::new("Etc/UTC").unwrap()
    }

    fn rules(qualifying: Qualifying, downgrade: Downgrade) -> TierRules {
        let level = |name: &str, from| Level { name: name.to_owned(), from };
        TierRules { qualifying, downgrade, levels: vec![level("bronze", 100), level("silver", 500), level("gold", 1_000)] }
    }

    fn count(days: &mut Days, text: &str, amount: i64) {
        *days.entry(utc().window_index(Window::Day, at(text))).or_default() += amount;
    }

    fn held(rules: &TierRules, days: &Days, from: &Standing, now: &str) -> Option<String> {
        let changes = rules.settle(&utc(), days, from, at(now), at(now));
        changes.last().map_or(from.clone(), |change| change.standing.clone()).tier
    }

    #[test]
    fn a_tier_is_reached_at_once_and_holds_to_the_end_of_the_year() {
        let rules = rules(Qualifying::CalendarYear, Downgrade::ByProgress);
        let mut days = Days::new();
        count(&mut days, "2026-03-01T10:00:00Z", 600);
        let changes = rules.settle(&utc(), &days, &Standing::default(), at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z"));
        assert_eq!(changes.len(), 1);
        let silver = changes[0].standing.clone();
        assert_eq!((silver.tier.as_deref(), silver.until), (Some("silver"), Some(at("2027-01-01T00:00:00Z"))));
        // 2026 has reached it, so that it holds through 2027; 2027 has not.
        assert_eq!(held(&rules, &days, &silver, "2027-12-31T23:59:59Z").as_deref(), Some("silver"));
        assert_eq!(held(&rules, &days, &silver, "2028-01-01T00:00:00Z"), None);
        count(&mut days, "2027-06-01T10:00:00Z", 150);
        assert_eq!(held(&rules, &days, &silver, "2028-01-01T00:00:00Z").as_deref(), Some("bronze"));
        assert_eq!(rules.next(Some("silver"), 150).map(|(level, missing)| (level.name.as_str(), missing)), Some(("gold", 850)));
        assert_eq!(rules.next(Some("gold"), 1_500), None);
    }

    #[test]
    fn the_policy_says_what_becomes_of_a_tier_that_is_not_reached_again() {
        let gold = Standing { tier: Some("gold".to_owned()), until: Some(at("2027-01-01T00:00:00Z")) };
        for (policy, one, two, three) in [
            (Downgrade::Never, Some("gold"), Some("gold"), Some("gold")),
            (Downgrade::OneLevel, Some("silver"), Some("bronze"), None),
            (Downgrade::ByProgress, None, None, None),
        ] {
            let rules = rules(Qualifying::CalendarYear, policy);
            for (now, expected) in [("2027-06-01T00:00:00Z", one), ("2028-06-01T00:00:00Z", two), ("2029-06-01T00:00:00Z", three)] {
                assert_eq!(held(&rules, &Days::new(), &gold, now).as_deref(), expected, "{policy:?} {now}");
            }
        }
    }

    #[test]
    fn a_rolling_window_ends_so_long_after_the_tier_was_reached() {
        let rules = rules(Qualifying::Rolling(Span::Days(30)), Downgrade::ByProgress);
        let mut days = Days::new();
        count(&mut days, "2026-03-01T10:00:00Z", 200);
        count(&mut days, "2026-03-20T10:00:00Z", 300);
        let reached = rules.settle(&utc(), &days, &Standing::default(), at("2026-03-20T10:00:00Z"), at("2026-03-20T10:00:00Z"));
        let silver = reached.last().unwrap().standing.clone();
        assert_eq!((silver.tier.as_deref(), silver.until), (Some("silver"), Some(at("2026-04-19T10:00:00Z"))));
        assert_eq!(held(&rules, &days, &silver, "2026-04-19T09:59:59Z").as_deref(), Some("silver"));
        // Of the thirty days before, only the second purchase is left: on the last of them it is not.
        assert_eq!(held(&rules, &days, &silver, "2026-04-19T10:00:00Z"), None);
        count(&mut days, "2026-04-01T10:00:00Z", 120);
        assert_eq!(held(&rules, &days, &silver, "2026-04-19T10:00:00Z").as_deref(), Some("bronze"));
    }

    #[test]
    fn what_is_posted_late_counts_where_it_belongs() {
        let rules = rules(Qualifying::CalendarYear, Downgrade::ByProgress);
        let mut days = Days::new();
        count(&mut days, "2026-12-30T10:00:00Z", 500);
        let changes = rules.settle(&utc(), &days, &Standing::default(), at("2026-12-30T10:00:00Z"), at("2027-01-05T10:00:00Z"));
        let last = changes.last().unwrap();
        assert_eq!((last.standing.tier.as_deref(), last.standing.until), (Some("silver"), Some(at("2028-01-01T00:00:00Z"))));
        assert_eq!(rules.counted(&utc(), &days, at("2027-01-05T10:00:00Z")), 0);
    }

    proptest! {
        #![proptest_config(crate::testing::seeded(256))]

        /// However often it is written down on the way, the tier of a moment is the same.
        #[test]
        fn late_jobs_change_no_tier(
            spent in proptest::collection::vec((0_i64..1_400, 0_i64..600), 0..12),
            rolling in proptest::option::of(20_u32..500),
            policy in 0_usize..3,
            looks in proptest::collection::vec(0_i64..2_000, 0..6),
        ) {
            let downgrade = [Downgrade::Never, Downgrade::OneLevel, Downgrade::ByProgress][policy];
            let rules = rules(rolling.map_or(Qualifying::CalendarYear, |days| Qualifying::Rolling(Span::Days(days))), downgrade);
            let start = at("2026-01-01T12:00:00Z");
            let moment = |day: i64| start.plus_ms(day * 86_400_000);
            let mut spent = spent;
            spent.sort_unstable();
            let (mut days, mut lazy, mut busy) = (Days::new(), Standing::default(), Standing::default());
            let mut looks = looks;
            looks.sort_unstable();
            for (day, amount) in &spent {
                for look in looks.iter().filter(|look| *look < day) {
                    if let Some(change) = rules.settle(&utc(), &days, &busy, moment(*look), moment(*look)).pop() {
                        busy = change.standing;
                    }
                }
                looks.retain(|look| look >= day);
                *days.entry(utc().window_index(Window::Day, moment(*day))).or_default() += amount;
                for standing in [&mut lazy, &mut busy] {
                    if let Some(change) = rules.settle(&utc(), &days, standing, moment(*day), moment(*day)).pop() {
                        *standing = change.standing;
                    }
                }
                prop_assert_eq!(&lazy, &busy);
            }
            for look in looks.into_iter().chain([3_000]) {
                if let Some(change) = rules.settle(&utc(), &days, &busy, moment(look), moment(look)).pop() {
                    busy = change.standing;
                }
            }
            let end = rules.settle(&utc(), &days, &lazy, moment(3_000), moment(3_000)).pop().map_or(lazy, |change| change.standing);
            prop_assert_eq!(end, busy);
        }
    }
}
