//! Committing a batch: locks in one order, then everything that was decided, one multi-row statement a table, then the block.
//!
//! The order of locks is: business ids, header keys, members, partners, limits, stock, chain head; within each, sorted. A group whose member,
//! rules or limits have moved on since it was decided is left out; the others are not held up by it.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::chain;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use crate::entities::{
    adjustment_requests, adjustments, allocations, badges, balances, blocks, business_ids, captures, chain_head, decisions, deferrals,
    events, idempotency_keys, limits, lots, members, messages, profiles, qualifying, redemptions, refunds, states, stock, tier_changes,
    transactions, transfers, vouchers,
};
pub use crate::group::{Group, LimitUse, MemberChange, Part, Rows, StockUse, Verdict};
use crate::people;
use crate::sets::{self, insert, put, update};
use crate::{StoreError, load};

/// Writes what can be written of `groups`, a verdict each. Nothing holds before the transaction is committed.
///
/// # Errors
/// Any [`StoreError`]; the transaction is to be rolled back.
pub async fn commit(txn: &DatabaseTransaction, groups: &[&Group], commit_id: Uuid, recorded_at: i64) -> Result<Vec<Verdict>, StoreError> {
    let mut verdicts = vec![Verdict::Written; groups.len()];
    let business_ids = take_business_ids(txn, groups, &mut verdicts).await?;
    let header_keys = take_header_keys(txn, groups, &mut verdicts).await?;
    compare_members(txn, groups, &mut verdicts).await?;
    compare_partners(txn, groups, &mut verdicts).await?;
    use_codes(txn, groups, &mut verdicts, recorded_at).await?;
    let (limit_use, stock_use) = check_limits(txn, groups, &mut verdicts).await?;
    give_back_ids(txn, &verdicts, business_ids, header_keys).await?;
    let rows: Vec<&Rows> = live(groups, &verdicts).flat_map(|group| &group.parts).map(|part| &part.rows).collect();
    if rows.is_empty() {
        return Ok(verdicts);
    }
    for ((partner, name), used) in limit_use {
        let filter = limits::Entity::update_many().filter(limits::Column::PartnerId.eq(partner)).filter(limits::Column::Name.eq(name));
        filter.col_expr(limits::Column::Used, Expr::value(used)).exec(txn).await?;
    }
    for ((partner, reward), pieces) in stock_use {
        let filter = stock::Entity::update_many().filter(stock::Column::PartnerId.eq(partner)).filter(stock::Column::Reward.eq(reward));
        filter.col_expr(stock::Column::Remaining, Expr::col(stock::Column::Remaining).sub(pieces)).exec(txn).await?;
    }
    write(txn, &rows, commit_id, recorded_at).await?;
    let leaves = rows.iter().flat_map(|rows| rows.leaves(commit_id)).collect();
    seal(txn, leaves, commit_id, recorded_at).await?;
    Ok(verdicts)
}

fn live<'a>(groups: &[&'a Group], verdicts: &[Verdict]) -> impl Iterator<Item = &'a Group> {
    groups.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::Written).map(|(group, _)| *group)
}

fn mark(groups: &[&Group], verdicts: &mut [Verdict], verdict: Verdict, is_out: impl Fn(&Group) -> bool) {
    for (group, known) in groups.iter().zip(verdicts.iter_mut()) {
        if *known == Verdict::Written && is_out(group) {
            *known = verdict;
        }
    }
}

type IdKey = (Uuid, i64, String);
type HeaderKey = (String, String, String);
/// What was taken, by the place of the group that it was taken for.
type TakenFor<K> = Vec<(usize, K)>;

/// Parts what was asked for into what is taken now and, by its groups' verdicts, what another has.
fn part<K: Ord>(asked: TakenFor<K>, refused: &BTreeSet<K>, verdicts: &mut [Verdict]) -> TakenFor<K> {
    let mut taken = Vec::with_capacity(asked.len());
    for (place, key) in asked {
        if !refused.contains(&key) {
            taken.push((place, key));
        } else if let Some(verdict) = verdicts.get_mut(place) {
            *verdict = Verdict::Taken;
        }
    }
    taken
}

async fn take_business_ids(txn: &DatabaseTransaction, groups: &[&Group], verdicts: &mut [Verdict]) -> Result<TakenFor<IdKey>, StoreError> {
    use business_ids::Column;
    let key_of = |row: &business_ids::Model| (row.partner_id, row.kind, row.external_id.clone());
    let mut asked = Vec::new();
    let mut wanted: Vec<&business_ids::Model> = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        for part in &group.parts {
            asked.extend(part.rows.business_ids.iter().map(|row| (place, key_of(row))));
            wanted.extend(&part.rows.business_ids);
        }
    }
    wanted.sort_by(|a, b| (a.partner_id, a.kind, &a.external_id).cmp(&(b.partner_id, b.kind, &b.external_id)));
    let mut refused: BTreeSet<IdKey> = asked.iter().map(|(_, key)| key.clone()).collect();
    for row in sets::take::<business_ids::Entity>(txn, &wanted, &[Column::PartnerId, Column::Kind, Column::ExternalId]).await? {
        refused.remove(&(row.try_get("", "partner_id")?, row.try_get("", "kind")?, row.try_get("", "external_id")?));
    }
    Ok(part(asked, &refused, verdicts))
}

async fn take_header_keys(
    txn: &DatabaseTransaction,
    groups: &[&Group],
    verdicts: &mut [Verdict],
) -> Result<TakenFor<HeaderKey>, StoreError> {
    use idempotency_keys::Column;
    let key_of = |row: &idempotency_keys::Model| (row.client_id.clone(), row.scope.clone(), row.idempotency_key.clone());
    let mut asked = Vec::new();
    let mut wanted: Vec<&idempotency_keys::Model> = Vec::new();
    for (place, (group, _)) in groups.iter().zip(&*verdicts).enumerate().filter(|(_, (_, verdict))| **verdict == Verdict::Written) {
        for part in &group.parts {
            asked.extend(part.rows.idempotency_keys.iter().map(|row| (place, key_of(row))));
            wanted.extend(&part.rows.idempotency_keys);
        }
    }
    wanted.sort_by(|a, b| (&a.client_id, &a.scope, &a.idempotency_key).cmp(&(&b.client_id, &b.scope, &b.idempotency_key)));
    let mut refused: BTreeSet<HeaderKey> = asked.iter().map(|(_, key)| key.clone()).collect();
    for row in sets::take::<idempotency_keys::Entity>(txn, &wanted, &[Column::ClientId, Column::Scope, Column::IdempotencyKey]).await? {
        refused.remove(&(row.try_get("", "client_id")?, row.try_get("", "scope")?, row.try_get("", "idempotency_key")?));
    }
    Ok(part(asked, &refused, verdicts))
}

async fn compare_members(txn: &DatabaseTransaction, groups: &[&Group], verdicts: &mut [Verdict]) -> Result<(), StoreError> {
    let members: Vec<Uuid> = live(groups, verdicts).flat_map(|group| &group.parts).map(|part| part.member_id).collect();
    let now: BTreeMap<Uuid, i64> = load::balances(txn, members, true).await?.into_iter().map(|row| (row.member_id, row.version)).collect();
    mark(groups, verdicts, Verdict::Moved, |group| group.parts.iter().any(|part| now.get(&part.member_id) != Some(&part.version)));
    Ok(())
}

async fn compare_partners(txn: &DatabaseTransaction, groups: &[&Group], verdicts: &mut [Verdict]) -> Result<(), StoreError> {
    let partners: BTreeSet<Uuid> = live(groups, verdicts).flat_map(|group| group.epochs.iter().map(|(partner, _)| *partner)).collect();
    if partners.is_empty() {
        return Ok(());
    }
    let rows = load::partners(txn, partners.into_iter().collect(), true).await?;
    let now: BTreeMap<Uuid, i64> = rows.into_iter().map(|row| (row.id, row.plugin_epoch)).collect();
    mark(groups, verdicts, Verdict::Moved, |group| group.epochs.iter().any(|(partner, epoch)| now.get(partner) != Some(epoch)));
    Ok(())
}

async fn use_codes(txn: &DatabaseTransaction, groups: &[&Group], verdicts: &mut [Verdict], now: i64) -> Result<(), StoreError> {
    for (group, verdict) in groups.iter().zip(verdicts.iter_mut()).filter(|(_, verdict)| **verdict == Verdict::Written) {
        for code in &group.codes {
            if !crate::members::use_code(txn, code, now).await? {
                *verdict = Verdict::CodeUsed;
            }
        }
    }
    Ok(())
}

type Uses = BTreeMap<(Uuid, String), i64>;

/// Locks the limits and stocks that are used and finds the groups that fit in; the others are told to be decided again.
/// Answers how much of each limit is used then, and the pieces that are taken of each stock.
async fn check_limits(txn: &DatabaseTransaction, groups: &[&Group], verdicts: &mut [Verdict]) -> Result<(Uses, Uses), StoreError> {
    let keys: BTreeSet<(Uuid, String)> =
        live(groups, verdicts).flat_map(|group| group.limits.iter().map(|used| (used.partner_id, used.name.clone()))).collect();
    let stocked: BTreeSet<Uuid> = live(groups, verdicts).flat_map(|group| group.stock.iter().map(|used| used.partner_id)).collect();
    let mut limit_left: Uses = BTreeMap::new();
    if !keys.is_empty() {
        let missing: Vec<limits::Model> =
            keys.iter().map(|(partner, name)| limits::Model { partner_id: *partner, name: name.clone(), used: 0 }).collect();
        sets::take::<limits::Entity>(txn, &missing.iter().collect::<Vec<_>>(), &[limits::Column::PartnerId, limits::Column::Name]).await?;
        let keys: Vec<(Uuid, String)> = keys.into_iter().collect();
        for row in load::limits(txn, &keys, true).await? {
            limit_left.insert((row.partner_id, row.name), row.used);
        }
    }
    let mut stock_left: Uses = BTreeMap::new();
    for row in load::stock(txn, stocked.into_iter().collect(), true).await? {
        stock_left.insert((row.partner_id, row.reward), row.remaining);
    }
    let (mut limit_use, mut stock_use): (Uses, Uses) = (BTreeMap::new(), BTreeMap::new());
    for (group, verdict) in groups.iter().zip(verdicts.iter_mut()) {
        if *verdict != Verdict::Written {
            continue;
        }
        let before =
            |uses: (&Uses, &Uses), key| uses.0.get(key).copied().unwrap_or(0).saturating_add(uses.1.get(key).copied().unwrap_or(0));
        // What is given back fits, also where the limit was lowered since.
        let wanted = limits_of(group);
        let fits_limits =
            wanted.iter().all(|(key, (used, max))| *used <= 0 || before((&limit_left, &limit_use), key).saturating_add(*used) <= *max);
        // A stock that nobody counts any more takes back what is given, and gives nothing.
        let pieces = stock_of(group);
        let fits_stock = pieces.iter().all(|(key, pieces)| {
            let left = stock_left.get(key).copied().unwrap_or(0).saturating_sub(stock_use.get(key).copied().unwrap_or(0));
            *pieces <= 0 || *pieces <= left
        });
        if !(fits_limits && fits_stock) {
            *verdict = Verdict::Exhausted;
            continue;
        }
        for (key, (used, _)) in wanted {
            *limit_use.entry(key).or_default() += used;
        }
        for (key, pieces) in pieces {
            *stock_use.entry(key).or_default() += pieces;
        }
    }
    // Points may come back that were issued before anybody counted.
    let used = |(key, more): ((Uuid, String), i64)| {
        let before = limit_left.get(&key).copied().unwrap_or(0);
        (key, Ord::max(before.saturating_add(more), 0))
    };
    Ok((limit_use.into_iter().map(used).collect(), stock_use))
}

/// What a group uses of each limit in all, whichever of its items and members do, and the least that any of them was told of its height.
fn limits_of(group: &Group) -> BTreeMap<(Uuid, String), (i64, i64)> {
    let mut all: BTreeMap<(Uuid, String), (i64, i64)> = BTreeMap::new();
    for LimitUse { partner_id, name, used, max } in &group.limits {
        let sum = all.entry((*partner_id, name.clone())).or_insert((0, i64::MAX));
        *sum = (sum.0.saturating_add(*used), Ord::min(sum.1, *max));
    }
    all
}

/// The pieces that a group takes of each stock in all.
fn stock_of(group: &Group) -> Uses {
    let mut all = Uses::new();
    for StockUse { partner_id, reward, pieces } in &group.stock {
        let sum = all.entry((*partner_id, reward.clone())).or_default();
        *sum = sum.saturating_add(*pieces);
    }
    all
}

/// What was taken for groups that fell out is given back, so that they can take it again.
async fn give_back_ids(
    txn: &DatabaseTransaction,
    verdicts: &[Verdict],
    business_ids: TakenFor<IdKey>,
    header_keys: TakenFor<HeaderKey>,
) -> Result<(), StoreError> {
    let fell_out = |place: usize| verdicts.get(place).is_some_and(|verdict| *verdict != Verdict::Written);
    for (_, key) in business_ids.into_iter().filter(|(place, _)| fell_out(*place)) {
        business_ids::Entity::delete_by_id(key).exec(txn).await?;
    }
    for (_, key) in header_keys.into_iter().filter(|(place, _)| fell_out(*place)) {
        idempotency_keys::Entity::delete_by_id(key).exec(txn).await?;
    }
    Ok(())
}

async fn write(txn: &DatabaseTransaction, groups: &[&Rows], commit_id: Uuid, recorded_at: i64) -> Result<(), StoreError> {
    /// Rows of one table, of all groups.
    fn all<'a, T>(groups: &[&'a Rows], of: impl Fn(&'a Rows) -> &'a [T]) -> Vec<&'a T> {
        groups.iter().copied().flat_map(of).collect()
    }
    people::write(txn, groups).await?;
    insert::<transactions::Entity>(txn, &all(groups, |rows| &rows.transactions)).await?;
    insert::<refunds::Entity>(txn, &all(groups, |rows| &rows.refunds)).await?;
    insert::<adjustments::Entity>(txn, &all(groups, |rows| &rows.adjustments)).await?;
    insert::<events::Entity>(txn, &all(groups, |rows| &rows.events)).await?;
    put::<adjustment_requests::Entity>(
        txn,
        &all(groups, |rows| &rows.adjustment_requests),
        &[adjustment_requests::Column::Id],
        &[adjustment_requests::Column::Status, adjustment_requests::Column::DecidedBy, adjustment_requests::Column::DecidedAt],
    )
    .await?;
    insert::<decisions::Entity>(txn, &all(groups, |rows| &rows.decisions)).await?;
    insert::<transfers::Entity>(txn, &all(groups, |rows| &rows.transfers)).await?;
    let (born, changed): (Vec<&lots::Model>, _) = all(groups, |rows| &rows.lots).into_iter().partition(|lot| lot.commit_id == commit_id);
    insert::<lots::Entity>(txn, &born).await?;
    update::<lots::Entity>(
        txn,
        &changed,
        &[lots::Column::MemberId, lots::Column::Id],
        &[lots::Column::Remaining, lots::Column::Held, lots::Column::Pending],
    )
    .await?;
    insert::<allocations::Entity>(txn, &all(groups, |rows| &rows.allocations)).await?;
    insert::<redemptions::Entity>(txn, &all(groups, |rows| &rows.redemptions)).await?;
    insert::<captures::Entity>(txn, &all(groups, |rows| &rows.captures)).await?;
    insert::<vouchers::Entity>(txn, &all(groups, |rows| &rows.vouchers)).await?;
    insert::<badges::Entity>(txn, &all(groups, |rows| &rows.badges)).await?;
    insert::<qualifying::Entity>(txn, &all(groups, |rows| &rows.qualifying)).await?;
    insert::<tier_changes::Entity>(txn, &all(groups, |rows| &rows.tier_changes)).await?;
    insert::<messages::Entity>(txn, &all(groups, |rows| &rows.messages)).await?;
    insert::<states::Entity>(txn, &all(groups, |rows| &rows.states)).await?;
    put::<profiles::Entity>(
        txn,
        &all(groups, |rows| &rows.profiles),
        &[profiles::Column::MemberId, profiles::Column::PartnerId],
        &[profiles::Column::LinkedAt, profiles::Column::Facts, profiles::Column::StateVersion],
    )
    .await?;
    // Every member has a row of balances, made with it and locked above.
    update::<balances::Entity>(
        txn,
        &all(groups, |rows| rows.balance.as_slice()),
        &[balances::Column::MemberId],
        &[
            balances::Column::Version,
            balances::Column::Pending,
            balances::Column::Available,
            balances::Column::Held,
            balances::Column::Arrears,
            balances::Column::NextChangeAt,
            balances::Column::RecordedAt,
            balances::Column::ActiveAt,
        ],
    )
    .await?;
    put::<deferrals::Entity>(
        txn,
        &all(groups, |rows| &rows.deferrals),
        &[deferrals::Column::MemberId, deferrals::Column::PartnerId, deferrals::Column::TransactionId],
        &[deferrals::Column::Failure, deferrals::Column::Attempts, deferrals::Column::RetryAt],
    )
    .await?;
    for rows in groups {
        let Some(balance) = &rows.balance else { continue };
        for (partner, transaction) in &rows.deferrals_done {
            deferrals::Entity::delete_by_id((balance.member_id, *partner, *transaction)).exec(txn).await?;
        }
    }
    for row in all(groups, |rows| &rows.redemptions_changed) {
        let update = redemptions::Entity::update_many()
            .col_expr(redemptions::Column::Status, Expr::value(row.status.as_str()))
            .col_expr(redemptions::Column::CapturedPoints, Expr::value(row.captured_points))
            .col_expr(redemptions::Column::CapturedValue, Expr::value(row.captured_value))
            .col_expr(redemptions::Column::ReversedPoints, Expr::value(row.reversed_points));
        update.filter(redemptions::Column::MemberId.eq(row.member_id)).filter(redemptions::Column::Id.eq(row.id)).exec(txn).await?;
    }
    let revoked: Vec<Uuid> = all(groups, |rows| &rows.vouchers_revoked).into_iter().copied().collect();
    if !revoked.is_empty() {
        let update = vouchers::Entity::update_many().col_expr(vouchers::Column::Status, Expr::value("revoked"));
        update.filter(vouchers::Column::Id.is_in(revoked)).exec(txn).await?;
    }
    let posted: Vec<Uuid> = all(groups, |rows| &rows.transactions_posted).into_iter().copied().collect();
    if !posted.is_empty() {
        let update = transactions::Entity::update_many().col_expr(transactions::Column::Status, Expr::value("posted"));
        update.filter(transactions::Column::Id.is_in(posted)).exec(txn).await?;
    }
    let posted = all(groups, |rows| &rows.events_posted);
    update::<events::Entity>(txn, &posted, &[events::Column::MemberId, events::Column::Id], &[events::Column::Status]).await?;
    let used = all(groups, |rows| &rows.vouchers_used);
    update::<vouchers::Entity>(txn, &used, &[vouchers::Column::MemberId, vouchers::Column::Id], &[vouchers::Column::Status]).await?;
    let fixed: Vec<Uuid> = all(groups, |rows| &rows.relations_fixed).into_iter().copied().collect();
    if !fixed.is_empty() {
        let update = members::Entity::update_many().col_expr(members::Column::RelationsFixedAt, Expr::value(recorded_at));
        update.filter(members::Column::Id.is_in(fixed)).filter(members::Column::RelationsFixedAt.is_null()).exec(txn).await?;
    }
    Ok(())
}

/// Seals the block: last of all, since every writer queues for the head of the chain.
pub(crate) async fn seal(
    txn: &DatabaseTransaction,
    mut leaves: Vec<chain::Hash>,
    commit_id: Uuid,
    recorded_at: i64,
) -> Result<(), StoreError> {
    let count = i64::try_from(leaves.len()).map_err(|_| StoreError::Other("too many leaves".to_owned()))?;
    leaves.sort_unstable();
    let leaf_hashes = Some(leaves.concat());
    let root = chain::root(leaves);
    let head = chain_head::Entity::find_by_id(1).lock(LockType::Update).one(txn).await?;
    let head = head.ok_or_else(|| StoreError::Corrupt("the chain has no head".to_owned()))?;
    let previous: chain::Hash = head.hash.try_into().map_err(|_| StoreError::Corrupt("the chain's head is no hash".to_owned()))?;
    let height = head.height.saturating_add(1);
    let hash = chain::block(height, &previous, &root, count, recorded_at);
    let block = blocks::Model {
        height,
        commit_id,
        previous: previous.to_vec(),
        root: root.to_vec(),
        hash: hash.to_vec(),
        leaves: count,
        recorded_at,
        leaf_hashes,
    };
    insert::<blocks::Entity>(txn, &[&block]).await?;
    let update = chain_head::Entity::update_many().col_expr(chain_head::Column::Height, Expr::value(height));
    update.col_expr(chain_head::Column::Hash, Expr::value(hash.to_vec())).filter(chain_head::Column::Id.eq(1)).exec(txn).await?;
    tracing::trace!(block.height = height, block.leaves = count, "sealed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_group_uses_is_added_up_whoever_uses_it() {
        let partner_id = Uuid::from_u128(1);
        let limit = |name: &str, used, max| LimitUse { partner_id, name: name.to_owned(), used, max };
        let piece = |pieces| StockUse { partner_id, reward: "mug".to_owned(), pieces };
        let group = Group {
            parts: Vec::new(),
            epochs: Vec::new(),
            limits: vec![limit("credit", 60, 100), limit("day", 5, 9), limit("credit", 60, 100), limit("credit", -10, i64::MAX)],
            stock: vec![piece(1), piece(1)],
            codes: Vec::new(),
        };
        let key = |name: &str| (partner_id, name.to_owned());
        assert_eq!(limits_of(&group), BTreeMap::from([(key("credit"), (110, 100)), (key("day"), (5, 9))]));
        assert_eq!(stock_of(&group), Uses::from([(key("mug"), 2)]));
    }
}
