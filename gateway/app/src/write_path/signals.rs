//! Signals: what a program says about a related member becomes an event of theirs, one hop away. Neither side learns who the other is.

use coalition_domain::{DecisionId, Instant, PartnerId, TransactionId};
use coalition_rules::contract::{EventBody, Signal, SignalReceived};
use coalition_store::entities::events;
use uuid::Uuid;

use super::deferral::{self, Waits};
use super::happen::{self, Happened};
use super::purchase::Case;
use super::world::MemberWorld;
use crate::App;
use crate::error::Error;
use crate::facts;

/// The kind of rows that take a signal back.
pub(crate) const REVERSAL: &str = "reversal";

/// Sends a signal to whomever it names; where there is nobody, or the program would not hear it, nothing happens.
pub(crate) fn send(case: &Case<'_>, member: &mut MemberWorld, signal: &Signal) -> Result<(), Error> {
    let Case { app, world, owner, live, .. } = *case;
    let related = reached(member, &signal.relation);
    if related.is_empty() || !live.handles("signal") {
        return Ok(());
    }
    let source = facts::source(&world.settings.secret, &case.transaction.to_string());
    for other in related {
        let body = SignalReceived {
            kind: signal.kind.clone(),
            relation: signal.relation.clone(),
            source: source.clone(),
            // They are the event's own: said once.
            attributes: signal.attributes.clone(),
        };
        let happened = Happened {
            member: other,
            partner: owner,
            owners: &[owner],
            cause: Some(case.decision.uuid()),
            at: case.at,
            body: EventBody::Signal(body),
            attributes: Vec::new(),
        };
        happen::note(app, world, member, &happened)?;
        // Whose word the relation is: of whom was brought or enrolled. A household is left and joined as its members like.
        match signal.relation.as_str() {
            "referrer" | "enroller" => member.rows.relations_fixed.push(member.row.id),
            "household" => {}
            _ => member.rows.relations_fixed.push(other),
        }
    }
    Ok(())
}

/// The members that a relation leads to; nobody is related to themselves.
fn reached(member: &MemberWorld, relation: &str) -> Vec<Uuid> {
    let one = match relation {
        "referrer" => member.row.referred_by,
        "enroller" => member.row.enroller_id,
        _ => None,
    };
    let many = member.around.related.iter().filter(|(kind, _)| *kind == relation).map(|(_, other)| *other);
    one.into_iter().chain(many).filter(|other| *other != member.row.id).collect()
}

/// Whether this is what a decision has said of that relation.
pub(crate) fn is(row: &events::Model, decision: Uuid, relation: &str, kind: &str) -> bool {
    let said = happen::read(row).ok().filter(|_| row.cause_id == Some(decision));
    matches!(said.map(|event| event.body), Some(EventBody::Signal(signal)) if signal.relation == relation && signal.kind == kind)
}

/// Notes that what a signal has caused is to be taken back.
pub(crate) fn take_back(app: &App, member: &mut MemberWorld, owner: PartnerId, signal: &events::Model, at: Instant) {
    let id = app.new_id();
    member.rows.events.push(events::Model {
        id,
        kind: REVERSAL.to_owned(),
        cause_id: Some(signal.id),
        occurred_at: at.0,
        recorded_at: 0,
        status: "deferred".to_owned(),
        body: "{}".to_owned(),
        commit_id: Uuid::nil(),
        ..signal.clone()
    });
    let decision = DecisionId(app.new_id());
    deferral::note_for(member, signal.member_id, owner, TransactionId(id), decision, &Waits::queued());
}
