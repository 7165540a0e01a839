//! Deciding a purchase: the partner's rules first, then the operator's, on the same member view.

use coalition_domain::{DecisionId, Instant, PartnerId, RefundId, TransactionId};
use coalition_rules::contract::{Effect, Event, EventBody, Member, QuoteRequest, Refusal};
use coalition_rules::{Run, State};
use coalition_store::entities::{business_ids, transactions};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::command::Command;
use super::effects::{self, Applied};
use super::record::Made;
use super::redeem;
use super::returned::{self, LineLeft};
use super::round::Posting;
use super::subscription;
use super::tiers::{Counted, count, reached};
use super::world::{MemberWorld, PartnerWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::facts::{self, About};
use crate::live::LiveRules;
use crate::purchase::{NewTransaction, to_contract};
use crate::relations;
use crate::tiers::{self, Counts};
use crate::views::{BalanceSummary, TransactionAnswer};

/// What a purchase may lie ahead of the gateway's time: tills' clocks differ.
pub(crate) const AHEAD_MS_MAX: i64 = 5 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Checks a business time against the clock and how late the program takes things.
pub(crate) fn check_time(world: &World, at: Instant) -> Result<(), Error> {
    let age = world.now.0.saturating_sub(at.0);
    if age < -AHEAD_MS_MAX {
        return Err(Error::invalid("/occurred_at", "more than 5 minutes ahead of the gateway's clock"));
    }
    let days = world.settings.backdating_d_max;
    if age > days.saturating_mul(DAY_MS) {
        return Err(Error::invalid("/occurred_at", format!("older than the {days} days that this program takes")));
    }
    Ok(())
}

/// Checks what depends on the partner and the clock.
pub(crate) fn check(world: &World, partner: &PartnerWorld, input: &NewTransaction) -> Result<(), Error> {
    check_time(world, input.occurred_at)?;
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
    let posting = Posting { app, world, partner, subject: id, at: input.occurred_at, handled_as: "purchase" };
    let mut round = posting.ask(
        member,
        |case, member| decide(case, member, input, None),
        |member| member.profile(partner).facts.add_purchase(input.total, &world.settings.calendar, input.occurred_at),
    )?;
    let spent = Counted { what: Counts::Spend, partner, at: input.occurred_at, amount: input.total, subject: id.uuid() };
    count(app, world, member, &spent);
    round.shown.extend(reached(world, member));
    let status = round.status();
    subscription::tell(app, world, member, partner, id, input)?;
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
        points: round.points,
        effects: round.shown,
        balance: BalanceSummary::of(member.ledger.balances()),
        decisions: round.summaries,
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

/// One program's decision, and all that it is made with.
pub(crate) struct Case<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    /// Whose rules decide, and who issues what they award.
    pub(crate) owner: PartnerId,
    pub(crate) partner: &'a PartnerWorld,
    pub(crate) live: &'a LiveRules,
    pub(crate) decision: DecisionId,
    /// The purchase or the event; what it awards hangs on it.
    pub(crate) transaction: TransactionId,
    /// When it happened.
    pub(crate) at: Instant,
    /// The refund that it answers; none where it decides the purchase or the event itself.
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

/// Runs one program on the purchase, or on what is `left` of it, and carries out what it says; `Err` inside is why it could not decide.
pub(crate) fn decide(
    case: &Case<'_>,
    member: &mut MemberWorld,
    input: &NewTransaction,
    left: Option<&[coalition_domain::refund::Line]>,
) -> Result<Result<Applied, String>, Error> {
    let settings = &case.world.settings;
    let offset = settings.calendar.offset_minutes(case.at);
    let seed = facts::seed(&settings.secret, &case.transaction.to_string());
    let mut event = event(case.transaction, input, offset, seed);
    if let Some(left) = left {
        returned::keep_left(&mut event, left);
    }
    let left = left.map(|left| left.iter().map(Into::into).collect());
    let recorded = |view: &Member| serde_json::to_string(&Recorded { offset_minutes: offset, seed, member: view, left });
    let outcome = run(case, member, &event, "purchase", recorded)?;
    if outcome.is_ok() {
        let total = event.body.purchase().map_or(input.total, |purchase| purchase.total);
        let profile = member.profile(case.owner);
        profile.facts.add_purchase(total, &settings.calendar, case.at);
        profile.changed = true;
    }
    Ok(outcome)
}

/// Runs one program on an event, carries out what it says and records the decision; `recorded` is what it is to be run on again.
pub(crate) fn run(
    case: &Case<'_>,
    member: &mut MemberWorld,
    event: &Event,
    kind: &'static str,
    recorded: impl FnOnce(&Member) -> serde_json::Result<String>,
) -> Result<Result<Applied, String>, Error> {
    let Case { app, world, owner, partner, live, decision, transaction, at, .. } = *case;
    let about = about(world, member, owner, live, at);
    let profile = member.profile(owner);
    let view = profile.facts.view(&live.manifest, &world.settings.calendar, at, &about);
    let state = profile.state.clone();
    let state_before = profile.state_version;
    let run = live.program.on_event(event, &view, &live.config, &state);
    app.count_run(live.plugin_id, run.usage.fuel, run.outcome.as_ref().err().is_some_and(coalition_rules::Failure::counts_against_version));
    let recorded = recorded(&view).map_err(|error| Error::internal(&error))?;
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
    if applied.is_ok()
        && let Some(state) = run.state.clone()
    {
        keep_state(member, owner, state);
        state_after = state_before.saturating_add(1);
    }
    let made = Made {
        id: decision,
        owner,
        kind,
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

/// What the host knows of the member beside a program's facts, as far as these rules may see it at `at`.
pub(crate) fn about(world: &World, member: &MemberWorld, owner: PartnerId, live: &LiveRules, at: Instant) -> About {
    let operator = member.profiles.get(&world.settings.operator.uuid());
    About {
        pseudonym: facts::pseudonym(&world.settings.secret, owner, member.id()),
        enrolled_at: Instant(member.row.enrolled_at),
        coalition_tier: tiers::held(&world.settings, operator.map(|profile| &profile.facts), world.now),
        available: member.ledger.balances().available,
        relations: relations::kinds(&member.row),
        attributes: member.around.told.attributes(&live.manifest.needs, owner.uuid(), &world.settings.calendar, at),
    }
}
