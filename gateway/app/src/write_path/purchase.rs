//! Deciding a purchase: the partner's rules first, then the operator's, on the same member view.

use coalition_domain::{DecisionId, Instant, PartnerId, RefundId, TransactionId};
use coalition_rules::contract::{Effect, Event, EventBody, Member, QuoteRequest, Refusal};
use coalition_rules::{Run, State};
use coalition_store::entities::{business_ids, deferrals, transactions};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::command::Command;
use super::effects::{self, Applied};
use super::record::Made;
use super::redeem;
use super::returned::{self, LineLeft};
use super::tiers::{Counted, count, reached};
use super::world::{MemberWorld, PartnerWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::facts::{self, About};
use crate::live::LiveRules;
use crate::purchase::{NewTransaction, to_contract};
use crate::tiers::{self, Counts};
use crate::views::{BalanceSummary, PointsSummary, TransactionAnswer};

/// What a purchase may lie ahead of the gateway's time: tills' clocks differ.
pub(crate) const AHEAD_MS_MAX: i64 = 5 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Before a decision that failed is tried again: doubled from try to try.
const RETRY_FIRST_MS: i64 = 2_000;
const RETRY_MS_MAX: i64 = 3_600_000;

/// Checks what depends on the partner and the clock.
pub(crate) fn check(world: &World, partner: &PartnerWorld, input: &NewTransaction) -> Result<(), Error> {
    let age = world.now.0.saturating_sub(input.occurred_at.0);
    if age < -AHEAD_MS_MAX {
        return Err(Error::invalid("/occurred_at", "more than 5 minutes ahead of the gateway's clock"));
    }
    let days = world.settings.backdating_d_max;
    if age > days.saturating_mul(DAY_MS) {
        return Err(Error::invalid("/occurred_at", format!("older than the {days} days that this program takes")));
    }
    if input.currency.as_str() != partner.row.currency {
        let detail = format!("This partner's currency is {}; a transaction in another is not taken.", partner.row.currency);
        return Err(Error {
            errors: vec![crate::FieldError { pointer: "/currency".to_owned(), detail: detail.clone() }],
            ..Error::unprocessable("currency-mismatch", detail)
        });
    }
    Ok(())
}

/// The event as rules see it. `offset_minutes` and `seed` are told apart, since a replay takes them as they were.
pub(crate) fn event(id: TransactionId, input: &NewTransaction, offset_minutes: i16, seed: u64) -> Event {
    Event {
        id: id.to_string(),
        at: coalition_rules::contract::Instant { ms: input.occurred_at.0, offset_minutes },
        seed,
        body: EventBody::Purchase(input.to_contract()),
        store: input.store.clone(),
        channel: input.channel.clone(),
        attributes: to_contract(&input.attributes),
    }
}

/// Decides a purchase and notes what is to be written.
pub(crate) fn post(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    partner: PartnerId,
    input: &NewTransaction,
) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    member.act(&world.settings.calendar, input.occurred_at);
    let id = TransactionId(app.new_id());
    let mut points = PointsSummary::default();
    let mut done = Vec::new();
    let mut summaries = Vec::new();
    let mut deferred = false;
    let mut owners = vec![partner];
    if partner != world.settings.operator {
        owners.push(world.settings.operator);
    }
    // The till's partner links the member, with or without rules.
    member.profile(partner).changed = true;
    for owner in owners {
        let Some(known) = world.partners.get(&owner.uuid()) else { continue };
        if known.is_broken {
            deferred = true;
            member.epochs.insert(owner.uuid(), known.row.plugin_epoch);
            defer(member, owner, id, DecisionId(app.new_id()), "the rules can't be loaded", 1);
            continue;
        }
        let Some(live) = known.live.clone().filter(|live| live.manifest.handles.iter().any(|kind| kind == "purchase")) else {
            // Without rules there is nothing to wait for; what was bought counts all the same.
            member.epochs.insert(owner.uuid(), known.row.plugin_epoch);
            if owner == partner {
                member.profile(partner).facts.add_purchase(input.total, &world.settings.calendar, input.occurred_at);
            }
            continue;
        };
        member.epochs.insert(owner.uuid(), live.epoch);
        let waiting = member.deferrals.iter().any(|known| known.partner_id == owner.uuid())
            || member.rows.deferrals.iter().any(|known| known.partner_id == owner.uuid());
        let decision = DecisionId(app.new_id());
        let outcome = if waiting {
            Err("earlier purchases of this member wait to be decided first".to_owned())
        } else {
            let case = Case { app, world, owner, partner: known, live: &live, decision, transaction: id, input, left: None, refund: None };
            decide(&case, member)?
        };
        let status = match &outcome {
            Ok(applied) => {
                points.add(applied);
                done.extend(applied.shown.iter().cloned());
                if applied.refused { "refused" } else { "applied" }
            }
            Err(failure) => {
                deferred = true;
                defer(member, owner, id, decision, failure, 1);
                "deferred"
            }
        };
        let fuel = member.rows.decisions.last().filter(|row| row.id == decision.uuid()).map_or(0, |row| row.fuel);
        summaries.push(live.summary(&known.row.slug, decision, status, fuel));
    }
    let spent = Counted { what: Counts::Spend, partner, at: input.occurred_at, amount: input.total, subject: id.uuid() };
    count(app, world, member, &spent);
    done.extend(reached(world, member));
    let status = if deferred { "deferred" } else { "posted" };
    let body = serde_json::to_string(input).map_err(|error| Error::internal(&error))?;
    member.rows.transactions.push(transactions::Model {
        member_id: member.row.id,
        id: id.uuid(),
        partner_id: partner.uuid(),
        external_id: input.external_id.clone(),
        occurred_at: input.occurred_at.0,
        recorded_at: 0,
        status: status.to_owned(),
        total: input.total,
        body,
        commit_id: Uuid::nil(),
    });
    let answer = Answer::created(&TransactionAnswer {
        id,
        external_id: input.external_id.clone(),
        member: member.id(),
        status: status.to_owned(),
        occurred_at: input.occurred_at,
        points,
        effects: done,
        balance: BalanceSummary::of(member.ledger.balances()),
        decisions: summaries,
    })?;
    note_business_id(member, command, id.uuid(), &answer);
    Ok(answer)
}

/// Takes the command's identity, with its answer.
pub(crate) fn note_business_id(member: &mut MemberWorld, command: &Command, subject: Uuid, answer: &Answer) {
    let (partner_id, kind, external_id) = command.key.clone();
    member.rows.business_ids.push(business_ids::Model {
        partner_id,
        kind,
        external_id,
        body_hash: command.body_hash.to_vec(),
        member_id: member.row.id,
        subject_id: subject,
        answer: answer.body.clone(),
        recorded_at: 0,
    });
}

/// Notes that a decision is still to be made.
fn defer(member: &mut MemberWorld, owner: PartnerId, transaction: TransactionId, decision: DecisionId, failure: &str, attempts: i64) {
    let wait = RETRY_FIRST_MS
        .saturating_mul(1_i64.checked_shl(u32::try_from(attempts.min(20)).unwrap_or(20)).unwrap_or(i64::MAX))
        .min(RETRY_MS_MAX);
    member.rows.deferrals.push(deferrals::Model {
        member_id: member.row.id,
        partner_id: owner.uuid(),
        transaction_id: transaction.uuid(),
        decision_id: decision.uuid(),
        failure: failure.chars().take(500).collect(),
        attempts,
        retry_at: wall_ms().saturating_add(wait),
        recorded_at: 0,
    });
}

fn wall_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// One program's decision on one purchase, and all that it is made with.
pub(crate) struct Case<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    /// Whose rules decide, and who issues what they award.
    pub(crate) owner: PartnerId,
    pub(crate) partner: &'a PartnerWorld,
    pub(crate) live: &'a LiveRules,
    pub(crate) decision: DecisionId,
    pub(crate) transaction: TransactionId,
    pub(crate) input: &'a NewTransaction,
    /// What is left of each line, where something came back before it was decided.
    pub(crate) left: Option<&'a [coalition_domain::refund::Line]>,
    /// The refund that it answers; none where it decides the purchase itself.
    pub(crate) refund: Option<RefundId>,
}

/// What is recorded of what rules saw, beside the transaction's own body.
#[derive(Deserialize)]
pub(crate) struct Seen {
    #[serde(default)]
    pub(crate) offset_minutes: i16,
    #[serde(default)]
    pub(crate) seed: u64,
    pub(crate) member: Member,
    /// The purchase, where the decision's subject is something else.
    #[serde(default)]
    pub(crate) transaction: Option<TransactionId>,
    /// What was left of each line, where it was less than was bought.
    #[serde(default)]
    pub(crate) left: Option<Vec<LineLeft>>,
    /// Of a quote.
    #[serde(default)]
    pub(crate) request: Option<QuoteRequest>,
    /// Where it is not a purchase.
    #[serde(default)]
    pub(crate) event: Option<Event>,
}

/// The same as it is written, of a purchase.
#[derive(Serialize)]
struct Recorded<'a> {
    offset_minutes: i16,
    seed: u64,
    member: &'a Member,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Vec<LineLeft>>,
}

/// Runs one program on the purchase and carries out what it says; `Err` inside is why it could not decide.
fn decide(case: &Case<'_>, member: &mut MemberWorld) -> Result<Result<Applied, String>, Error> {
    let Case { app, world, owner, partner, live, decision, transaction, input, left, .. } = *case;
    let settings = &world.settings;
    let calendar = &settings.calendar;
    let at = input.occurred_at;
    let offset = calendar.offset_minutes(at);
    let seed = facts::seed(&settings.secret, &transaction.to_string());
    let mut event = event(transaction, input, offset, seed);
    if let Some(left) = left {
        returned::keep_left(&mut event, left);
    }
    let total = event.body.purchase().map_or(input.total, |purchase| purchase.total);
    let about = about(world, member, owner);
    let profile = member.profile(owner);
    let view = profile.facts.view(&live.manifest, calendar, at, &about);
    let state = profile.state.clone();
    let state_before = profile.state_version;
    let run = live.program.on_event(&event, &view, &live.config, &state);
    app.count_run(live.plugin_id, run.usage.fuel, run.outcome.as_ref().err().is_some_and(coalition_rules::Failure::counts_against_version));
    let left = left.map(|left| left.iter().map(Into::into).collect());
    let recorded = Recorded { offset_minutes: offset, seed, member: &view, left };
    let recorded = serde_json::to_string(&recorded).map_err(|error| Error::internal(&error))?;
    let (applied, status, output) = match &run.outcome {
        Ok(Ok(said)) => {
            let applied = effects::apply(case, member, said)?;
            (Ok(applied), "applied", output(&run))
        }
        Ok(Err(refusal)) => (Ok(Applied::refused(effects::refusal(partner, live, refusal))), "refused", output(&run)),
        Err(failure) => {
            (Err(failure.to_string()), "deferred", json!({"failure": {"code": failure.code(), "detail": failure.to_string()}}).to_string())
        }
    };
    let capped = applied.as_ref().map_or(0, |applied| applied.capped);
    let mut state_after = state_before;
    if applied.is_ok() {
        let profile = member.profile(owner);
        profile.facts.add_purchase(total, calendar, at);
        profile.changed = true;
        if let Some(state) = run.state.clone() {
            keep_state(member, owner, state);
            state_after = state_before.saturating_add(1);
        }
    }
    let made = Made {
        id: decision,
        owner,
        kind: "purchase",
        subject: transaction.uuid(),
        status: status.to_owned(),
        fuel: run.usage.fuel,
        view: recorded,
        output,
        capped,
        states: (state_before, state_after),
    };
    member.rows.decisions.push(live.record(member.row.id, made));
    Ok(applied)
}

fn output(run: &Run<Result<Vec<Effect>, Refusal>>) -> String {
    let bytes = run.outcome.as_ref().map(coalition_rules::output_bytes).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

pub(crate) fn keep_state(member: &mut MemberWorld, owner: PartnerId, state: State) {
    let member_id = member.row.id;
    let profile = member.profile(owner);
    profile.state_version = profile.state_version.saturating_add(1);
    let row = coalition_store::entities::states::Model {
        member_id,
        partner_id: owner.uuid(),
        version: profile.state_version,
        bytes: state.to_bytes(),
        commit_id: Uuid::nil(),
    };
    profile.state = state;
    member.rows.states.push(row);
}

/// What the host knows of the member beside a program's facts.
pub(crate) fn about(world: &World, member: &MemberWorld, owner: PartnerId) -> About {
    let operator = member.profiles.get(&world.settings.operator.uuid());
    About {
        pseudonym: facts::pseudonym(&world.settings.secret, owner, member.id()),
        enrolled_at: Instant(member.row.enrolled_at),
        coalition_tier: tiers::held(&world.settings, operator.map(|profile| &profile.facts), world.now),
        available: member.ledger.balances().available,
    }
}

/// Makes a decision that was deferred, by the version now live, on the state and under the caps of now. `Ok(None)` where it has to wait on.
pub(crate) fn evaluate(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    owner: PartnerId,
    transaction: TransactionId,
) -> Result<Option<Answer>, Error> {
    let Some(waiting) =
        member.deferrals.iter().find(|known| known.partner_id == owner.uuid() && known.transaction_id == transaction.uuid()).cloned()
    else {
        return Ok(None);
    };
    let oldest = member.deferrals.iter().filter(|known| known.partner_id == owner.uuid()).map(|known| known.transaction_id).min();
    let (Some(row), Some(known)) = (member.transactions.get(&transaction.uuid()).cloned(), world.partners.get(&owner.uuid())) else {
        return Ok(None);
    };
    if oldest != Some(transaction.uuid()) {
        return Ok(None);
    }
    let Some(live) = known.live.clone() else {
        // Nobody to decide it: looked at again later, or at once when rules are activated.
        defer(member, owner, transaction, DecisionId(waiting.decision_id), "no rules are live", waiting.attempts);
        let answer = Answer::ok(&Value::Null)?;
        note_business_id(member, command, transaction.uuid(), &answer);
        return Ok(Some(answer));
    };
    let input: NewTransaction = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
    redeem::settle(app, world, member)?;
    member.epochs.insert(owner.uuid(), live.epoch);
    let decision = DecisionId(app.new_id());
    // What came back meanwhile is not awarded in the first place; of nothing left there is nothing to decide.
    let basket = returned::basket(&input, member.refunds_of(transaction))?;
    let left = (basket.left() != basket.bought()).then(|| basket.left());
    let outcome = if !basket.is_empty() && live.manifest.handles.iter().any(|kind| kind == "purchase") {
        let case = Case { app, world, owner, partner: known, live: &live, decision, transaction, input: &input, left, refund: None };
        decide(&case, member)?
    } else {
        Ok(Applied::default())
    };
    match outcome {
        Ok(_) => {
            member.deferrals.retain(|known| !(known.partner_id == owner.uuid() && known.transaction_id == transaction.uuid()));
            member.rows.deferrals_done.push((owner.uuid(), transaction.uuid()));
            if member.deferrals.iter().all(|known| known.transaction_id != transaction.uuid()) {
                member.rows.transactions_posted.push(transaction.uuid());
            }
        }
        Err(failure) => {
            // What failed again is not a decision: the first failure is on record, and this try is counted.
            member.rows.decisions.pop();
            defer(member, owner, transaction, DecisionId(waiting.decision_id), &failure, waiting.attempts.saturating_add(1));
        }
    }
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, command, transaction.uuid(), &answer);
    Ok(Some(answer))
}
