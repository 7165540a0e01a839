//! The manifest's own limits: how much of each a member has had in its window.

use coalition_domain::{Calendar, Instant, Window};
use coalition_rules::contract::Limit;
use serde::{Deserialize, Serialize};

use super::{Facts, window};

/// Windows of one limit that are kept: as many days as most programs take receipts late, and some.
const WINDOWS_MAX: usize = 40;

/// What one limit has let through in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitFact {
    /// `points` or `awards`.
    pub name: String,
    /// The window of the limit.
    pub window: Window,
    /// The number of that window.
    pub index: i64,
    /// How much.
    pub used: i64,
}

impl Facts {
    /// What is left of a limit in the window that `at` lies in.
    #[must_use]
    pub fn limit_left(&self, limit: &Limit, calendar: &Calendar, at: Instant) -> i64 {
        let kind = window(limit.window);
        let index = calendar.window_index(kind, at);
        let known = self.limits.iter().find(|fact| fact.name == limit.name && fact.window == kind && fact.index == index);
        limit.max.saturating_sub(known.map_or(0, |fact| fact.used)).max(0)
    }

    /// Counts what a limit has let through.
    pub fn use_limit(&mut self, limit: &Limit, used: i64, calendar: &Calendar, at: Instant) {
        let kind = window(limit.window);
        let index = calendar.window_index(kind, at);
        let mine = |fact: &LimitFact| fact.name == limit.name && fact.window == kind;
        match self.limits.iter_mut().find(|fact| mine(fact) && fact.index == index) {
            Some(fact) => fact.used = fact.used.saturating_add(used),
            None => self.limits.push(LimitFact { name: limit.name.clone(), window: kind, index, used }),
        }
        let oldest = self.limits.iter().filter(|fact| mine(fact)).map(|fact| fact.index).min();
        if self.limits.iter().filter(|fact| mine(fact)).count() > WINDOWS_MAX {
            self.limits.retain(|fact| !mine(fact) || Some(fact.index) != oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coalition_rules::contract;

    #[test]
    fn a_limit_counts_by_window_and_forgets_the_oldest() {
        let calendar = Calendar::new("UTC").unwrap();
        let limit = Limit { name: "points".to_owned(), max: 100, window: contract::Window::Day };
        let day = |number: i64| Instant(number * 86_400_000);
        let mut facts = Facts::default();
        facts.use_limit(&limit, 70, &calendar, day(20_000));
        facts.use_limit(&limit, 20, &calendar, day(20_000));
        assert_eq!((facts.limit_left(&limit, &calendar, day(20_000)), facts.limit_left(&limit, &calendar, day(20_001))), (10, 100));
        for number in 1..=100 {
            facts.use_limit(&limit, 1, &calendar, day(20_000 + number));
        }
        assert_eq!((facts.limits.len(), facts.limit_left(&limit, &calendar, day(20_000))), (WINDOWS_MAX, 100));
    }
}
