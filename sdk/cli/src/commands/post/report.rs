//! What `post` tells: while it works, and at the end.

use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::tally::{Counts, Tally};
use crate::output::{self, BAD, DIM, GOOD, HEAD, WARN, grouped, paint};

/// Moves the bar.
pub(super) fn tick(bar: &ProgressBar, tally: &Tally, read_bytes: u64) {
    let (answered, trouble) = tally.glance();
    bar.set_position(read_bytes);
    let elapsed = bar.elapsed();
    let rate = per_second(answered, elapsed);
    let mut message = format!("{} receipts, {} a second", grouped(answered), grouped(rate));
    if !trouble.is_empty() {
        message.push_str(&format!("; trying again: {trouble}"));
    }
    bar.set_message(message);
    bar.tick();
}

/// The counts for people.
pub(super) fn lines(counts: &Counts, elapsed: Duration) -> Vec<String> {
    let row = |style, name: &str, count: u64, note: &str| {
        let style = if count == 0 { DIM } else { style };
        let head = format!("{} {:>10}", paint(style, format!("{name:<9}")), grouped(count));
        if note.is_empty() { head } else { format!("{head}  {}", paint(DIM, note)) }
    };
    let mut lines = vec![
        row(GOOD, "Posted", counts.posted, &format!("{} points", grouped(counts.points))),
        row(HEAD, "Replayed", counts.replayed, "known already; nothing changed"),
    ];
    if counts.deferred > 0 {
        lines.push(row(WARN, "Deferred", counts.deferred, "recorded; decided as soon as the rules run again"));
    }
    lines.push(row(BAD, "Refused", counts.refused, ""));
    for (code, reason) in &counts.reasons {
        let examples: Vec<String> = reason
            .examples
            .iter()
            .map(|(line, id)| if id.is_empty() { format!("line {line}") } else { format!("line {line} ({id})") })
            .collect();
        let more = if usize::try_from(reason.count).is_ok_and(|count| count > examples.len()) { ", …" } else { "" };
        lines.push(format!("  {:>8} × {}: {}", grouped(reason.count), paint(BAD, code), reason.detail));
        lines.push(format!("             {}", paint(DIM, format!("{}{more}", examples.join(", ")))));
    }
    if counts.skipped > 0 {
        lines.push(row(DIM, "Skipped", counts.skipped, "other partners' and blank lines"));
    }
    let mut last = format!("{}, {} receipts a second", output::span(elapsed), grouped(per_second(counts.answered(), elapsed)));
    if counts.retries > 0 {
        last.push_str(&format!(", {} requests sent again", grouped(counts.retries)));
    }
    lines.push(paint(DIM, last));
    lines
}

/// The counts for programs.
pub(super) fn json(counts: &Counts, elapsed: Duration) -> Value {
    let reasons: Vec<Value> = counts
        .reasons
        .iter()
        .map(|(code, reason)| {
            let examples: Vec<Value> = reason.examples.iter().map(|(line, id)| json!({"line": line, "external_id": id})).collect();
            json!({"code": code, "count": reason.count, "detail": reason.detail, "examples": examples})
        })
        .collect();
    json!({
        "posted": counts.posted, "replayed": counts.replayed, "deferred": counts.deferred, "refused": counts.refused,
        "skipped": counts.skipped, "points": counts.points, "retries": counts.retries,
        "seconds": elapsed.as_secs_f64(), "per_second": per_second(counts.answered(), elapsed), "reasons": reasons,
    })
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    let micros = elapsed.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
