//! Telling a reward's owner of each step of a redemption.

use coalition_domain::PartnerId;
use coalition_rules::contract::{EventBody, Money, Redemption};
use coalition_store::entities::redemptions;

use super::happen::{self, Happened};
use super::world::{MemberWorld, World};
use crate::App;
use crate::error::Error;

/// Notes that a redemption has moved on by so many points. Rules that are not at hand are told later, if they want to know.
pub(crate) fn tell(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    row: &redemptions::Model,
    step: &str,
    points: i64,
) -> Result<(), Error> {
    let known = world.partners.get(&row.partner_id);
    if known.is_some_and(|known| !known.is_broken && known.live.as_ref().is_none_or(|live| !live.handles("redemption"))) {
        return Ok(());
    }
    let owner = PartnerId(row.partner_id);
    let part = i128::from(row.value) * i128::from(points) / i128::from(row.points.max(1));
    let value = Money { minor: i64::try_from(part).unwrap_or(row.value), currency: row.currency.clone() };
    let body = Redemption {
        id: coalition_domain::RedemptionId(row.id).to_string(),
        reward: row.reward.clone(),
        step: step.to_owned(),
        quantity: u32::try_from(row.quantity).unwrap_or(u32::MAX),
        points,
        value,
    };
    let happened = Happened {
        member: member.row.id,
        partner: owner,
        owners: &[owner],
        cause: Some(row.id),
        at: world.now,
        body: EventBody::Redemption(body),
        attributes: Vec::new(),
    };
    happen::note(app, world, member, &happened)
}
