//! Counts what became of the receipts, shared by the lanes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::problem::Problem;
use crate::receipts::Receipt;

/// So many examples are kept for each reason of refusal.
const EXAMPLES_MAX: usize = 5;

/// What the gateway said about one receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Recorded now; with the points it brought.
    Posted { points: i64 },
    /// Recorded now, to be decided later.
    Deferred,
    /// Known already; nothing changed.
    Replayed,
    /// Not recorded.
    Refused(Problem),
}

impl Outcome {
    /// Reads a transaction or a problem; a transaction in a batch says itself whether it is a replay.
    pub(super) fn read(body: &Value, replayed: bool) -> Self {
        let status = body.get("status");
        if let Some(status) = status.and_then(Value::as_u64).filter(|status| *status >= 400) {
            return Self::Refused(Problem::read(u16::try_from(status).unwrap_or(500), body));
        }
        if replayed || body.get("replayed").and_then(Value::as_bool).unwrap_or(false) {
            return Self::Replayed;
        }
        match status.and_then(Value::as_str) {
            Some("deferred") => Self::Deferred,
            Some(_) => {
                // Those that wait are among the awarded.
                Self::Posted { points: body.pointer("/points/awarded").and_then(Value::as_i64).unwrap_or(0) }
            }
            None => Self::Refused(Problem::read(500, body)),
        }
    }
}

/// Receipts refused for one reason.
#[derive(Clone, Debug, Default)]
pub(super) struct Reason {
    pub(super) count: u64,
    /// What the gateway said to the first.
    pub(super) detail: String,
    /// (line, business id)
    pub(super) examples: Vec<(u64, String)>,
}

/// The counts at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) posted: u64,
    pub(super) deferred: u64,
    pub(super) replayed: u64,
    pub(super) refused: u64,
    pub(super) skipped: u64,
    /// Requests that had to be sent again.
    pub(super) retries: u64,
    pub(super) points: i64,
    pub(super) reasons: BTreeMap<String, Reason>,
    pub(super) partners: BTreeSet<String>,
    /// The refused lines as NDJSON, when asked for.
    pub(super) refused_lines: String,
    /// Why the last request has to be sent again; empty when the last one went through.
    pub(super) trouble: String,
}

impl Counts {
    /// How many the gateway has answered for good.
    pub(super) fn answered(&self) -> u64 {
        self.posted + self.deferred + self.replayed + self.refused
    }
}

/// The counts, shared.
pub(super) struct Tally {
    keep_lines: bool,
    inner: Mutex<(Counts, Instant)>,
}

impl Tally {
    /// All zero. `keep_lines` keeps the refused lines too.
    pub(super) fn new(keep_lines: bool) -> Self {
        Self { keep_lines, inner: Mutex::new((Counts::default(), Instant::now())) }
    }

    fn lock(&self) -> MutexGuard<'_, (Counts, Instant)> {
        // Plain counts: a lane that panicked can't have left them half changed in a way that matters.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is by now.
    pub(super) fn counts(&self) -> Counts {
        self.lock().0.clone()
    }

    /// How many are answered, and the trouble of this moment.
    pub(super) fn glance(&self) -> (u64, String) {
        let inner = self.lock();
        (inner.0.answered(), inner.0.trouble.clone())
    }

    /// How long ago the gateway last took something.
    pub(super) fn silent_for(&self) -> Duration {
        self.lock().1.elapsed()
    }

    /// A line of another partner, or a blank one.
    pub(super) fn skipped(&self) {
        self.lock().0.skipped += 1;
    }

    /// A partner that a line names. A few are enough to warn of.
    pub(super) fn partner(&self, partner: String) {
        let partners = &mut self.lock().0.partners;
        if partners.len() < 10 {
            partners.insert(partner);
        }
    }

    /// A request has to be sent again.
    pub(super) fn retried(&self, why: &str) {
        let counts = &mut self.lock().0;
        counts.retries += 1;
        why.clone_into(&mut counts.trouble);
    }

    /// The gateway's answer to a receipt.
    pub(super) fn answered(&self, receipt: &Receipt, outcome: &Outcome) {
        {
            let mut inner = self.lock();
            inner.1 = Instant::now();
            inner.0.trouble.clear();
            match outcome {
                Outcome::Posted { points } => {
                    inner.0.posted += 1;
                    inner.0.points = inner.0.points.saturating_add(*points);
                }
                Outcome::Deferred => inner.0.deferred += 1,
                Outcome::Replayed => inner.0.replayed += 1,
                Outcome::Refused(_) => {}
            }
        }
        if let Outcome::Refused(problem) = outcome {
            let findings: Vec<String> = problem.errors.iter().map(ToString::to_string).collect();
            let detail = if findings.is_empty() { problem.sentence() } else { format!("{} {}", problem.sentence(), findings.join("; ")) };
            self.refused(receipt.line, &receipt.external_id, &problem.code, &detail, &receipt.body);
        }
    }

    /// A line that is not recorded, and why.
    pub(super) fn refused(&self, line: u64, external_id: &str, code: &str, detail: &str, text: &str) {
        let mut inner = self.lock();
        let counts = &mut inner.0;
        counts.refused += 1;
        let reason = counts.reasons.entry(code.to_owned()).or_default();
        if reason.count == 0 {
            detail.clone_into(&mut reason.detail);
        }
        reason.count += 1;
        if reason.examples.len() < EXAMPLES_MAX {
            reason.examples.push((line, external_id.to_owned()));
        }
        if self.keep_lines {
            counts.refused_lines.push_str(text);
            counts.refused_lines.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn outcomes_are_told_apart() {
        let posted = json!({"status": "posted", "points": {"awarded": 5, "pending": 2, "capped": 9}});
        assert_eq!(Outcome::read(&posted, false), Outcome::Posted { points: 5 });
        assert_eq!(Outcome::read(&posted, true), Outcome::Replayed);
        assert_eq!(Outcome::read(&json!({"status": "posted", "replayed": true}), false), Outcome::Replayed);
        assert_eq!(Outcome::read(&json!({"status": "deferred"}), false), Outcome::Deferred);
        let refused = Outcome::read(&json!({"status": 404, "code": "member-not-found", "detail": "No such card."}), false);
        assert!(matches!(refused, Outcome::Refused(problem) if problem.code == "member-not-found" && !problem.is_passing()));
        // An item that says nothing is not taken for posted.
        assert!(matches!(Outcome::read(&json!({}), false), Outcome::Refused(problem) if problem.is_passing()));
    }

    #[test]
    fn refusals_are_counted_by_reason_with_a_few_examples() {
        let tally = Tally::new(true);
        for line in 1..=8 {
            tally.refused(line, "x", "member-not-found", &format!("detail {line}"), "{}");
        }
        let counts = tally.counts();
        let reason = counts.reasons.get("member-not-found").unwrap();
        assert_eq!((reason.count, reason.detail.as_str(), reason.examples.len()), (8, "detail 1", EXAMPLES_MAX));
        assert_eq!(counts.refused_lines.lines().count(), 8);
    }
}
