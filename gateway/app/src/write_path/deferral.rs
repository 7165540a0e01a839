//! Decisions that are still to be made: those that failed, those that wait behind them, and those on events that the gateway itself has queued.
//!
//! Of one member and program they are made in the order in which it all happened. A purchase waits behind what has failed; it does not wait
//! for what is only queued, since a till stands waiting.

use coalition_domain::{DecisionId, PartnerId, TransactionId};
use coalition_rules::contract::Event;
use coalition_store::entities::{deferrals, events};
use serde_json::Value;
use uuid::Uuid;

use super::activity;
use super::command::Command;
use super::effects::Applied;
use super::happen;
use super::purchase::{self, Case, note_business_id};
use super::redeem;
use super::returned;
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::purchase::NewTransaction;

/// Before a decision that failed is tried again: doubled from try to try.
const RETRY_FIRST_MS: i64 = 2_000;
const RETRY_MS_MAX: i64 = 3_600_000;

/// Why a decision waits, and how often it was tried.
pub(crate) struct Waits<'a> {
    why: &'a str,
    attempts: i64,
    wait_ms: i64,
}

impl<'a> Waits<'a> {
    /// It was tried so often in vain.
    pub(crate) fn failed(why: &'a str, attempts: i64) -> Self {
        let doubled = 1_i64.checked_shl(u32::try_from(attempts.min(20)).unwrap_or(20)).unwrap_or(i64::MAX);
        Self { why, attempts, wait_ms: RETRY_FIRST_MS.saturating_mul(doubled).min(RETRY_MS_MAX) }
    }

    /// It has its turn at once.
    pub(crate) const fn queued() -> Self {
        Self { why: "", attempts: 0, wait_ms: 0 }
    }

    /// There is nobody to decide it: an activation wakes it.
    const fn without_rules(attempts: i64) -> Self {
        Self { why: "no rules are live", attempts, wait_ms: RETRY_MS_MAX }
    }
}

/// Notes that a decision is still to be made.
pub(crate) fn note(member: &mut MemberWorld, owner: PartnerId, subject: TransactionId, decision: DecisionId, waits: &Waits<'_>) {
    note_for(member, member.row.id, owner, subject, decision, waits);
}

/// The same, of a member who is related to this one.
pub(crate) fn note_for(
    member: &mut MemberWorld,
    of: Uuid,
    owner: PartnerId,
    subject: TransactionId,
    decision: DecisionId,
    waits: &Waits<'_>,
) {
    member.rows.deferrals.push(row(of, owner, subject, decision, waits));
}

/// The row of a decision that is still to be made.
pub(crate) fn row(of: Uuid, owner: PartnerId, subject: TransactionId, decision: DecisionId, waits: &Waits<'_>) -> deferrals::Model {
    deferrals::Model {
        member_id: of,
        partner_id: owner.uuid(),
        transaction_id: subject.uuid(),
        decision_id: decision.uuid(),
        failure: waits.why.chars().take(500).collect(),
        attempts: waits.attempts,
        retry_at: wall_ms().saturating_add(waits.wait_ms),
        recorded_at: 0,
    }
}

/// Whether what is posted now has to wait behind decisions of this program that failed.
pub(crate) fn is_behind(member: &MemberWorld, owner: PartnerId) -> bool {
    let mut all = member.deferrals.iter().chain(&member.rows.deferrals);
    all.any(|known| known.partner_id == owner.uuid() && known.member_id == member.row.id && known.attempts > 0)
}

fn wall_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Whether this is what the program has to decide next of this member.
pub(crate) fn is_next(member: &MemberWorld, owner: PartnerId, subject: TransactionId) -> bool {
    let mine = member.deferrals.iter().filter(|known| known.partner_id == owner.uuid());
    mine.map(|known| known.transaction_id).min() == Some(subject.uuid())
}

/// Makes a decision that waits, by the version now live, on the state and under the caps of now. `Ok(None)` where it has to wait on.
pub(crate) fn evaluate(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    owner: PartnerId,
    subject: TransactionId,
) -> Result<Option<Answer>, Error> {
    let is_it = |known: &deferrals::Model| known.partner_id == owner.uuid() && known.transaction_id == subject.uuid();
    let Some(waiting) = member.deferrals.iter().find(|known| is_it(known)).cloned() else { return Ok(None) };
    let known = world.partners.get(&owner.uuid()).cloned().filter(|_| is_next(member, owner, subject));
    let Some(known) = known else { return Ok(None) };
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, command, subject.uuid(), &answer);
    let Some(live) = known.live.clone() else {
        let waits = if known.is_broken {
            Waits::failed("the rules can't be loaded", waiting.attempts.saturating_add(1))
        } else {
            Waits::without_rules(waiting.attempts)
        };
        note(member, owner, subject, DecisionId(waiting.decision_id), &waits);
        return Ok(Some(answer));
    };
    redeem::settle(app, world, member)?;
    member.epochs.insert(owner.uuid(), live.epoch);
    let decision = DecisionId(app.new_id());
    let case = |at| Case { app, world, owner, partner: &known, live: &live, decision, transaction: subject, at, refund: None };
    let outcome = if let Some(row) = member.transactions.get(&subject.uuid()).cloned() {
        let input: NewTransaction = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
        // What came back meanwhile is not awarded in the first place; of nothing left there is nothing to decide.
        let basket = returned::basket(&input, member.refunds_of(subject))?;
        let left = (basket.left() != basket.bought()).then(|| basket.left());
        if !basket.is_empty() && live.handles("purchase") {
            purchase::decide(&case(input.occurred_at), member, &input, left)?
        } else {
            Ok(Applied::default())
        }
    } else if let Some(row) = member.around.events.get(&subject.uuid()).cloned() {
        let event = event_of(world, &row)?;
        if live.handles(&happen::handled_as(&event)) {
            happen::decide(&case(coalition_domain::Instant(row.occurred_at)), member, &event)?
        } else {
            Ok(Applied::default())
        }
    } else {
        return Err(Error::not_found());
    };
    match outcome {
        Ok(_) => settled(member, owner, subject),
        Err(failure) => {
            // The first failure is on record; what fails again is no further decision, and this try is counted.
            let first = waiting.attempts == 0;
            if !first {
                member.rows.decisions.pop();
            }
            let recorded = if first { decision } else { DecisionId(waiting.decision_id) };
            note(member, owner, subject, recorded, &Waits::failed(&failure, waiting.attempts.saturating_add(1)));
        }
    }
    Ok(Some(answer))
}

fn event_of(world: &World, row: &events::Model) -> Result<Event, Error> {
    if row.kind == activity::KIND { activity::event_of(world, row) } else { happen::read(row) }
}

/// The decision is made; with the last one, what it was on is posted.
pub(crate) fn settled(member: &mut MemberWorld, owner: PartnerId, subject: TransactionId) {
    member.deferrals.retain(|known| !(known.partner_id == owner.uuid() && known.transaction_id == subject.uuid()));
    member.rows.deferrals_done.push((owner.uuid(), subject.uuid()));
    if member.deferrals.iter().any(|known| known.transaction_id == subject.uuid()) {
        return;
    }
    match member.around.events.get(&subject.uuid()).cloned() {
        Some(row) => member.rows.events_posted.push(events::Model { status: "posted".to_owned(), ..row }),
        None => member.rows.transactions_posted.push(subject.uuid()),
    }
}
