//! Times as tests write them, and which calendar window a moment lies in.

use crate::{Date, Instant, Window};

/// The moment of an RFC 3339 text such as `2026-11-21T10:00:00-05:00`; its offset is taken for the program's. Panics at anything else.
#[must_use]
pub fn instant(text: &str) -> Instant {
    parse(text).unwrap_or_else(|| panic!("{text:?} is not a time such as 2026-11-21T10:00:00Z"))
}

fn parse(text: &str) -> Option<Instant> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let date = Date { year: number(0, 4)?, month: u8::try_from(number(5, 7)?).ok()?, day: u8::try_from(number(8, 10)?).ok()? };
    let seconds = (number(11, 13)? * 60 + number(14, 16)?) * 60 + number(17, 19)?;
    let offset_minutes = match text.get(19..)? {
        "Z" => 0,
        offset => {
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            match offset.get(..1)? {
                "+" => minutes,
                "-" => -minutes,
                _ => return None,
            }
        }
    };
    let days = date.to_days();
    (Date::from_days(days) == date).then_some(Instant {
        ms: (days * 86_400 + seconds - offset_minutes * 60) * 1_000,
        offset_minutes: i16::try_from(offset_minutes).ok()?,
    })
}

/// The number of the window that `at` lies in; the next window has the next number.
pub(super) fn window_number(window: Window, at: Instant) -> i64 {
    at.date().number(window)
}

/// The first millisecond of the window that `at` lies in, and the first after it, at the offset of `at`. A lifetime has no end; it panics.
pub(super) fn window_bounds(window: Window, at: Instant) -> (i64, i64) {
    let next = at.date().next(window).unwrap_or_else(|| panic!("a lifetime does not close"));
    // The window before the next one begins where the last but one ends.
    let first = next.back(window, 2).next(window).unwrap_or(next);
    (first.begins_ms(at), next.begins_ms(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_windows() {
        let at = instant("2026-11-27T23:30:00-05:00");
        assert_eq!(at.ms, 1_795_840_200_000);
        assert_eq!(at.offset_minutes, -300);
        assert!(parse("2026-02-30T00:00:00Z").is_none());
        let sunday = instant("2026-11-29T23:59:59+01:00");
        let monday = instant("2026-11-30T00:00:00+01:00");
        assert_eq!(window_number(Window::Week, sunday) + 1, window_number(Window::Week, monday));
        assert_eq!(window_number(Window::Month, sunday), window_number(Window::Month, monday));
        assert_eq!(window_bounds(Window::Week, sunday).1, instant("2026-11-30T00:00:00+01:00").ms);
        let year = (instant("2026-01-01T00:00:00+01:00").ms, instant("2027-01-01T00:00:00+01:00").ms);
        assert_eq!(window_bounds(Window::Year, sunday), year);
        let quarter = (instant("2026-10-01T00:00:00+01:00").ms, year.1);
        assert_eq!(window_bounds(Window::Quarter, sunday), quarter);
    }
}
