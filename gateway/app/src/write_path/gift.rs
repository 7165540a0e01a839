//! Deciding a gift: points go from one member to another, within the program's limits.

use coalition_domain::{GiftId, Instant, LedgerError, MemberId};
use coalition_store::entities::gifts;
use uuid::Uuid;

use super::command::{GiveWork, Item};
use super::purchase::note_business_id;
use super::redeem;
use super::unit::Unit;
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::facts::GiftFacts;
use crate::settings::TransferLimits;
use crate::transfers::TransferView;
use crate::views::BalanceSummary;

/// Moves the points and notes what is to be written.
pub(crate) fn give(app: &App, world: &World, unit: &mut Unit, item: &Item, work: &GiveWork) -> Result<Answer, Error> {
    let giver = unit.member(item.subject)?;
    redeem::settle(app, world, giver)?;
    let limits =
        world.settings.transfers.limits().ok_or_else(|| {
            Error::conflict("transfers-off", "In this program points are not given to others; the operator can allow it.")
        })?;
    let to = item.counterpart.ok_or_else(Error::member_not_found)?;
    if to == item.subject {
        return Err(Error::conflict("same-member", "Points are given to somebody else."));
    }
    check(world, giver, limits, work.points.0)?;
    let id = GiftId(app.new_id());
    let new_id = || app.new_id();
    let (giver, receiver) = unit.pair(MemberId(item.subject), MemberId(to))?;
    if receiver.row.status != "active" {
        return Err(Error::member_not_found());
    }
    let parcels = giver.ledger.give(work.points, id.uuid(), world.now, &new_id).map_err(|error| match error {
        LedgerError::Insufficient { available } => {
            Error::conflict("insufficient-points", format!("{} points are to be given, {available} are available.", work.points))
        }
        other => Error::internal(&other),
    })?;
    let received = receiver.ledger.receive(&parcels, id.uuid(), world.now, &new_id);
    received.map_err(|error| Error::unprocessable("points-overflow", error.to_string()))?;
    receiver.slide(&world.settings.calendar);
    let operator = world.settings.operator;
    let facts = &mut giver.profile(operator).facts;
    let used = facts.gifts.take().unwrap_or_default();
    facts.gifts = Some(used.given(&world.settings.calendar, world.now, work.points.0));
    giver.profile(operator).changed = true;
    let profile = receiver.profile(operator);
    profile.facts.gifts = Some(GiftFacts { received_at: Some(world.now.0), ..profile.facts.gifts.take().unwrap_or_default() });
    profile.changed = true;
    giver.rows.gifts.push(gifts::Model {
        member_id: giver.row.id,
        id: id.uuid(),
        to_id: to,
        points: work.points.0,
        external_id: work.external_id.clone(),
        requested_by: super::household::asked_by(&item.command),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    let answer = Answer::created(&TransferView {
        id,
        from: giver.id(),
        to: MemberId(to),
        points: work.points.0,
        external_id: work.external_id.clone(),
        transferred_at: Instant(world.now.0.max(giver.balance.recorded_at)),
        balance: BalanceSummary::of(giver.ledger.balances()),
    })?;
    note_business_id(giver, &item.command, id.uuid(), &answer);
    Ok(answer)
}

/// Each limit has a problem of its own.
fn check(world: &World, giver: &MemberWorld, limits: &TransferLimits, points: i64) -> Result<(), Error> {
    if points < limits.points_min {
        return Err(Error::conflict("transfer-too-small", format!("At least {} points are given at a time.", limits.points_min)));
    }
    let calendar = &world.settings.calendar;
    let used = giver.profiles.get(&world.settings.operator.uuid()).and_then(|profile| profile.facts.gifts.clone()).unwrap_or_default();
    let waits = |since: i64| {
        calendar.after_days(Instant(since), limits.cooling_off_d).filter(|until| limits.cooling_off_d > 0 && *until > world.now)
    };
    let cooling = [(Some(giver.row.enrolled_at), "joining"), (used.received_at, "receiving points from somebody")];
    for (since, what) in cooling {
        if let Some(until) = since.and_then(waits) {
            return Err(Error::conflict("transfer-cooling-off", format!("After {what} points can't be given until {until}.")));
        }
    }
    let (day, year) = used.as_of(calendar, world.now);
    let periods = [
        (limits.daily_points_max, day, "transfer-daily-limit", "a day"),
        (limits.yearly_points_max, year, "transfer-yearly-limit", "a year"),
    ];
    for (max, given, code, period) in periods {
        if let Some(max) = max.filter(|max| given.saturating_add(points) > *max) {
            let left = max.saturating_sub(given).max(0);
            return Err(Error::conflict(code, format!("A member may give {max} points {period}; {left} of them are left.")));
        }
    }
    Ok(())
}
