//! Instants, and the program's calendar: days and windows in its time zone. Weeks are ISO 8601.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::expiry::Span;

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// A text that is not an RFC 3339 time with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is RFC 3339 with an offset, such as 2026-11-21T10:00:00Z")]
pub struct InvalidTime;

impl Instant {
    /// Reads RFC 3339 with an offset; finer than a millisecond is cut off.
    ///
    /// # Errors
    /// [`InvalidTime`] for anything else, times without an offset among it.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let bytes = text.as_bytes();
        // jiff takes more than RFC 3339 does (a space for the T, a bracketed zone): keep to the standard's form.
        let (Some(b'T' | b't'), true) = (bytes.get(10).copied(), bytes.is_ascii()) else { return Err(InvalidTime) };
        if text.contains('[') || bytes.len() > 40 {
            return Err(InvalidTime);
        }
        text.parse::<Timestamp>().map(|at| Self(at.as_millisecond())).map_err(|_| InvalidTime)
    }

    /// That much later.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl std::fmt::Debug for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A calendar window in the program's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// From midnight.
    Day,
    /// ISO: from Monday.
    Week,
    /// From the first.
    Month,
    /// From January, April, July or October.
    Quarter,
    /// From the first of January.
    Year,
    /// Without end.
    Lifetime,
}

/// The program's time zone, and what follows from it.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

/// No such zone in the IANA database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a time zone of the IANA database")]
pub struct UnknownTimeZone(pub String);

impl Calendar {
    /// The calendar of an IANA time zone such as `Europe/Skopje`.
    ///
    /// # Errors
    /// [`UnknownTimeZone`].
    pub fn new(zone: &str) -> Result<Self, UnknownTimeZone> {
        TimeZone::get(zone).map(|zone| Self { zone }).map_err(|_| UnknownTimeZone(zone.to_owned()))
    }

    fn date(&self, at: Instant) -> Date {
        at.timestamp().to_zoned(self.zone.clone()).date()
    }

    fn midnight(&self, date: Date) -> Option<Instant> {
        date.to_zoned(self.zone.clone()).ok().map(|at| Instant(at.timestamp().as_millisecond()))
    }

    /// Minutes that local time is ahead of UTC at `at`.
    #[must_use]
    pub fn offset_minutes(&self, at: Instant) -> i16 {
        let seconds = self.zone.to_offset(at.timestamp()).seconds();
        i16::try_from(seconds.div_euclid(60)).unwrap_or(0)
    }

    /// The local day, as `2026-11-21`.
    #[must_use]
    pub fn day(&self, at: Instant) -> String {
        self.date(at).to_string()
    }

    /// The month as year × 100 + month: 202611.
    #[must_use]
    pub fn month(&self, at: Instant) -> u32 {
        let date = self.date(at);
        u32::try_from(i32::from(date.year()) * 100 + i32::from(date.month())).unwrap_or(0)
    }

    /// A number for the window that `at` lies in; it grows by one from a window to the next.
    #[must_use]
    pub fn window_index(&self, window: Window, at: Instant) -> i64 {
        let date = self.date(at);
        let days = number_of(date);
        let year = i64::from(date.year());
        let month = i64::from(date.month());
        match window {
            Window::Day => days,
            // 1970-01-01 was a Thursday.
            Window::Week => (days + 3).div_euclid(7),
            Window::Month => year * 12 + month - 1,
            Window::Quarter => year * 4 + (month - 1) / 3,
            Window::Year => year,
            Window::Lifetime => 0,
        }
    }

    /// The first instant after the window that `at` lies in; None for a lifetime.
    #[must_use]
    pub fn window_end(&self, window: Window, at: Instant) -> Option<Instant> {
        let date = self.date(at);
        let next = match window {
            Window::Day => date.tomorrow().ok()?,
            Window::Week => date.checked_add((8 - i64::from(date.weekday().to_monday_one_offset())).days()).ok()?,
            Window::Month => date.first_of_month().checked_add(1.month()).ok()?,
            Window::Quarter => {
                let ahead = 3 - i64::from((date.month() - 1) % 3);
                date.first_of_month().checked_add(ahead.months()).ok()?
            }
            Window::Year => date.first_of_year().checked_add(1.year()).ok()?,
            Window::Lifetime => return None,
        };
        self.midnight(next)
    }

    /// The number of the first day of the year that `at` lies in, counted as [`Window::Day`] is.
    #[must_use]
    pub fn first_day_of_year(&self, at: Instant) -> i64 {
        number_of(self.date(at).first_of_year())
    }

    /// The number of the first of the last so many days or months, of which the day of `at` is the last.
    #[must_use]
    pub fn first_day_of_last(&self, span: Span, at: Instant) -> i64 {
        let date = self.date(at);
        let before = match span {
            Span::Days(days) => date.checked_sub(i64::from(days).days()),
            Span::Months(months) => date.checked_sub(i64::from(months).months()),
        };
        before.map_or(i64::MIN, number_of).saturating_add(1)
    }

    /// The first instant of a day, by its number as [`Window::Day`] counts them.
    #[must_use]
    pub fn day_start(&self, number: i64) -> Option<Instant> {
        self.midnight(Date::constant(1970, 1, 1).checked_add(number.days()).ok()?)
    }

    /// The first instant of the month that `at` lies in.
    #[must_use]
    pub fn month_start(&self, at: Instant) -> Option<Instant> {
        self.midnight(self.date(at).first_of_month())
    }

    /// From when to when (half open) the window of this number lasts; None for a lifetime, and beyond the calendar.
    #[must_use]
    pub fn window_span(&self, window: Window, index: i64) -> Option<(Instant, Instant)> {
        let month = |months: i64| {
            let year = i16::try_from(months.div_euclid(12)).ok()?;
            Date::new(year, i8::try_from(months.rem_euclid(12) + 1).ok()?, 1).ok()
        };
        let day = |days: i64| Date::constant(1970, 1, 1).checked_add(days.days()).ok();
        let first = |index: i64| match window {
            Window::Day => day(index),
            Window::Week => day(index.checked_mul(7)?.checked_sub(3)?),
            Window::Month => month(index),
            Window::Quarter => month(index.checked_mul(3)?),
            Window::Year => month(index.checked_mul(12)?),
            Window::Lifetime => None,
        };
        let (from, to) = (first(index)?, first(index.checked_add(1)?)?);
        Some((self.midnight(from)?, self.midnight(to)?))
    }

    /// That many calendar days later, at the same local time.
    #[must_use]
    pub fn after_days(&self, at: Instant, days: u32) -> Option<Instant> {
        let later = at.timestamp().to_zoned(self.zone.clone()).checked_add(i64::from(days).days()).ok()?;
        Some(Instant(later.timestamp().as_millisecond()))
    }

    /// That many calendar months later; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn after_months(&self, at: Instant, months: u32) -> Option<Instant> {
        let later = at.timestamp().to_zoned(self.zone.clone()).checked_add(i64::from(months).months()).ok()?;
        Some(Instant(later.timestamp().as_millisecond()))
    }
}

/// Days since 1970-01-01.
fn number_of(date: Date) -> i64 {
    i64::from(date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_window_lasts_from_its_first_to_the_first_of_the_next() {
        let calendar = Calendar::new("Europe/Warsaw").unwrap();
        for text in ["2026-11-21T10:00:00Z", "2026-03-29T01:00:00Z", "2024-02-29T22:59:00Z", "2027-01-01T00:00:00Z", "1969-12-31T12:00:00Z"]
        {
            let at = Instant::parse(text).unwrap();
            for window in [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year] {
                let index = calendar.window_index(window, at);
                let (from, to) = calendar.window_span(window, index).unwrap();
                assert!(from <= at && at < to, "{text} {window:?}");
                assert_eq!(Some(to), calendar.window_end(window, at), "{text} {window:?}");
                assert_eq!(calendar.window_index(window, from), index);
                assert_eq!(calendar.window_index(window, Instant(from.0 - 1)), index - 1);
            }
        }
        assert_eq!(calendar.window_span(Window::Lifetime, 0), None);
        assert_eq!(calendar.window_span(Window::Month, i64::MAX), None);
    }

    #[test]
    fn times_need_an_offset() {
        assert_eq!(at("1970-01-01T00:00:01Z"), Instant(1000));
        assert_eq!(at("1970-01-01T02:00:01+02:00"), Instant(1000));
        for text in
            ["1970-01-01T00:00:01", "1970-01-01", "1970-01-01 00:00:01Z", "soon", "", "1970-01-01T00:00:01Z[UTC]", "1970-13-01T00:00:01Z"]
        {
            assert_eq!(Instant::parse(text), Err(InvalidTime), "{text}");
        }
        assert_eq!(Instant(1500).to_string(), "1970-01-01T00:00:01.5Z");
    }

    #[test]
    fn windows_end_in_the_zone() {
        let calendar = Calendar::new("Europe/Skopje").unwrap();
        let winter = at("2026-12-31T23:30:00Z");
        assert_eq!(calendar.day(winter), "2027-01-01");
        assert_eq!(calendar.month(winter), 202_701);
        assert_eq!(calendar.offset_minutes(winter), 60);
        assert_eq!(calendar.window_end(Window::Day, winter), Some(at("2027-01-01T23:00:00Z")));
        assert_eq!(calendar.window_end(Window::Week, winter), Some(at("2027-01-03T23:00:00Z")));
        assert_eq!(calendar.window_end(Window::Month, winter), Some(at("2027-01-31T23:00:00Z")));
        assert_eq!(calendar.window_end(Window::Quarter, winter), Some(at("2027-03-31T22:00:00Z")));
        assert_eq!(calendar.window_end(Window::Year, winter), Some(at("2027-12-31T23:00:00Z")));
        assert_eq!(calendar.window_end(Window::Lifetime, winter), None);
        // The day of the change to summer time has 23 hours.
        let change = at("2026-03-29T00:30:00Z");
        assert_eq!(calendar.window_end(Window::Day, change), Some(at("2026-03-29T22:00:00Z")));
        assert_eq!(calendar.after_months(at("2026-01-31T12:00:00Z"), 1), Some(at("2026-02-28T12:00:00Z")));
    }

    #[test]
    fn a_window_is_numbered_one_after_the_one_before() {
        let calendar = Calendar::new("America/New_York").unwrap();
        for window in [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year] {
            let mut now = at("2024-02-28T12:00:00Z");
            for _ in 0..60 {
                let end = calendar.window_end(window, now).unwrap();
                let index = calendar.window_index(window, now);
                assert_eq!(calendar.window_index(window, end.plus_ms(-1)), index);
                assert_eq!(calendar.window_index(window, end), index + 1);
                now = end;
            }
        }
    }
}
