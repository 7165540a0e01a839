//! Taking back what rules said to a signal that would not have been sent: all of it, as a refund of everything does.

use coalition_domain::{EventId, Instant, PartnerId, RefundId, TransactionId};
use serde_json::Value;

use super::command::Command;
use super::deferral;
use super::purchase::note_business_id;
use super::redeem;
use super::refund::Refunding;
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;

/// Takes a signal's decision back and notes what is to be written. A signal that is still to be decided is decided first.
pub(crate) fn undo(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    command: &Command,
    owner: PartnerId,
    (event, of): (EventId, EventId),
) -> Result<Answer, Error> {
    let subject = TransactionId(event.uuid());
    if !deferral::is_next(member, owner, subject) {
        return Err(Error::not_found());
    }
    redeem::settle(app, world, member)?;
    let known = world.partners.get(&owner.uuid()).cloned().ok_or_else(Error::not_found)?;
    let rows = &member.around.events;
    let [at, original_at] = [event, of].map(|id| rows.get(&id.uuid()).map(|row| Instant(row.occurred_at)));
    let (at, original_at) = at.zip(original_at).ok_or_else(Error::not_found)?;
    let decided = member.reopened.decision(TransactionId(of.uuid()), owner).cloned();
    if let Some(decision) = decided.filter(|decision| decision.status == "applied") {
        let undoing = Refunding {
            app,
            world,
            id: RefundId(event.uuid()),
            transaction: TransactionId(of.uuid()),
            original_at,
            original: None,
            left: &[],
            kind: "reversal",
            is_empty: true,
            occurred_at: at,
            reason: "What it was for came back".to_owned(),
        };
        undoing.take_back(member, &known, owner, &decision)?;
    }
    deferral::settled(member, owner, subject);
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, command, event.uuid(), &answer);
    Ok(answer)
}
