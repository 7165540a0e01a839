//! Deciding who spends with whom: joining a household, and leaving it. Points stay where they are.

use coalition_domain::{HouseholdId, MemberId};
use coalition_store::commit::MemberChange;
use coalition_store::entities::{household_changes, households};
use serde_json::Value;
use uuid::Uuid;

use super::command::{Command, Item, JoinWork, LeaveWork};
use super::purchase::note_business_id;
use super::redeem;
use super::unit::Unit;
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::households::{AdmissionView, HouseholdView};

/// Who asked, for the record.
pub(crate) fn asked_by(command: &Command) -> String {
    command.caller.as_ref().map_or_else(String::new, |caller| caller.client_id.to_string())
}

fn is_in(member: &MemberWorld, household: HouseholdId) -> bool {
    member.row.household_id == Some(household.uuid()) && member.row.status == "active"
}

/// Lets a member into a household, and makes it where it is new.
pub(crate) fn join(app: &App, world: &World, unit: &mut Unit, item: &Item, work: &JoinWork) -> Result<Answer, Error> {
    let max = world.settings.household_members_max;
    let inside: Vec<MemberId> = unit.members().filter(|member| is_in(member, work.household)).map(MemberWorld::id).collect();
    let joiner = unit.member(item.subject)?;
    redeem::settle(app, world, joiner)?;
    if let Some(already) = joiner.row.household_id {
        let detail = if already == work.household.uuid() {
            "They are in it already."
        } else {
            "They are in another household, which they leave first."
        };
        return Err(Error::conflict("already-in-household", detail));
    }
    if max == 0 {
        return Err(Error::conflict("households-off", "In this program members don't spend together; the operator can allow it."));
    }
    if !work.is_new && (inside.is_empty() || work.invited_by.is_some_and(|by| !inside.contains(&by))) {
        return Err(Error::not_found());
    }
    if i64::try_from(inside.len()).unwrap_or(i64::MAX) >= max {
        return Err(Error::conflict("household-full", format!("A household has {max} members at most.")));
    }
    joiner.row.household_id = Some(work.household.uuid());
    joiner.row.pooled = true;
    joiner.rows.member.push(MemberChange::Joined(work.household.uuid()));
    if work.is_new {
        joiner.rows.households.push(households::Model { id: work.household.uuid(), name: work.name.clone(), created_at: app.wall_now().0 });
    }
    note_change(app, joiner, work.household.uuid(), "joined", &item.command);
    for member in unit.members_mut().filter(|member| inside.contains(&member.id())) {
        member.joined_by_others = true;
    }
    let joiner = unit.member(item.subject)?;
    let answer = if work.is_new {
        Answer::created(&HouseholdView::of(work.household, work.name.clone(), vec![(joiner.id(), joiner.ledger.balances())]))?
    } else {
        let view = AdmissionView { household: work.household, member: joiner.id(), status: "joined".to_owned(), expires_at: None };
        Answer::created(&view)?
    };
    note_business_id(joiner, &item.command, work.household.uuid(), &answer);
    Ok(answer)
}

/// Lets a member go, with what is their own. What is held for a redemption of the household stays held: it was promised.
pub(crate) fn leave(app: &App, world: &World, unit: &mut Unit, item: &Item, work: &LeaveWork) -> Result<Answer, Error> {
    let member = unit.member(item.subject)?;
    redeem::settle(app, world, member)?;
    if !is_in(member, work.household) {
        return Err(Error::not_found());
    }
    part(app, member, &item.command);
    member.rows.member.push(MemberChange::Left);
    let answer = Answer::ok(&Value::Null)?;
    note_business_id(member, &item.command, work.household.uuid(), &answer);
    Ok(answer)
}

/// Notes that a member is no longer in their household, where they are in one.
pub(crate) fn part(app: &App, member: &mut MemberWorld, command: &Command) {
    if let Some(household) = member.row.household_id.take() {
        note_change(app, member, household, "left", command);
    }
}

fn note_change(app: &App, member: &mut MemberWorld, household: Uuid, step: &str, command: &Command) {
    member.rows.household_changes.push(household_changes::Model {
        member_id: member.row.id,
        id: app.new_id(),
        household_id: household,
        step: step.to_owned(),
        requested_by: asked_by(command),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
}
