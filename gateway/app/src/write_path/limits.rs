//! Caps that rules can't exceed, whatever they say: a transaction, a member and day, a partner and day, and a prepaid partner's credit.

use coalition_domain::{Calendar, Instant, Points};
use coalition_store::commit::LimitUse;
use coalition_store::entities::partners;
use uuid::Uuid;

use super::command::{Item, Work};
use super::world::{MemberWorld, World};

/// The limit of a prepaid partner: points that may be issued in all.
pub(crate) const CREDIT: &str = "credit";

/// The limit of a partner's day, in the program's time zone.
pub(crate) fn day_name(calendar: &Calendar, at: Instant) -> String {
    format!("day:{}", calendar.day(at))
}

/// Whether this partner has a limit that all of its members share.
pub(crate) fn has_any(partner: &partners::Model) -> bool {
    partner.cap_day.is_some() || credit(partner).is_some()
}

/// Points that a prepaid partner may issue in all; none for others.
pub(crate) fn credit(partner: &partners::Model) -> Option<i64> {
    (partner.funding == "prepaid").then(|| partner.credit_limit.unwrap_or(0))
}

/// When what an item decides has happened, as far as it may award points.
pub(crate) fn times(item: &Item, member: Option<&MemberWorld>, now: Instant) -> Vec<Instant> {
    match &item.command.work {
        Work::Purchase { input, .. } => vec![input.occurred_at],
        Work::Activity { input, .. } => vec![input.occurred_at],
        Work::Refund { input, .. } => vec![input.occurred_at.unwrap_or(now)],
        Work::Evaluate { transaction, .. } => {
            let bought = member.and_then(|member| member.transactions.get(&transaction.uuid())).map(|row| row.occurred_at);
            let happened = member.and_then(|member| member.around.events.get(&transaction.uuid())).map(|row| row.occurred_at);
            bought.or(happened).map(Instant).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// How much of a limit is used: by others as of the batch, and by what was decided for this member in it.
pub(crate) fn used(world: &World, member: &MemberWorld, partner: Uuid, name: &str) -> i64 {
    let before = world.limits.get(&(partner, name.to_owned())).copied().unwrap_or(0);
    let here = member.limits.iter().filter(|known| known.partner_id == partner && known.name == name).map(|known| known.used);
    here.fold(before, i64::saturating_add)
}

/// Notes points as used; the commit checks them once more against all others.
pub(crate) fn note(member: &mut MemberWorld, partner: Uuid, name: &str, points: i64, max: i64) {
    match member.limits.iter_mut().find(|known| known.partner_id == partner && known.name == name && known.used >= 0) {
        Some(known) => known.used = known.used.saturating_add(points),
        None => member.limits.push(LimitUse { partner_id: partner, name: name.to_owned(), used: points, max }),
    }
}

/// What this partner's caps, its credit apart, leave of `wanted` points, after `in_transaction` were awarded by the same decision.
pub(crate) fn capped(
    world: &World,
    member: &MemberWorld,
    partner: &partners::Model,
    at: Instant,
    wanted: Points,
    in_transaction: i64,
) -> i64 {
    let calendar = &world.settings.calendar;
    let mut left = wanted.0;
    if let Some(cap) = partner.cap_transaction {
        left = left.min(cap.saturating_sub(in_transaction));
    }
    if let Some(cap) = partner.cap_member_day {
        let so_far = member.profiles.get(&partner.id).map_or(0, |profile| profile.facts.awarded_on(&calendar.day(at)));
        left = left.min(cap.saturating_sub(so_far));
    }
    if let Some(max) = partner.cap_day {
        left = left.min(max.saturating_sub(used(world, member, partner.id, &day_name(calendar, at))));
    }
    left.max(0)
}

/// Notes points as used of the cap of a partner's day.
pub(crate) fn note_caps(world: &World, member: &mut MemberWorld, partner: &partners::Model, at: Instant, points: i64) {
    if let Some(max) = partner.cap_day {
        note(member, partner.id, &day_name(&world.settings.calendar, at), points, max);
    }
}

/// How many of `wanted` points this partner may still award, after `in_transaction` were awarded by the same decision.
/// What is let through is noted as used.
pub(crate) fn allow(
    world: &World,
    member: &mut MemberWorld,
    partner: &partners::Model,
    at: Instant,
    wanted: Points,
    in_transaction: i64,
) -> Points {
    let mut left = capped(world, member, partner, at, wanted, in_transaction);
    let credit = credit(partner);
    if let Some(max) = credit {
        left = left.min(max.saturating_sub(used(world, member, partner.id, CREDIT))).max(0);
    }
    if left > 0 {
        note_caps(world, member, partner, at, left);
        if let Some(max) = credit {
            note(member, partner.id, CREDIT, left, max);
        }
    }
    Points(left)
}
