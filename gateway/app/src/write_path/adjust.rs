//! Deciding an adjustment: a lot of the operator's, or points taken from the member's lots in spending order.

use coalition_domain::{AdjustDown, DecisionId, LedgerError, NewLot, PluginId, Points, TransactionId};
use coalition_store::entities::adjustments;
use uuid::Uuid;

use super::command::{AdjustWork, Command};
use super::purchase::note_business_id;
use super::redeem;
use super::world::{MemberWorld, World};
use crate::App;
use crate::adjustments::AdjustmentView;
use crate::answer::Answer;
use crate::error::Error;
use crate::views::BalanceSummary;

/// Under which awards of the operator's own hand stand.
const AWARD_KEY: &str = "adjustment";

/// Applies an adjustment and notes what is to be written.
pub(crate) fn adjust(app: &App, world: &World, member: &mut MemberWorld, command: &Command, work: &AdjustWork) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    let AdjustWork { request, approved_by } = work;
    let new_id = || app.new_id();
    if request.points > 0 {
        let lot = NewLot {
            issuer: world.settings.operator,
            points: Points(request.points),
            available_at: None,
            action: None,
            expires_at: world.settings.default_expiry(world.now),
            earned_at: world.now,
            price: world.partners.get(&world.settings.operator.uuid()).map_or(0, |operator| operator.prices_at(world.now).0),
            award_key: AWARD_KEY.to_owned(),
            // No rules decided it.
            plugin: PluginId(Uuid::nil()),
            decision: DecisionId(Uuid::nil()),
            transaction: TransactionId(request.id),
            sliding: world.settings.sliding(),
            campaign: None,
            decided_by: None,
            reason: request.reason.clone(),
        };
        let given = member.ledger.adjust_up(lot, world.now, &new_id);
        given.map_err(|error| Error::unprocessable("points-overflow", error.to_string()))?;
        member.slide(&world.settings.calendar);
    } else {
        let wanted = AdjustDown { points: Points(request.points.saturating_abs()), subject: request.id, reason: &request.reason };
        member.ledger.adjust_down(&wanted, world.now, &new_id).map_err(|error| match error {
            LedgerError::Insufficient { available } => {
                Error::conflict("insufficient-points", format!("{} points are to be taken, {available} are available.", wanted.points))
            }
            other => Error::internal(&other),
        })?;
    }
    member.rows.adjustments.push(adjustments::Model {
        member_id: member.row.id,
        id: request.id,
        points: request.points,
        reason: request.reason.clone(),
        requested_by: request.requested_by.clone(),
        requested_at: request.requested_at,
        approved_by: approved_by.clone(),
        recorded_at: 0,
        commit_id: Uuid::nil(),
    });
    let mut row = request.clone();
    "applied".clone_into(&mut row.status);
    row.decided_by.clone_from(approved_by);
    row.decided_at = Some(app.wall_now().0);
    let view = AdjustmentView::of(&row, Some(BalanceSummary::of(member.ledger.balances())));
    // Where it waited for approval there was an answer before; this is the one that made it.
    let answer = if approved_by.is_some() { Answer::ok(&view)? } else { Answer::created(&view)? };
    member.rows.adjustment_requests.push(row);
    note_business_id(member, command, request.id, &answer);
    Ok(answer)
}
