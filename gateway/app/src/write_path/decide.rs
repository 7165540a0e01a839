//! Deciding a batch in memory: the items of one unit in their order, each on the result of the one before; units side by side on threads.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use coalition_domain::PartnerId;
use coalition_store::commit::{Group, Part, Rows};
use coalition_store::entities::{allocations, balances, lots, profiles, transfers};
use uuid::Uuid;

use super::command::{Item, Work};
use super::unit::Unit;
use super::world::{MemberWorld, World};
use super::{activity, adjust, close, deferral, gift, happen, household, merge, purchase, redeem, refund, undo, voucher, waiting};
use crate::App;
use crate::answer::Answer;
use crate::error::Error;
use crate::idempotency;

/// Items of one unit, decided together: they land together or are decided again together.
pub(crate) struct Decided {
    pub(crate) items: Vec<(Item, Result<Answer, Error>)>,
    pub(crate) group: Group,
    /// The commit that its rows name; nil before the first try.
    pub(crate) commit_id: Uuid,
    /// Not decided: whom they are about became another in this very unit, so that they are to be loaded anew.
    pub(crate) later: Vec<Item>,
    /// What deciding took, by the partner whose queue it waited in.
    pub(crate) cost_us: Vec<(Uuid, u64)>,
}

/// Decides the items of one unit.
pub(crate) fn decide_unit(app: &App, world: &World, mut unit: Unit, items: Vec<Item>) -> Decided {
    let single = items.len() == 1;
    let mut done = Vec::with_capacity(items.len());
    let mut cost_us = Vec::new();
    let (mut merged, mut later): (Vec<Uuid>, Vec<Item>) = (Vec::new(), Vec::new());
    for item in items {
        if merged.iter().any(|former| item.touches(*former)) {
            later.push(item);
            continue;
        }
        let begun = Stopwatch::now();
        // An item that is refused leaves no trace in what the next is decided on; alone, all it did is dropped with it.
        let before = (!single).then(|| unit.remember(&item));
        let result = decide(app, world, &mut unit, &item);
        if result.is_err() {
            match before {
                Some(before) => unit.restore(before),
                None => unit.members_mut().for_each(forget),
            }
        }
        note_header_key(&mut unit, &item, &result, app.wall_now().0);
        if result.is_ok() && matches!(item.command.work, Work::Merge(_)) {
            merged.push(item.subject);
        }
        cost_us.push((item.command.queue(), u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)));
        done.push((item, result));
    }
    Decided { items: done, group: to_group(world, unit), commit_id: Uuid::nil(), later, cost_us }
}

/// Drops everything that was noted for a single refused item.
fn forget(member: &mut MemberWorld) {
    member.rows = Rows::default();
    member.limits.clear();
    member.stock.clear();
    member.epochs.clear();
    member.codes.clear();
    member.joined_by_others = false;
    for profile in member.profiles.values_mut() {
        profile.changed = false;
    }
    let balances = super::world::to_balances(&member.balance);
    member.ledger =
        coalition_domain::Ledger::balances_only(member.id(), balances, member.balance.next_change_at.map(coalition_domain::Instant));
}

fn note_header_key(unit: &mut Unit, item: &Item, result: &Result<Answer, Error>, now: i64) {
    let (Some(caller), Some(claim)) = (&item.command.caller, &item.command.claim) else { return };
    if let (Some((status, answer)), Ok(member)) = (idempotency::kept(result), unit.member(item.subject)) {
        let row = idempotency::row(caller, claim, now);
        member.rows.idempotency_keys.push(coalition_store::entities::idempotency_keys::Model { status, answer, ..row });
    }
}

fn decide(app: &App, world: &World, unit: &mut Unit, item: &Item) -> Result<Answer, Error> {
    let command = &item.command;
    let status = unit.member(item.subject)?.row.status.as_str();
    if status != "active" && !(status == "merged" && command.is_of_former()) {
        return Err(Error::member_not_found());
    }
    if !item.others.is_empty() {
        redeem::settle_together(app, world, unit, item)?;
    }
    let member = unit.member(item.subject)?;
    match &command.work {
        Work::Purchase { partner, input } => {
            let known = world.partners.get(&partner.uuid()).ok_or_else(Error::forbidden)?;
            if known.row.status != "active" {
                return Err(Error::forbidden());
            }
            purchase::check(world, known, input)?;
            purchase::post(app, world, member, command, *partner, input)
        }
        Work::Activity { partner, input } => {
            let known = world.partners.get(&partner.uuid()).ok_or_else(Error::forbidden)?;
            if known.row.status != "active" {
                return Err(Error::forbidden());
            }
            purchase::check_time(world, input.occurred_at)?;
            activity::post(app, world, member, command, *partner, input)
        }
        Work::Occur(occurrence) => happen::occur(app, world, member, command, occurrence),
        Work::Evaluate { owner, transaction, .. } => match deferral::evaluate(app, world, member, command, *owner, *transaction)? {
            Some(answer) => Ok(answer),
            None => Err(Error::not_found()),
        },
        Work::Undo { owner, event, of, .. } => undo::undo(app, world, member, command, *owner, (*event, *of)),
        Work::UseVoucher { partner, voucher, external_id, .. } => {
            voucher::take(app, world, member, command, *partner, *voucher, external_id)
        }
        Work::Refund { transaction, partner, input, .. } => refund::refund(app, world, member, command, *partner, *transaction, input),
        Work::Waiting { transaction, partner, step, input, .. } => waiting::settle(
            app,
            world,
            member,
            command,
            &waiting::Wanted { partner: *partner, transaction: *transaction, step: *step, input },
        ),
        Work::Hold(hold) => redeem::hold(app, world, unit, item, hold),
        Work::Capture { redemption, partner, amount, .. } => redeem::capture(app, world, unit, item, (*redemption, *partner), *amount),
        Work::Void { redemption, .. } => {
            let owner = member.redemptions.get(&redemption.uuid()).map(|known| known.row.partner_id).ok_or_else(Error::not_found)?;
            let partner = world.partners.get(&owner).cloned().ok_or_else(Error::not_found)?;
            redeem::void(app, world, unit, item, *redemption, &partner)
        }
        Work::Reverse { redemption, partner, points, .. } => redeem::reverse(app, world, unit, item, (*redemption, *partner), *points),
        Work::Adjust(work) => adjust::adjust(app, world, member, command, work),
        Work::Settle { member: id } => redeem::settle_only(app, world, member, command, *id),
        Work::Give(work) => gift::give(app, world, unit, item, work),
        Work::Join(work) => household::join(app, world, unit, item, work),
        Work::Leave(work) => household::leave(app, world, unit, item, work),
        Work::Merge(_) => merge::merge(app, world, unit, item),
        Work::Close(work) => close::close(app, world, unit, item, work),
    }
}

/// What is to be written for a unit.
fn to_group(world: &World, unit: Unit) -> Group {
    let members = unit.into_members();
    let mut group =
        Group { parts: Vec::with_capacity(members.len()), epochs: Vec::new(), limits: Vec::new(), stock: Vec::new(), codes: Vec::new() };
    for mut member in members {
        group.epochs.extend(std::mem::take(&mut member.epochs));
        group.limits.append(&mut member.limits);
        group.stock.append(&mut member.stock);
        group.codes.append(&mut member.codes);
        group.parts.push(to_part(world, member));
    }
    group
}

/// Rows from what the ledger and the facts of a member have become.
fn to_part(world: &World, mut member: MemberWorld) -> Part {
    let member_id = member.row.id;
    let recorded_at = world.now.0.max(member.balance.recorded_at);
    let changes = member.ledger.changes().clone();
    for transfer in &changes.transfers {
        let (from, to) = transfer.kind.accounts();
        member.rows.transfers.push(transfers::Model {
            member_id,
            id: transfer.id.uuid(),
            kind: transfer.kind.code(),
            from_account: from.code(),
            to_account: to.code(),
            partner_id: transfer.partner.map(PartnerId::uuid),
            points: transfer.points.0,
            lot_id: transfer.lot.map(coalition_domain::LotId::uuid),
            subject_id: transfer.subject,
            decision_id: transfer.decision.map(coalition_domain::DecisionId::uuid),
            reason: transfer.reason.clone(),
            effective_at: transfer.effective_at.0,
            recorded_at,
            commit_id: Uuid::nil(),
        });
    }
    let mut ordinals: HashMap<Uuid, i64> = HashMap::new();
    for allocation in &changes.allocations {
        let ordinal = ordinals.entry(allocation.transfer.uuid()).or_insert(0);
        member.rows.allocations.push(allocations::Model {
            member_id,
            transfer_id: allocation.transfer.uuid(),
            ordinal: *ordinal,
            lot_id: allocation.lot.uuid(),
            redemption_id: allocation.redemption.uuid(),
            points: allocation.points.0,
            commit_id: Uuid::nil(),
        });
        *ordinal = ordinal.saturating_add(1);
    }
    for (id, born) in &changes.lots {
        let row = lots::Model {
            member_id,
            id: id.uuid(),
            issuer_id: born.issuer.uuid(),
            points: born.points.0,
            remaining: born.points.0,
            held: 0,
            pending: false,
            available_at: born.available_at.map(|at| at.0),
            action: born.action.clone(),
            expires_at: born.expires_at.map(|at| at.0),
            earned_at: born.earned_at.0,
            price: born.price,
            award_key: born.award_key.clone(),
            plugin_id: born.plugin.uuid(),
            decision_id: born.decision.uuid(),
            transaction_id: born.transaction.uuid(),
            parent_id: changes.parents.get(id).map(|parent| parent.uuid()),
            sliding: born.sliding.map(|span| span.to_string()),
            campaign: born.campaign.clone(),
            decided_by: born.decided_by.map(PartnerId::uuid),
            commit_id: Uuid::nil(),
        };
        member.lots.insert(id.uuid(), row);
    }
    for id in &changes.touched {
        if let (Some(row), Some(lot)) = (member.lots.get(&id.uuid()), member.ledger.lot(*id)) {
            member.rows.lots.push(lots::Model { remaining: lot.remaining.0, held: lot.held.0, pending: lot.pending, ..row.clone() });
        }
    }
    for (partner, profile) in &member.profiles {
        if !profile.changed {
            continue;
        }
        member.rows.profiles.push(profiles::Model {
            member_id,
            partner_id: *partner,
            alias: profile.alias.clone(),
            linked_at: profile.linked_at.unwrap_or(recorded_at),
            facts: serde_json::to_string(&profile.facts).unwrap_or_default(),
            state_version: profile.state_version,
        });
    }
    stamp_times(&mut member, recorded_at);
    // What only answers (a denial under a header key) changes no balance and waits for no version.
    let touches = !member.rows.transfers.is_empty() || !member.rows.business_ids.is_empty() || member.joined_by_others;
    if touches {
        let now = member.ledger.balances();
        member.rows.balance = Some(balances::Model {
            member_id,
            version: member.balance.version.saturating_add(1),
            pending: now.pending.0,
            available: now.available.0,
            held: now.held.0,
            arrears: now.arrears.0,
            next_change_at: member.ledger.next_change_at().map(|at| at.0),
            recorded_at,
            active_at: member.balance.active_at,
        });
    }
    Part { member_id, version: member.balance.version, rows: member.rows }
}

fn stamp_times(member: &mut MemberWorld, recorded_at: i64) {
    let rows = &mut member.rows;
    rows.business_ids.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.transactions.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.refunds.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.adjustments.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.events.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.decisions.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.badges.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.tier_changes.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.messages.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.deferrals.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.vouchers.iter_mut().for_each(|row| row.created_at = recorded_at);
    rows.captures.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.qualifying.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.gifts.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.merges.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.closings.iter_mut().for_each(|row| row.recorded_at = recorded_at);
    rows.household_changes.iter_mut().for_each(|row| row.recorded_at = recorded_at);
}

/// Gives every row of a group its commit, in place of that of a try before.
pub(crate) fn stamp_commit(decided: &mut Decided, commit: Uuid) {
    let before = std::mem::replace(&mut decided.commit_id, commit);
    decided.group.stamp(before, commit);
}

/// Decides all units of a batch on `threads` threads.
pub(crate) async fn decide_all(app: &App, world: Arc<World>, work: Vec<(Unit, Vec<Item>)>, threads: usize) -> Result<Vec<Decided>, Error> {
    let size = work.len().div_ceil(threads.max(1)).max(1);
    let mut work = work.into_iter();
    let mut tasks = Vec::new();
    loop {
        let chunk: Vec<_> = work.by_ref().take(size).collect();
        if chunk.is_empty() {
            break;
        }
        let (app, world) = (app.clone(), Arc::clone(&world));
        // One hop to a thread for a whole chunk: hopping for each rule would cost as much as the rule.
        tasks.push(tokio::task::spawn_blocking(move || {
            chunk.into_iter().map(|(unit, items)| decide_unit(&app, &world, unit, items)).collect::<Vec<_>>()
        }));
    }
    let mut decided = Vec::new();
    for task in tasks {
        decided.extend(task.await.map_err(|error| Error::internal(&error))?);
    }
    Ok(decided)
}
