//! What a member has given to others and received, as far as the program's limits ask: kept among the operator's facts of the member.

use coalition_domain::{Calendar, Instant, Window};
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiftFacts {
    /// The number of the day of `given_day`, in the program's time zone.
    pub day: i64,
    /// Points given on that day.
    pub given_day: i64,
    /// The number of the year of `given_year`.
    pub year: i64,
    /// Points given in that year.
    pub given_year: i64,
    /// When points were last received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<i64>,
}

impl GiftFacts {
    /// Points given in the day and in the year that `at` lies in.
    #[must_use]
    pub fn as_of(&self, calendar: &Calendar, at: Instant) -> (i64, i64) {
        let day = if self.day == calendar.window_index(Window::Day, at) { self.given_day } else { 0 };
        let year = if self.year == calendar.window_index(Window::Year, at) { self.given_year } else { 0 };
        (day, year)
    }

    /// With so many points more.
    #[must_use]
    pub fn given(self, calendar: &Calendar, at: Instant, points: i64) -> Self {
        let (day, year) = self.as_of(calendar, at);
        Self {
            day: calendar.window_index(Window::Day, at),
            given_day: day.saturating_add(points),
            year: calendar.window_index(Window::Year, at),
            given_year: year.saturating_add(points),
            ..self
        }
    }

    /// With what another account of the same person gave: of the same period it adds up, of an older one it no longer counts.
    pub(super) fn unite(&mut self, other: &Self) {
        (self.day, self.given_day) = newer((self.day, self.given_day), (other.day, other.given_day));
        (self.year, self.given_year) = newer((self.year, self.given_year), (other.year, other.given_year));
        self.received_at = self.received_at.max(other.received_at);
    }
}

const fn newer(one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    if one.0 == other.0 {
        (one.0, one.1.saturating_add(other.1))
    } else if one.0 > other.0 {
        one
    } else {
        other
    }
}
