//! Deciding what becomes of awards that wait for an action.

use coalition_domain::{ActivityId, Lot, LotId, PartnerId, TransactionId, Waiting};

use super::campaign;
use super::command::Command;
use super::purchase::note_business_id;
use super::redeem;
use super::tiers::{Counted, count};
use super::world::{MemberWorld, World};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::refunds::RefundPoints;
use crate::tiers::Counts;
use crate::views::BalanceSummary;
use crate::waiting::{NewWaiting, SettledLot, WaitingAnswer, WaitingStep};

/// What is asked for.
pub(crate) struct Wanted<'a> {
    pub(crate) partner: PartnerId,
    pub(crate) transaction: TransactionId,
    pub(crate) step: WaitingStep,
    pub(crate) input: &'a NewWaiting,
}

/// Activates or cancels waiting awards and notes what is to be written.
pub(crate) fn settle(app: &App, world: &World, member: &mut MemberWorld, command: &Command, wanted: &Wanted<'_>) -> Result<Answer, Error> {
    redeem::settle(app, world, member)?;
    let Wanted { partner, transaction, step, input } = *wanted;
    let bought = member.transactions.get(&transaction.uuid()).map(|row| row.partner_id);
    let happened = member.around.events.get(&transaction.uuid()).map(|row| row.partner_id);
    bought.or(happened).filter(|at| *at == partner.uuid()).ok_or_else(Error::not_found)?;
    // What waits for a moment only is not for a till to hasten.
    let lots: Vec<LotId> = member
        .ledger
        .lots()
        .filter(|lot| lot.transaction == transaction.uuid() && lot.waiting().is_positive() && lot.action.is_some())
        .map(|lot| lot.id)
        .filter(|id| input.lots.is_empty() || input.lots.contains(id))
        .collect();
    let which = Waiting { transaction, action: input.action.as_deref(), lots: Some(&lots) };
    // Whose award each is, before it is gone.
    let before: Vec<Lot> = member.ledger.lots().filter(|lot| lots.contains(&lot.id)).cloned().collect();
    let new_id = || app.new_id();
    let settled = match step {
        WaitingStep::Activate => member.ledger.activate_on(&which, world.now, &new_id),
        WaitingStep::Cancel => member.ledger.cancel(&which, world.now, &new_id),
    };
    let settled = settled.map_err(|error| Error::internal(&error))?;
    if settled.is_empty() {
        return Err(Error::conflict("nothing-waits", "No award of this waits for that."));
    }
    if step == WaitingStep::Cancel {
        for (lot, points) in &settled {
            let Some(lot) = before.iter().find(|known| known.id == *lot) else { continue };
            let profile = member.profile(lot.decider());
            profile.facts.take_back(&lot.award_key, points.0);
            profile.changed = true;
            let counted = Counted {
                what: Counts::Points,
                partner: lot.decider(),
                at: lot.earned_at,
                amount: points.0.saturating_neg(),
                subject: transaction.uuid(),
            };
            count(app, world, member, &counted);
            if let Some(slug) = &lot.campaign {
                campaign::give_back(world, member, slug, points.0);
            }
            if let Some(known) = world.partners.get(&lot.issuer.uuid()) {
                super::refund::give_credit_back(member, known, &RefundPoints { recovered: points.0, ..RefundPoints::default() });
            }
        }
    }
    let answer = Answer::ok(&WaitingAnswer {
        transaction: bought.map(|_| transaction),
        activity: happened.map(|_| ActivityId(transaction.uuid())),
        external_id: input.external_id.clone(),
        points: settled.iter().map(|(_, points)| points.0).fold(0, i64::saturating_add),
        lots: settled.iter().map(|(lot, points)| SettledLot { lot: *lot, points: points.0 }).collect(),
        balance: BalanceSummary::of(member.ledger.balances()),
    })?;
    note_business_id(member, command, transaction.uuid(), &answer);
    Ok(answer)
}
