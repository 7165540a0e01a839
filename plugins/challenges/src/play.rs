//! What is achieved, derived from counters: challenges of a window, weeks in a row, and the levels of a score. Nothing is remembered, so each of it can be asked
//! again after goods came back, for the window that they were bought in.

use coalition_sdk::{Date, Line, Member, Purchase, Window};

use crate::config::{Challenge, Config, Level, Milestone};
use crate::{SCORE, WEEKS};

/// Pieces that a purchase adds to one part of a challenge. What was free or is excluded has none.
pub fn pieces(purchase: &Purchase, challenge: &Challenge, part: usize, config: &Config) -> i64 {
    let Some(part) = challenge.parts.get(part) else { return 0 };
    let counts = |line: &&Line| line.amount.minor() > 0 && part.goods.has(line) && !config.excluded.has(line);
    purchase.lines.iter().filter(counts).map(|line| line.quantity.pieces().max(1)).fold(0, i64::saturating_add)
}

/// Whether a challenge is met in the window that lies so many back, with `more` pieces for its parts.
pub fn met(challenge: &Challenge, member: &Member, back: usize, more: &[i64]) -> bool {
    challenge.parts.iter().enumerate().all(|(index, part)| {
        let more = more.get(index).copied().unwrap_or(0);
        member.counter_before(&challenge.counter(index), back).saturating_add(more) >= part.needed
    })
}

/// What a challenge of the window of `date` is awarded under.
pub fn challenge_key(challenge: &Challenge, date: Date) -> String {
    format!("challenge:{}:{}", challenge.id, date.period(challenge.window))
}

/// What weeks in a row up to the one of `date` are awarded under.
pub fn streak_key(milestone: &Milestone, date: Date) -> String {
    format!("{}:{}", milestone.badge(), date.period(Window::Week))
}

/// Weeks in a row with a purchase, up to the one that lies so many back and with `more` purchases in that one.
pub fn weeks(member: &Member, back: usize, more: i64) -> u32 {
    let values = member.counters.iter().find(|counter| counter.name == WEEKS).map_or(&[][..], |counter| counter.values.as_slice());
    let mut more = Some(more);
    let bought = |value: &&i64| value.saturating_add(more.take().unwrap_or(0)) > 0;
    let visible = values.iter().skip(back).take_while(bought).count();
    u32::try_from(visible).unwrap_or(u32::MAX)
}

/// The levels that a score reaches, highest last.
pub fn levels(score: i64, config: &Config) -> impl Iterator<Item = &Level> {
    config.levels.iter().filter(move |level| level.from <= score)
}

/// The score of now.
pub fn score(member: &Member) -> i64 {
    member.counter(SCORE)
}

/// Whether the score reaches this level.
pub fn reaches(member: &Member, id: &str, config: &Config) -> bool {
    levels(score(member), config).any(|level| *level.id == *id)
}
