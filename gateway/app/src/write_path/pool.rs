//! A redemption that a household pays: each member's ledger holds, spends and gives back its own part, under the one redemption. A member who
//! spends alone is a household of one, of which no parts are kept.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::{HoldRequest, Instant, Ledger, LedgerError, LotId, MemberId, Points, PoolPart, RedemptionId, split_pool};
use coalition_store::entities::redemption_shares;
use uuid::Uuid;

use super::command::Item;
use super::unit::Unit;
use super::world::{MemberWorld, ShareWorld, World};
use crate::App;
use crate::error::Error;

/// Who pays, and how much.
pub(crate) type Payers = Vec<(MemberId, Points)>;

/// Who spends together with an item's subject, the subject among them.
pub(crate) fn spenders(unit: &Unit, item: &Item) -> Vec<Uuid> {
    let household = unit.members().find(|member| member.row.id == item.subject).and_then(|member| member.row.household_id);
    let together = |member: &&MemberWorld| {
        let shares = household.is_some() && member.row.household_id == household && member.row.status == "active";
        member.row.id == item.subject || (shares && item.touches(member.row.id))
    };
    unit.members().filter(together).map(|member| member.row.id).collect()
}

/// What these members can spend.
pub(crate) fn available(unit: &Unit, spenders: &[Uuid]) -> Points {
    let own = unit.members().filter(|member| spenders.contains(&member.row.id)).map(|member| member.ledger.balances().available.0);
    Points(own.fold(0, i64::saturating_add))
}

/// Sets points aside, lots of all spenders in their spending order; tells who pays how much.
pub(crate) fn hold(app: &App, world: &World, unit: &mut Unit, spenders: &[Uuid], request: &HoldRequest) -> Result<Payers, LedgerError> {
    let new_id = || app.new_id();
    let payers: Payers = match spenders {
        [only] => vec![(MemberId(*only), request.points)],
        _ => {
            let among = unit.members().filter(|member| spenders.contains(&member.row.id));
            let parts: Vec<PoolPart> = among.flat_map(|member| member.ledger.pool_parts()).collect();
            split_pool(&parts, request.points)?.ok_or_else(|| LedgerError::Insufficient { available: available(unit, spenders) })?
        }
    };
    for (payer, share) in &payers {
        if let Some(member) = unit.members_mut().find(|member| member.id() == *payer) {
            member.ledger.hold(&HoldRequest { points: *share, ..*request }, world.now, &new_id)?;
            // Whose points are spent is active.
            member.act(&world.settings.calendar, world.now);
        }
    }
    Ok(payers)
}

/// Keeps who has a part in a redemption; of whoever pays for their own alone there is nothing to keep.
pub(crate) fn keep_shares(unit: &mut Unit, redeemer: Uuid, payers: &Payers, request: &HoldRequest) {
    if matches!(payers.as_slice(), [(only, _)] if only.uuid() == redeemer) {
        return;
    }
    let nothing = (!payers.iter().any(|(payer, _)| payer.uuid() == redeemer)).then_some((MemberId(redeemer), Points::ZERO));
    for (payer, share) in payers.iter().copied().chain(nothing) {
        let Some(member) = unit.members_mut().find(|member| member.id() == payer) else { continue };
        let row = redemption_shares::Model {
            member_id: payer.uuid(),
            redemption_id: request.redemption.uuid(),
            redeemer_id: redeemer,
            partner_id: request.partner.uuid(),
            points: share.0,
            hold_until: request.until.0,
            commit_id: Uuid::nil(),
        };
        member.rows.redemption_shares.push(row.clone());
        member.shares.insert(row.redemption_id, ShareWorld { row, captured: Vec::new() });
    }
}

/// Who has a part in a redemption: those who are known to, or else the redeemer alone.
fn payers(unit: &Unit, redeemer: Uuid, redemption: RedemptionId) -> Vec<Uuid> {
    let parts: Vec<Uuid> =
        unit.members().filter(|member| member.shares.contains_key(&redemption.uuid())).map(|member| member.row.id).collect();
    if parts.is_empty() { vec![redeemer] } else { parts }
}

/// Spends the first `points` of what is held; the rest is released.
pub(crate) fn capture(
    app: &App,
    world: &World,
    unit: &mut Unit,
    redeemer: Uuid,
    redemption: RedemptionId,
    points: Points,
) -> Result<(), Error> {
    let new_id = || app.new_id();
    let payers = payers(unit, redeemer, redemption);
    let among = unit.members().filter(|member| payers.contains(&member.row.id));
    let held: Vec<PoolPart> = among.flat_map(|member| member.ledger.held_parts(redemption)).collect();
    let shares = split_pool(&held, points).map_err(|error| Error::internal(&error))?.ok_or_else(Error::not_found)?;
    for member in unit.members_mut().filter(|member| payers.contains(&member.row.id)) {
        let Some(hold) = member.ledger.hold_of(redemption).cloned() else { continue };
        let share = shares.iter().find(|(payer, _)| *payer == member.id()).map(|(_, share)| *share);
        if share.is_some() {
            member.act(&world.settings.calendar, world.now);
        }
        let done = match share {
            Some(share) => member.ledger.capture(redemption, share, world.now, &new_id),
            None => member.ledger.release(redemption, world.now, &new_id),
        };
        done.map_err(|error| Error::internal(&error))?;
        let spent = share.and_then(|share| hold.split(share)).map(|(taken, _)| taken).unwrap_or_default();
        keep_spent(member, redemption, spent);
    }
    Ok(())
}

fn keep_spent(member: &mut MemberWorld, redemption: RedemptionId, spent: Vec<(LotId, Points)>) {
    if let Some(share) = member.shares.get_mut(&redemption.uuid()) {
        share.captured.clone_from(&spent);
    }
    if let Some(known) = member.redemptions.get_mut(&redemption.uuid()) {
        known.captured = spent;
    }
}

fn spent(member: &MemberWorld, redemption: RedemptionId) -> &[(LotId, Points)] {
    let share = member.shares.get(&redemption.uuid()).map(|share| &share.captured);
    share.or_else(|| member.redemptions.get(&redemption.uuid()).map(|known| &known.captured)).map_or(&[], Vec::as_slice)
}

/// Ends a hold: the same lots come back, each to its owner.
pub(crate) fn release(
    unit: &mut Unit,
    redeemer: Uuid,
    redemption: RedemptionId,
    now: Instant,
    new_id: &dyn Fn() -> Uuid,
) -> Result<(), Error> {
    let payers = payers(unit, redeemer, redemption);
    for member in unit.members_mut().filter(|member| payers.contains(&member.row.id)) {
        if member.ledger.hold_of(redemption).is_some() {
            member.ledger.release(redemption, now, new_id).map_err(|error| Error::internal(&error))?;
        }
    }
    Ok(())
}

/// Gives back `points` of what was spent, the lots spent last first, each to its owner. What comes back to somebody who has become another goes on to
/// them; what comes back to a closed account is given up at once.
pub(crate) fn reverse(
    app: &App,
    world: &World,
    unit: &mut Unit,
    redeemer: Uuid,
    (redemption, partner): (RedemptionId, coalition_domain::PartnerId),
    points: Points,
) -> Result<(), Error> {
    let new_id = || app.new_id();
    let payers = payers(unit, redeemer, redemption);
    let mut parts: Vec<PoolPart> = Vec::new();
    for member in unit.members().filter(|member| payers.contains(&member.row.id)) {
        parts.extend(spent_parts(member, redemption)?);
    }
    let all = parts.iter().fold(0_i64, |sum, part| sum.saturating_add(part.points.0));
    let stays = Points(all.saturating_sub(points.0));
    let kept: BTreeMap<MemberId, Points> =
        split_pool(&parts, stays).map_err(|error| Error::internal(&error))?.unwrap_or_default().into_iter().collect();
    for member in unit.members_mut().filter(|member| payers.contains(&member.row.id)) {
        let paid = spent(member, redemption).to_vec();
        let whole = paid.iter().fold(0_i64, |sum, (_, points)| sum.saturating_add(points.0));
        let stays = kept.get(&member.id()).map_or(0, |points| points.0);
        let back = Points(whole.saturating_sub(stays));
        if !back.is_positive() {
            continue;
        }
        member.ledger.reverse(redemption, partner, &paid, back, world.now, &new_id).map_err(|error| Error::internal(&error))?;
        keep_spent(member, redemption, keep_first(&paid, stays));
        if member.row.status == "erased" {
            let given_up = member.ledger.forfeit(redemption.uuid(), "The account was closed", world.now, &new_id);
            given_up.map_err(|error| Error::internal(&error))?;
        }
    }
    let moved_on: BTreeSet<(Uuid, Uuid)> = unit
        .members()
        .filter(|member| payers.contains(&member.row.id))
        .filter_map(|member| Some((member.row.id, member.row.merged_into?)))
        .collect();
    for (former, member) in moved_on {
        let (former, member) = unit.pair(MemberId(former), MemberId(member))?;
        let estate = former.ledger.give_all(redemption.uuid(), world.now, &new_id).map_err(|error| Error::internal(&error))?;
        member.ledger.receive_all(&estate, redemption.uuid(), world.now, &new_id).map_err(|error| Error::internal(&error))?;
        member.slide(&world.settings.calendar);
    }
    Ok(())
}

fn spent_parts(member: &MemberWorld, redemption: RedemptionId) -> Result<Vec<PoolPart>, Error> {
    let ledger: &Ledger = &member.ledger;
    let part = |(id, points): &(LotId, Points)| {
        let lot = ledger.lot(*id).ok_or_else(|| Error::internal(&format!("the lot {id} that has paid for {redemption} is missing")))?;
        Ok(PoolPart { member: member.id(), order: lot.spending_order(), points: *points })
    };
    spent(member, redemption).iter().map(part).collect()
}

/// What is left of a capture when its last lots were given back: the first `points` of it.
fn keep_first(captured: &[(LotId, Points)], points: i64) -> Vec<(LotId, Points)> {
    let mut left = points;
    let mut kept = Vec::new();
    for (lot, paid) in captured {
        let part = paid.0.min(left);
        left = left.saturating_sub(part);
        if part > 0 {
            kept.push((*lot, Points(part)));
        }
    }
    kept
}
