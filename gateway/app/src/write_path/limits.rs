//! Caps that rules can't exceed, whatever they say: a transaction, a member and day, a partner and day, and a prepaid partner's credit.

use coalition_domain::{Calendar, Instant, Points};
use coalition_store::commit::LimitUse;
use coalition_store::entities::partners;

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

/// How many of `wanted` points this partner may still award, after `in_transaction` were awarded by the same decision.
/// What is let through is noted as used; the commit checks it once more against all others.
pub(crate) fn allow(
    world: &World,
    member: &mut MemberWorld,
    partner: &partners::Model,
    at: Instant,
    wanted: Points,
    in_transaction: i64,
) -> Points {
    let day = world.settings.calendar.day(at);
    let mut left = wanted.0;
    if let Some(cap) = partner.cap_transaction {
        left = left.min(cap.saturating_sub(in_transaction));
    }
    if let Some(cap) = partner.cap_member_day {
        let so_far = member.profiles.get(&partner.id).map_or(0, |profile| profile.facts.awarded_on(&day));
        left = left.min(cap.saturating_sub(so_far));
    }
    let shared = [(day_name(&world.settings.calendar, at), partner.cap_day), (CREDIT.to_owned(), credit(partner))];
    for (name, max) in &shared {
        let Some(max) = max else { continue };
        let used = world.limits.get(&(partner.id, name.clone())).copied().unwrap_or(0);
        let here: i64 =
            member.limits.iter().filter(|known| known.partner_id == partner.id && known.name == *name).map(|known| known.used).sum();
        left = left.min(max.saturating_sub(used).saturating_sub(here));
    }
    let left = left.max(0);
    if left > 0 {
        for (name, max) in shared {
            let Some(max) = max else { continue };
            match member.limits.iter_mut().find(|known| known.partner_id == partner.id && known.name == name) {
                Some(known) => known.used = known.used.saturating_add(left),
                None => member.limits.push(LimitUse { partner_id: partner.id, name, used: left, max }),
            }
        }
    }
    Points(left)
}
