//! Deciding that an account is closed: open holds end, what is left is given up, and who it was is forgotten.

use coalition_domain::RedemptionId;
use coalition_store::commit::MemberChange;
use coalition_store::entities::closings;
use serde_json::Value;
use uuid::Uuid;

use super::command::{CloseWork, Item};
use super::household::{asked_by, part};
use super::purchase::note_business_id;
use super::unit::Unit;
use super::world::World;
use super::{pool, redeem};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;

/// Closes an account and notes what is to be written.
pub(crate) fn close(app: &App, world: &World, unit: &mut Unit, item: &Item, work: &CloseWork) -> Result<Answer, Error> {
    let new_id = || app.new_id();
    let member = unit.member(item.subject)?;
    redeem::settle(app, world, member)?;
    // Their own redemptions, and those of others that they have a part in: neither can be paid any more.
    let open: Vec<RedemptionId> = member.ledger.holds().map(|hold| hold.redemption).collect();
    for redemption in open {
        pool::release(unit, item.subject, redemption, world.now, &new_id)?;
        redeem::end_of(app, world, unit, redemption.uuid(), "voided")?;
    }
    let member = unit.member(item.subject)?;
    let id = app.new_id();
    let given_up = member.ledger.forfeit(id, "The account was closed", world.now, &new_id).map_err(|error| Error::internal(&error))?;
    member.rows.closings.push(closings::Model {
        member_id: member.row.id,
        id,
        available: given_up.available.0,
        pending: given_up.pending.0,
        arrears: given_up.arrears.0,
        requested_by: asked_by(&item.command),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    // What rules had still to decide has nobody to be decided for.
    for waiting in std::mem::take(&mut member.deferrals) {
        member.rows.deferrals_done.push((waiting.partner_id, waiting.transaction_id));
        member.rows.transactions_posted.push(waiting.transaction_id);
    }
    part(app, member, &item.command);
    "erased".clone_into(&mut member.row.status);
    member.rows.member.push(MemberChange::Closed);
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, &item.command, work.member.uuid(), &answer);
    Ok(answer)
}
