//! Moments as rules see them. A rule has no clock: the event carries its time, and with it the offset of the program's time zone
//! at that moment, so that "on a Friday" and "in November" mean the same to everybody.

use std::fmt;

use crate::ArithmeticError;

/// A point in time, and the program's offset from UTC then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instant {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub ms: i64,
    /// Minutes east of UTC in the program's time zone at that moment, whatever the till sent.
    pub offset_minutes: i16,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A day of the Gregorian calendar. Dates compare as one would expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, as in 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

const DAY_MS: i64 = 86_400_000;

impl Instant {
    /// The program's local date.
    ///
    /// ```
    /// use coalition_sdk::{Date, Instant};
    /// let new_year = Instant { ms: 1_767_222_000_000, offset_minutes: 60 };
    /// assert_eq!(new_year.date(), Date { year: 2026, month: 1, day: 1 });
    /// ```
    #[must_use]
    pub fn date(&self) -> Date {
        Date::from_days(self.local_ms().div_euclid(DAY_MS))
    }

    /// The program's local hour of the day, 0 to 23.
    #[must_use]
    pub fn hour(&self) -> u8 {
        let hour = self.local_ms().rem_euclid(DAY_MS) / 3_600_000;
        u8::try_from(hour).unwrap_or(0)
    }

    /// The program's local day of the week.
    #[must_use]
    pub fn weekday(&self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.local_ms().div_euclid(DAY_MS) + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// Full days from `earlier` to this moment; below zero when it comes later.
    #[must_use]
    pub const fn days_since(&self, earlier_ms: i64) -> i64 {
        self.ms.saturating_sub(earlier_ms).div_euclid(DAY_MS)
    }

    /// The moment so many calendar months later, or earlier when they are below zero, at the same time of day and the offset of now; on the last day of a month that is too short. Where clocks
    /// change between, it is an hour off: [`Moment::AfterMonths`] is exact, and what to use where the event itself is what is counted from.
    ///
    /// ```
    /// use coalition_sdk::{Date, Instant};
    /// let paid = Instant { ms: 1_772_272_800_000, offset_minutes: 0 }; // 2026-02-28T10:00Z
    /// let end = Instant { ms: paid.after_months(12), ..paid };
    /// assert_eq!((end.date(), end.hour()), (Date { year: 2027, month: 2, day: 28 }, 10));
    /// ```
    #[must_use]
    pub fn after_months(&self, months: i32) -> i64 {
        let date = self.date();
        let moved = date.plus_months(months).to_days().saturating_sub(date.to_days());
        self.ms.saturating_add(moved.saturating_mul(DAY_MS))
    }

    const fn local_ms(&self) -> i64 {
        // i16 widens without loss; `From` is not const.
        #[expect(clippy::as_conversions, reason = "widening, in a const fn")]
        let offset = self.offset_minutes as i64;
        self.ms.saturating_add(offset * 60_000)
    }
}

impl Date {
    /// The day of a text such as `2026-11-27`, or none when it isn't one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
            part.parse::<u16>().ok()
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let date = Self { year: year.into(), month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? };
        // What the calendar doesn't have, such as 30 February, comes back as another day.
        ((1..=12).contains(&month) && Self::from_days(date.to_days()) == date).then_some(date)
    }

    /// The same day so many months later, or earlier when they are below zero; the last one of a month that is too short.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let month = self.year.saturating_mul(12).saturating_add(i64::from(self.month) - 1).saturating_add(months.into());
        let first = |month: i64| Self { year: month.div_euclid(12), month: u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1), day: 1 };
        let last = first(month.saturating_add(1)).to_days().saturating_sub(first(month).to_days());
        Self { day: self.day.min(u8::try_from(last).unwrap_or(28)), ..first(month) }
    }

    /// The date `days` after 1970-01-01, by the civil-calendar arithmetic of H. Hinnant, "chrono-compatible low-level date algorithms".
    pub(crate) fn from_days(days: i64) -> Self {
        let shifted = days.saturating_add(719_468);
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// The first millisecond of this day, at the offset of `near`. Where clocks are put back and forth, a day of the other half of the year begins
    /// an hour off: use [`Moment`] where its windows say what is meant.
    #[must_use]
    pub fn begins_ms(self, near: Instant) -> i64 {
        self.to_days().saturating_mul(DAY_MS).saturating_sub(i64::from(near.offset_minutes) * 60_000)
    }

    /// The date so many days later; earlier where `days` is below zero.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.to_days().saturating_add(days))
    }

    /// What the window that this date lies in is called: `2026-11-27`, `2026-W48` (ISO 8601), `2026-11`, `2026-Q4`, `2026`; nothing for a lifetime.
    /// Fit for the period of a badge, and for the key of what is given once a window.
    ///
    /// ```
    /// use coalition_sdk::{Date, Window};
    /// let new_year = Date { year: 2027, month: 1, day: 1 };
    /// assert_eq!(new_year.period(Window::Week), "2026-W53");
    /// assert_eq!(new_year.period(Window::Quarter), "2027-Q1");
    /// ```
    #[must_use]
    pub fn period(self, window: Window) -> String {
        let Self { year, month, day } = self;
        match window {
            Window::Day => format!("{year}-{month:02}-{day:02}"),
            Window::Week => {
                // A week belongs to the year that its Thursday lies in.
                let thursday = Self::from_days(self.number(Window::Week).saturating_mul(7));
                let new_year = Self { year: thursday.year, month: 1, day: 1 };
                let week = (thursday.to_days() - new_year.to_days()).div_euclid(7) + 1;
                format!("{}-W{week:02}", thursday.year)
            }
            Window::Month => format!("{year}-{month:02}"),
            Window::Quarter => format!("{year}-Q{}", month.div_ceil(3)),
            Window::Year => year.to_string(),
            Window::Lifetime => String::new(),
        }
    }

    /// A date in the window that came so many windows earlier.
    #[must_use]
    pub fn back(self, window: Window, windows: u32) -> Self {
        let windows = i64::from(windows);
        let months = |count: i64| {
            let month = self.number(Window::Month) - windows * count;
            Self { year: month.div_euclid(12), month: u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1), day: 1 }
        };
        match window {
            Window::Day => self.plus_days(-windows),
            Window::Week => self.plus_days(-7 * windows),
            Window::Month => months(1),
            Window::Quarter => months(3),
            Window::Year => months(12),
            Window::Lifetime => self,
        }
    }

    /// The first day of the window that comes after this date's; none after a lifetime.
    #[must_use]
    pub fn next(self, window: Window) -> Option<Self> {
        let month = |number: i64| Self { year: number.div_euclid(12), month: u8::try_from(number.rem_euclid(12) + 1).unwrap_or(1), day: 1 };
        let next = self.number(window) + 1;
        match window {
            Window::Day => Some(Self::from_days(next)),
            // Its Monday, three days before the Thursday that numbers it.
            Window::Week => Some(Self::from_days(next * 7 - 3)),
            Window::Month => Some(month(next)),
            Window::Quarter => Some(month(next * 3)),
            Window::Year => Some(month(next * 12)),
            Window::Lifetime => None,
        }
    }

    /// How many windows after the one of `earlier` this date's window comes; below zero when it comes before.
    #[must_use]
    pub fn windows_since(self, earlier: Self, window: Window) -> i64 {
        self.number(window) - earlier.number(window)
    }

    /// The number of the window that this date lies in; the next window has the next number.
    pub(crate) fn number(self, window: Window) -> i64 {
        let months = self.year * 12 + i64::from(self.month) - 1;
        match window {
            Window::Day => self.to_days(),
            // 1970-01-01 was a Thursday; weeks begin on Monday.
            Window::Week => (self.to_days() + 3).div_euclid(7),
            Window::Month => months,
            Window::Quarter => months.div_euclid(3),
            Window::Year => self.year,
            Window::Lifetime => 0,
        }
    }

    /// Days from 1970-01-01 to this date, the inverse of `from_days`.
    pub(crate) fn to_days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = self.year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

/// As `2026-11-27`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A calendar window in the program's time zone; weeks begin on Monday (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Window {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Lifetime,
}

/// A moment that the gateway works out in the program's time zone, counted from the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    At(i64),
    /// So many days later.
    AfterDays(u32),
    /// So many months later, on the same day of the month where there is one.
    AfterMonths(u32),
    /// The end of the window that is open.
    EndOf(Window),
}

/// Chance without a random source: the event's seed, which the till can't choose, gives the same draw at every replay.
///
/// ```
/// use coalition_sdk::Chance;
/// let mut chance = Chance::from_seed(7);
/// let surprise = chance.below(100).unwrap() == 0; // one purchase in a hundred
/// # let _ = surprise;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Draws that follow from `seed`.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 up to, not including, `bound` (SplitMix64, reduced by multiplication; its bias is below bound ÷ 2⁶⁴).
    ///
    /// # Errors
    /// [`ArithmeticError::Divisor`] when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> Result<u64, ArithmeticError> {
        if bound == 0 {
            return Err(ArithmeticError::Divisor);
        }
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut draw = self.0;
        draw = (draw ^ (draw >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        draw = (draw ^ (draw >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        draw ^= draw >> 31;
        let scaled = (u128::from(draw) * u128::from(bound)) >> 64;
        u64::try_from(scaled).map_err(|_| ArithmeticError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_weekdays_and_hours_are_local() {
        // 2026-11-27T23:30 in New York is already Saturday in UTC.
        let black_friday = Instant { ms: 1_795_840_200_000, offset_minutes: -300 };
        assert_eq!(black_friday.date(), Date { year: 2026, month: 11, day: 27 });
        assert_eq!(black_friday.weekday(), Weekday::Friday);
        assert_eq!(black_friday.hour(), 23);
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let mut chance = Chance::from_seed(42);
        let draws: Vec<u64> = (0..4).map(|_| chance.below(10).unwrap()).collect();
        let mut again = Chance::from_seed(42);
        assert!(draws.iter().all(|draw| again.below(10) == Ok(*draw)));
        assert!(draws.iter().all(|draw| *draw < 10));
        assert_eq!(chance.below(0), Err(ArithmeticError::Divisor));
    }

    #[test]
    fn days_are_written_and_read() {
        for wrong in ["", "2026-2-3", "2026-02-30", "2026-13-01", "2026-00-10", "26-01-01", "2026-01-00", "2026-01-01x", "+026-01-01"] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
        let leap = Date::parse("2028-02-29").unwrap();
        assert_eq!(leap.to_string(), "2028-02-29");
        assert_eq!(leap.plus_months(12).to_string(), "2029-02-28");
        assert_eq!(Date::parse("2026-08-31").unwrap().plus_months(6).to_string(), "2027-02-28");
        assert_eq!(Date::parse("2027-03-31").unwrap().plus_months(-13).to_string(), "2026-02-28");
        assert_eq!(Date::parse("2026-12-31").unwrap().plus_months(0).to_string(), "2026-12-31");
    }

    #[test]
    fn periods_have_names() {
        let date = |year, month, day| Date { year, month, day };
        let friday = date(2026, 11, 27);
        let windows = [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year, Window::Lifetime];
        assert_eq!(windows.map(|window| friday.period(window)), ["2026-11-27", "2026-W48", "2026-11", "2026-Q4", "2026", ""]);
        assert_eq!(
            windows.map(|window| friday.back(window, 11).period(window)),
            ["2026-11-16", "2026-W37", "2025-12", "2024-Q1", "2015", ""]
        );
        // ISO 8601: a week belongs to the year of its Thursday.
        for (day, week) in [
            (date(2024, 12, 30), "2025-W01"),
            (date(2027, 1, 3), "2026-W53"),
            (date(2027, 1, 4), "2027-W01"),
            (date(2021, 1, 3), "2020-W53"),
        ] {
            assert_eq!(day.period(Window::Week), week);
        }
        let next = [date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 1)];
        assert_eq!(
            windows.map(|window| friday.next(window)),
            [Some(next[0]), Some(next[1]), Some(next[2]), Some(next[3]), Some(next[4]), None]
        );
        assert_eq!(date(2027, 1, 1).windows_since(friday, Window::Month), 2);
        assert_eq!(friday.windows_since(date(2026, 11, 30), Window::Week), -1);
    }

    proptest! {
        #[test]
        fn dates_and_days_are_inverse(days in -1_000_000i64..1_000_000) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.to_days(), days);
            prop_assert!((1..=12).contains(&date.month) && (1..=31).contains(&date.day));
            prop_assert!(date < Date::from_days(days + 1));
        }
    }
}
