//! What of an award each of those who fund it gives back: in the shares in which it was given.

use coalition_domain::{LotId, PartnerId, TransferKind, give_back};
use coalition_store::entities::{decisions, lots};
use uuid::Uuid;

use super::world::MemberWorld;
use crate::error::Error;

/// One issuer's part.
pub(crate) struct Part {
    pub(crate) issuer: PartnerId,
    /// From which it is taken first.
    pub(crate) lots: Vec<LotId>,
    pub(crate) points: i64,
    /// Whose budget gets back what comes back.
    pub(crate) campaign: Option<String>,
}

/// Who gives back how much of what is due of an award.
pub(crate) fn parts(
    member: &MemberWorld,
    owner: PartnerId,
    decision: &decisions::Model,
    key: &str,
    wanted: i64,
) -> Result<Vec<Part>, Error> {
    let lots = member.reopened.lots_of(decision.id, key);
    if lots.iter().all(|lot| lot.campaign.is_none()) {
        let handed_on = member.reopened.handed_on(decision.id, key).map(|lot| LotId(lot.id));
        let lots = lots.iter().map(|lot| LotId(lot.id)).chain(handed_on).collect();
        return Ok(vec![Part { issuer: owner, lots, points: wanted, campaign: None }]);
    }
    let shares: Vec<(i64, i64)> = lots.iter().map(|lot| (lot.points, gone(member, lot).min(lot.points))).collect();
    let back = give_back(&shares, wanted).ok_or_else(|| Error::internal(&"an award's shares don't add up"))?;
    let parts = lots.into_iter().zip(back).filter(|(_, points)| *points > 0);
    let lots_of = |lot: &lots::Model| {
        let handed_on = member.reopened.handed_on(decision.id, key).filter(|child| child.issuer_id == lot.issuer_id);
        std::iter::once(LotId(lot.id)).chain(handed_on.map(|child| LotId(child.id))).collect()
    };
    Ok(parts.map(|(lot, points)| Part { issuer: PartnerId(lot.issuer_id), lots: lots_of(&lot), points, campaign: lot.campaign }).collect())
}

/// What was asked back of a lot, or cancelled, before.
fn gone(member: &MemberWorld, lot: &lots::Model) -> i64 {
    let of = |parts: &[(Uuid, i64)]| parts.iter().filter(|(id, _)| *id == lot.id).map(|(_, points)| *points).fold(0, i64::saturating_add);
    let evaluations = member.refunds.iter().flat_map(|known| &known.evaluations);
    let asked = evaluations.map(|known| of(&known.shared).saturating_add(of(&known.charged))).fold(0, i64::saturating_add);
    let due = member.ledger.changes().transfers.iter();
    let due = due.filter(|transfer| transfer.kind == TransferKind::Cancellation && transfer.lot == Some(LotId(lot.id)));
    let cancelled = due.map(|transfer| transfer.points.0).fold(member.reopened.cancelled_of(lot.id), i64::saturating_add);
    asked.saturating_add(cancelled)
}
