//! Deciding an activity: what a partner reports that is no purchase.

use coalition_domain::{ActivityId, Instant, PartnerId, TransactionId};
use coalition_rules::contract::{Activity, Event, EventBody};
use coalition_store::entities::events;
use uuid::Uuid;

use super::command::Command;
use super::happen;
use super::purchase::note_business_id;
use super::redeem;
use super::round::Posting;
use super::world::{MemberWorld, World};
use crate::App;
use crate::activities::{ActivityAnswer, NewActivity};
use crate::answer::Answer;
use crate::error::Error;
use crate::facts;
use crate::purchase::to_contract;
use crate::views::BalanceSummary;

/// The kind of their rows.
pub(crate) const KIND: &str = "activity";

fn event(world: &World, id: ActivityId, input: &NewActivity) -> Event {
    let name = id.to_string();
    Event {
        at: facts::instant(&world.settings.calendar, input.occurred_at),
        seed: facts::seed(&world.settings.secret, &name),
        id: name,
        body: EventBody::Activity(Activity { kind: input.kind.clone() }),
        store: input.store.clone(),
        channel: input.channel.clone(),
        attributes: to_contract(&input.attributes),
    }
}

/// An activity as rules see it, from what was posted.
pub(crate) fn event_of(world: &World, row: &events::Model) -> Result<Event, Error> {
    let input: NewActivity = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
    Ok(event(world, ActivityId(row.id), &input))
}

/// Decides an activity and notes what is to be written.
pub(crate) fn post(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    partner: PartnerId,
    input: &NewActivity,
) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    let id = ActivityId(app.new_id());
    let event = event(world, id, input);
    let handled_as = happen::handled_as(&event);
    let at = Instant(event.at.ms);
    let posting = Posting { app, world, partner, subject: TransactionId(id.uuid()), at, handled_as: &handled_as };
    let round = posting.ask(member, |case, member| happen::decide(case, member, &event), |_| {})?;
    let status = round.status();
    member.rows.events.push(events::Model {
        member_id: member.row.id,
        id: id.uuid(),
        partner_id: partner.uuid(),
        kind: KIND.to_owned(),
        external_id: Some(input.external_id.clone()),
        cause_id: None,
        occurred_at: input.occurred_at.0,
        recorded_at: 0,
        status: status.to_owned(),
        body: serde_json::to_string(input).map_err(|error| Error::internal(&error))?,
        commit_id: Uuid::nil(),
    });
    let answer = Answer::created(&ActivityAnswer {
        id,
        external_id: input.external_id.clone(),
        member: member.id(),
        kind: input.kind.clone(),
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
