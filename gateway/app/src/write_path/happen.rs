//! Events that the gateway itself tells rules of: noted in the commit that causes them, decided soon after, one program at a time.

use coalition_domain::{DecisionId, EventId, Instant, PartnerId, TransactionId};
use coalition_rules::contract::{Attribute, Event, EventBody, Member};
use coalition_store::entities::events;
use serde_json::{Value, json};
use uuid::Uuid;

use super::command::{Command, Occurrence};
use super::deferral::{self, Waits};
use super::effects::Applied;
use super::purchase::{self, Case, note_business_id};
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::facts;
use crate::live::LiveRules;

/// Something that happened, and whose rules are to be told of it.
pub(crate) struct Happened<'a> {
    /// To whom.
    pub(crate) member: Uuid,
    /// At which partner.
    pub(crate) partner: PartnerId,
    /// Whose rules decide.
    pub(crate) owners: &'a [PartnerId],
    /// The purchase, redemption or decision that it follows from.
    pub(crate) cause: Option<Uuid>,
    pub(crate) at: Instant,
    pub(crate) body: EventBody,
    pub(crate) attributes: Vec<Attribute>,
}

impl LiveRules {
    /// Whether its manifest handles this kind of event.
    pub(crate) fn handles(&self, kind: &str) -> bool {
        self.manifest.handles.iter().any(|known| known == kind)
    }
}

/// The kind of an event as manifests name it.
pub(crate) fn handled_as(event: &Event) -> String {
    match &event.body {
        EventBody::Activity(activity) => format!("activity:{}", activity.kind),
        EventBody::PeriodClose(_) => "period-close".to_owned(),
        body => body.kind().to_owned(),
    }
}

/// The row of an event.
pub(crate) fn row(app: &App, settings: &crate::program::Settings, happened: &Happened<'_>) -> Result<events::Model, Error> {
    let id = app.new_id();
    let name = EventId(id).to_string();
    let event = Event {
        at: facts::instant(&settings.calendar, happened.at),
        seed: facts::seed(&settings.secret, &name),
        id: name,
        body: happened.body.clone(),
        store: None,
        channel: None,
        attributes: happened.attributes.clone(),
    };
    Ok(events::Model {
        member_id: happened.member,
        id,
        partner_id: happened.partner.uuid(),
        kind: event.body.kind().to_owned(),
        external_id: None,
        cause_id: happened.cause,
        occurred_at: happened.at.0,
        recorded_at: 0,
        status: "deferred".to_owned(),
        body: serde_json::to_string(&event).map_err(|error| Error::internal(&error))?,
        commit_id: Uuid::nil(),
    })
}

/// Notes an event, to be decided by each of its owners in turn.
pub(crate) fn note(app: &App, world: &World, member: &mut MemberWorld, happened: &Happened<'_>) -> Result<(), Error> {
    if happened.owners.is_empty() {
        return Ok(());
    }
    let row = row(app, &world.settings, happened)?;
    for owner in happened.owners {
        let decision = DecisionId(app.new_id());
        deferral::note_for(member, row.member_id, *owner, TransactionId(row.id), decision, &Waits::queued());
    }
    member.rows.events.push(row);
    Ok(())
}

/// The event of a row, as it was noted.
pub(crate) fn read(row: &events::Model) -> Result<Event, Error> {
    serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))
}

/// Runs one program on an event and carries out what it says; `Err` inside is why it could not decide.
pub(crate) fn decide(case: &Case<'_>, member: &mut MemberWorld, event: &Event) -> Result<Result<Applied, String>, Error> {
    let recorded = |view: &Member| serde_json::to_string(&json!({"event": event, "member": view}));
    let outcome = purchase::run(case, member, event, event.body.kind(), recorded)?;
    if outcome.is_ok() {
        let profile = member.profile(case.owner);
        // To be told of somebody is no link to them.
        profile.linked_at.get_or_insert(0);
        profile.changed = true;
    }
    Ok(outcome)
}

/// Notes what the calendar brings, under its own name, so that it comes once.
pub(crate) fn occur(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    occurrence: &Occurrence,
) -> Result<Answer, Error> {
    let happened = Happened {
        member: member.row.id,
        partner: occurrence.partner,
        owners: &occurrence.owners,
        cause: None,
        at: occurrence.at,
        body: occurrence.body.clone(),
        attributes: Vec::new(),
    };
    note(app, world, member, &happened)?;
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, command, member.row.id, &answer);
    Ok(answer)
}
