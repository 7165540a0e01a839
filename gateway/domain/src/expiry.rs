//! When points run out: the program's policies, and expiry that slides with activity.
//!
//! What is fixed about a lot never changes, its expiry among it. Where points live on as long as their member is active, the moment at which they run out is
//! reckoned anew from the lot's own expiry and the member's last activity; nothing is written when it moves.

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Instant, Window};

/// A length of time in the program's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Calendar days.
    Days(u32),
    /// Calendar months.
    Months(u32),
}

/// A text that is no length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a length of time is ISO 8601 in days or months, such as P90D or P18M")]
pub struct InvalidSpan;

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(days) => write!(f, "P{days}D"),
            Self::Months(months) => write!(f, "P{months}M"),
        }
    }
}

impl std::str::FromStr for Span {
    type Err = InvalidSpan;

    fn from_str(text: &str) -> Result<Self, InvalidSpan> {
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        let text = text.strip_prefix('P').ok_or(InvalidSpan)?;
        let days = number(text.strip_suffix('D')).map(Self::Days);
        days.or_else(|| number(text.strip_suffix('M')).map(Self::Months)).ok_or(InvalidSpan)
    }
}

impl Span {
    /// That much later, at the same local time. None beyond what the calendar can tell.
    #[must_use]
    pub fn after(self, calendar: &Calendar, at: Instant) -> Option<Instant> {
        match self {
            Self::Days(days) => calendar.after_days(at, days),
            Self::Months(months) => calendar.after_months(at, months),
        }
    }
}

/// When points run out where the rules that award them say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryPolicy {
    /// Not by time: some places forbid it.
    Never,
    /// So long after they were earned.
    After(Span),
    /// At the end of the window (month, quarter, year) that lies so long after they were earned.
    EndOf {
        /// Which window.
        window: Window,
        /// How long after; nothing for the window in which they were earned.
        after: Span,
    },
    /// So long after the member's last activity.
    Sliding(Span),
}

impl ExpiryPolicy {
    /// When points earned at `earned_at` run out, as it is fixed with their lot. Where expiry slides, earning them is the first activity.
    #[must_use]
    pub fn expires_at(self, calendar: &Calendar, earned_at: Instant) -> Option<Instant> {
        match self {
            Self::Never => None,
            Self::After(span) | Self::Sliding(span) => span.after(calendar, earned_at),
            Self::EndOf { window, after } => calendar.window_end(window, after.after(calendar, earned_at)?),
        }
    }
}

/// When a lot whose expiry slides runs out: `span` after the last activity, and never before its own `expires_at`. A lot that never runs out never does.
///
/// The last activity is one that was recorded while the lot was there: what has run out by then is settled first, and does not come back.
#[must_use]
pub fn effective_expiry(calendar: &Calendar, expires_at: Option<Instant>, span: Span, last_activity: Instant) -> Option<Instant> {
    let fixed = expires_at?;
    Some(span.after(calendar, last_activity).map_or(fixed, |slid| slid.max(fixed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn policies_count_in_the_programs_calendar() {
        let calendar = Calendar::new("Europe/Skopje").unwrap();
        let earned = at("2026-11-21T10:00:00Z");
        let when = |policy: ExpiryPolicy| policy.expires_at(&calendar, earned);
        assert_eq!(when(ExpiryPolicy::Never), None);
        assert_eq!(when(ExpiryPolicy::After(Span::Months(12))), Some(at("2027-11-21T10:00:00Z")));
        assert_eq!(when(ExpiryPolicy::Sliding(Span::Days(1))), Some(at("2026-11-22T10:00:00Z")));
        let end = |window, after| when(ExpiryPolicy::EndOf { window, after });
        assert_eq!(end(Window::Month, Span::Days(0)), Some(at("2026-11-30T23:00:00Z")));
        assert_eq!(end(Window::Month, Span::Months(12)), Some(at("2027-11-30T23:00:00Z")));
        assert_eq!(end(Window::Year, Span::Months(24)), Some(at("2028-12-31T23:00:00Z")));
        assert_eq!(end(Window::Lifetime, Span::Days(1)), None);
    }

    #[test]
    fn activity_prolongs_and_never_shortens() {
        let calendar = Calendar::new("Etc/UTC").unwrap();
        let fixed = Some(at("2027-01-01T00:00:00Z"));
        let slid = |activity| effective_expiry(&calendar, fixed, Span::Days(30), at(activity));
        assert_eq!(slid("2026-11-21T00:00:00Z"), fixed);
        assert_eq!(slid("2026-12-31T00:00:00Z"), Some(at("2027-01-30T00:00:00Z")));
        assert_eq!(effective_expiry(&calendar, None, Span::Days(30), at("2026-12-31T00:00:00Z")), None);
    }

    #[test]
    fn spans_read_as_they_are_written() {
        for span in [Span::Days(0), Span::Days(90), Span::Months(18)] {
            assert_eq!(span.to_string().parse(), Ok(span));
        }
        for text in ["", "P", "PD", "90D", "P90", "P-1D", "P1Y", "P1DT1H"] {
            assert_eq!(text.parse::<Span>(), Err(InvalidSpan), "{text}");
        }
    }

    #[test]
    fn policies_are_told_as_settings() {
        for (policy, text) in [
            (ExpiryPolicy::Never, r#""never""#),
            (ExpiryPolicy::After(Span::Days(365)), r#"{"after":{"days":365}}"#),
            (
                ExpiryPolicy::EndOf { window: Window::Year, after: Span::Months(12) },
                r#"{"end_of":{"window":"year","after":{"months":12}}}"#,
            ),
            (ExpiryPolicy::Sliding(Span::Months(18)), r#"{"sliding":{"months":18}}"#),
        ] {
            assert_eq!(serde_json::to_string(&policy).unwrap(), text);
            assert_eq!(serde_json::from_str::<ExpiryPolicy>(text).unwrap(), policy);
        }
    }
}
