//! Reading what a batch of commands needs, a query a table, never one per item.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::TransferKind;
use sea_orm::sea_query::{LockType, Value};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Statement,
};
use uuid::Uuid;

use crate::entities::{
    allocations, balances, business_ids, consents, decisions, deferrals, events, limits, lots, members, partners, personal, prices,
    profiles, redemptions, refunds, states, stock, transactions, transfers, vouchers,
};
use crate::{StoreError, sets};

/// The code of a cancellation among transfers.
const CANCELLATION: i64 = TransferKind::Cancellation.code();

/// What an external id is unique in: partner, kind of operation, the id.
pub type BusinessKey = (Uuid, i64, String);

/// Those of the ids that are taken, with their first answers.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn business_ids(conn: &impl ConnectionTrait, keys: &[BusinessKey]) -> Result<Vec<business_ids::Model>, StoreError> {
    use business_ids::Column;
    let wanted = keys.iter().map(|(partner, kind, id)| vec![(*partner).into(), (*kind).into(), id.as_str().into()]).collect();
    sets::find::<business_ids::Entity>(conn, &[Column::PartnerId, Column::Kind, Column::ExternalId], wanted, "").await
}

/// Members by card.
pub async fn members_by_card(conn: &impl ConnectionTrait, cards: Vec<&str>) -> Result<Vec<members::Model>, StoreError> {
    sets::find::<members::Entity>(conn, &[members::Column::Card], each(cards), "").await
}

/// Members by id.
pub async fn members_by_id(conn: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<members::Model>, StoreError> {
    sets::find::<members::Entity>(conn, &[members::Column::Id], each(ids), "").await
}

/// Profiles by the partner's own customer numbers.
pub async fn profiles_by_alias(conn: &impl ConnectionTrait, aliases: &[(Uuid, &str)]) -> Result<Vec<profiles::Model>, StoreError> {
    let wanted = aliases.iter().map(|(partner, alias)| vec![(*partner).into(), (*alias).into()]).collect();
    sets::find::<profiles::Entity>(conn, &[profiles::Column::PartnerId, profiles::Column::Alias], wanted, "").await
}

/// Balances, each with the version that orders the member's writes; where `lock`, their rows stay locked, in the order of ids.
pub async fn balances(conn: &impl ConnectionTrait, members: Vec<Uuid>, lock: bool) -> Result<Vec<balances::Model>, StoreError> {
    let tail = match (lock, conn.get_database_backend()) {
        (true, DbBackend::Postgres) => "ORDER BY t.member_id FOR NO KEY UPDATE OF t",
        // One writer: nothing is to be locked.
        _ => "",
    };
    sets::find::<balances::Entity>(conn, &[balances::Column::MemberId], each(members), tail).await
}

/// Members as these partners know them.
pub async fn profiles(conn: &impl ConnectionTrait, members: Vec<Uuid>, partners: Vec<Uuid>) -> Result<Vec<profiles::Model>, StoreError> {
    if members.is_empty() || partners.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        profiles::Entity::find().filter(profiles::Column::MemberId.is_in(members)).filter(profiles::Column::PartnerId.is_in(partners));
    Ok(query.all(conn).await?)
}

/// Members as partners know them: (member, partner).
pub async fn profiles_of(conn: &impl ConnectionTrait, keys: &BTreeSet<(Uuid, Uuid)>) -> Result<Vec<profiles::Model>, StoreError> {
    let wanted = keys.iter().map(|(member, partner)| vec![(*member).into(), (*partner).into()]).collect();
    sets::find::<profiles::Entity>(conn, &[profiles::Column::MemberId, profiles::Column::PartnerId], wanted, "").await
}

/// The plugin states at these versions: (member, partner, version).
pub async fn states(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid, i64)]) -> Result<Vec<states::Model>, StoreError> {
    use states::Column;
    let wanted = keys.iter().map(|(member, partner, version)| vec![(*member).into(), (*partner).into(), (*version).into()]).collect();
    sets::find::<states::Entity>(conn, &[Column::MemberId, Column::PartnerId, Column::Version], wanted, "").await
}

/// Lots with something left.
pub async fn open_lots(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<lots::Model>, StoreError> {
    sets::find::<lots::Entity>(conn, &[lots::Column::MemberId], each(members), "WHERE t.remaining > 0 OR t.held > 0").await
}

/// A member's lots by id, spent ones too.
pub async fn lots_by_id(conn: &impl ConnectionTrait, member: Uuid, ids: Vec<Uuid>) -> Result<Vec<lots::Model>, StoreError> {
    Ok(lots::Entity::find().filter(lots::Column::MemberId.eq(member)).filter(lots::Column::Id.is_in(ids)).all(conn).await?)
}

/// Redemptions that hold points.
pub async fn held_redemptions(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<redemptions::Model>, StoreError> {
    sets::find::<redemptions::Entity>(conn, &[redemptions::Column::MemberId], each(members), "WHERE t.status = 'held'").await
}

/// Redemptions by id.
pub async fn redemptions_by_id(
    conn: &impl ConnectionTrait,
    members: Vec<Uuid>,
    ids: Vec<Uuid>,
) -> Result<Vec<redemptions::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = redemptions::Entity::find().filter(redemptions::Column::MemberId.is_in(members)).filter(redemptions::Column::Id.is_in(ids));
    Ok(query.all(conn).await?)
}

/// Redemptions whose hold has ended by `now` and is still to be released: (member, redemption), soonest first.
pub async fn holds_due(conn: &impl ConnectionTrait, now: i64, limit: u64) -> Result<Vec<redemptions::Model>, StoreError> {
    let query = redemptions::Entity::find().filter(redemptions::Column::Status.eq("held")).filter(redemptions::Column::HoldUntil.lte(now));
    Ok(query.order_by_asc(redemptions::Column::HoldUntil).limit(limit).all(conn).await?)
}

/// Members whose balance the clock has changed by `now`, and that nobody has written yet.
pub async fn changes_due(conn: &impl ConnectionTrait, now: i64, limit: u64) -> Result<Vec<Uuid>, StoreError> {
    let query = balances::Entity::find().filter(balances::Column::NextChangeAt.lte(now)).limit(limit);
    Ok(query.all(conn).await?.into_iter().map(|row| row.member_id).collect())
}

/// What lots paid into, or got back from, these redemptions of these members: with the kind of the transfer, in the order made.
pub async fn allocations(
    conn: &impl ConnectionTrait,
    members: Vec<Uuid>,
    redemptions: Vec<Uuid>,
) -> Result<Vec<(allocations::Model, i64)>, StoreError> {
    if redemptions.is_empty() {
        return Ok(Vec::new());
    }
    let found = allocations::Entity::find()
        .filter(allocations::Column::MemberId.is_in(members.clone()))
        .filter(allocations::Column::RedemptionId.is_in(redemptions))
        .order_by_asc(allocations::Column::TransferId)
        .order_by_asc(allocations::Column::Ordinal)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|row| row.transfer_id).collect();
    let moved = transfers::Entity::find()
        .filter(transfers::Column::MemberId.is_in(members))
        .filter(transfers::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    let kinds: BTreeMap<Uuid, i64> = moved.into_iter().map(|row| (row.id, row.kind)).collect();
    Ok(found.into_iter().filter_map(|row| kinds.get(&row.transfer_id).map(|kind| (row, *kind))).collect())
}

/// Decisions of these members that are still to be made, oldest first.
pub async fn deferrals(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<deferrals::Model>, StoreError> {
    sets::find::<deferrals::Entity>(conn, &[deferrals::Column::MemberId], each(members), "ORDER BY t.transaction_id").await
}

/// Decisions that may be tried by `now`, the oldest of each member and program alone, oldest first: the others wait for it.
pub async fn deferrals_due(conn: &impl ConnectionTrait, now: i64, limit: u64) -> Result<Vec<deferrals::Model>, StoreError> {
    let place = if conn.get_database_backend() == DbBackend::Postgres { ("$1", "$2") } else { ("?", "?") };
    let sql = format!(
        "SELECT d.* FROM deferrals d JOIN members m ON m.id = d.member_id AND m.status = 'active' WHERE d.retry_at <= {} \
         AND NOT EXISTS (SELECT 1 FROM deferrals e WHERE e.member_id = d.member_id AND e.partner_id = d.partner_id \
         AND e.transaction_id < d.transaction_id) ORDER BY d.transaction_id LIMIT {}",
        place.0, place.1
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [now.into(), limit.into()]);
    Ok(deferrals::Entity::find().from_raw_sql(statement).all(conn).await?)
}

/// Events by (member, id).
pub async fn events(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<events::Model>, StoreError> {
    sets::find::<events::Entity>(conn, &[events::Column::MemberId, events::Column::Id], pairs(keys), "").await
}

/// Signals that these decisions have sent, to whomever.
pub async fn signals(conn: &impl ConnectionTrait, decisions: Vec<Uuid>) -> Result<Vec<events::Model>, StoreError> {
    if decisions.is_empty() {
        return Ok(Vec::new());
    }
    // The kind is told in so many words, so that the index of signals is used.
    let query = events::Entity::find().filter(sea_orm::sea_query::Expr::cust("kind = 'signal'"));
    Ok(query.filter(events::Column::CauseId.is_in(decisions)).order_by_asc(events::Column::Id).all(conn).await?)
}

/// Whom these members have brought and enrolled, the first of each: (member, relation, related).
pub async fn related(
    conn: &impl ConnectionTrait,
    members: Vec<Uuid>,
    each_max: usize,
) -> Result<Vec<(Uuid, &'static str, Uuid)>, StoreError> {
    let mut found: Vec<(Uuid, &'static str, Uuid)> = Vec::new();
    if members.is_empty() {
        return Ok(found);
    }
    for (relation, column) in [("referred", members::Column::ReferredBy), ("enrolled", members::Column::EnrollerId)] {
        let query = members::Entity::find().select_only().column(column).column(members::Column::Id);
        let query = query.filter(column.is_in(members.clone())).filter(members::Column::Status.eq("active"));
        let rows: Vec<(Uuid, Uuid)> = query.order_by_asc(members::Column::Id).into_tuple().all(conn).await?;
        for (member, related) in rows {
            if found.iter().filter(|(of, known, _)| *of == member && *known == relation).count() < each_max {
                found.push((member, relation, related));
            }
        }
    }
    Ok(found)
}

/// Lets every decision that waits for this partner's rules be tried again at once.
pub async fn wake_deferrals(conn: &impl ConnectionTrait, partner: Uuid) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    deferrals::Entity::update_many()
        .col_expr(deferrals::Column::RetryAt, Expr::value(0_i64))
        .filter(deferrals::Column::PartnerId.eq(partner))
        .exec(conn)
        .await?;
    Ok(())
}

/// Partners by id, and with them those that subscribe to the coalition's events; where `lock`, only those asked for, which can't change until
/// the transaction ends.
pub async fn partners(conn: &impl ConnectionTrait, ids: Vec<Uuid>, lock: bool) -> Result<Vec<partners::Model>, StoreError> {
    let asked = Condition::any().add(partners::Column::Id.is_in(ids));
    let query = if lock {
        partners::Entity::find().filter(asked).order_by_asc(partners::Column::Id).lock(LockType::Share)
    } else {
        partners::Entity::find().filter(asked.add(partners::Column::Subscription.is_not_null()))
    };
    Ok(query.all(conn).await?)
}

/// All dated prices of these partners, oldest first; of two for one moment the later holds.
pub async fn prices(conn: &impl ConnectionTrait, partners: Vec<Uuid>) -> Result<Vec<prices::Model>, StoreError> {
    let query = prices::Entity::find().filter(prices::Column::PartnerId.is_in(partners));
    Ok(query.order_by_asc(prices::Column::FromAt).order_by_asc(prices::Column::Id).all(conn).await?)
}

/// How much of these limits is used: (partner, name).
pub async fn limits(conn: &impl ConnectionTrait, keys: &[(Uuid, String)], lock: bool) -> Result<Vec<limits::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (partner, name)| {
        any.add(Condition::all().add(limits::Column::PartnerId.eq(*partner)).add(limits::Column::Name.eq(name.as_str())))
    });
    let mut query = limits::Entity::find().filter(condition);
    if lock {
        query = query.order_by_asc(limits::Column::PartnerId).order_by_asc(limits::Column::Name).lock(LockType::NoKeyUpdate);
    }
    Ok(query.all(conn).await?)
}

/// Pieces left of these partners' rewards.
pub async fn stock(conn: &impl ConnectionTrait, partners: Vec<Uuid>, lock: bool) -> Result<Vec<stock::Model>, StoreError> {
    if partners.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = stock::Entity::find().filter(stock::Column::PartnerId.is_in(partners));
    if lock {
        query = query.order_by_asc(stock::Column::PartnerId).order_by_asc(stock::Column::Reward).lock(LockType::NoKeyUpdate);
    }
    Ok(query.all(conn).await?)
}

/// Transactions by (member, id).
pub async fn transactions(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<transactions::Model>, StoreError> {
    let wanted = keys.iter().map(|(member, id)| vec![(*member).into(), (*id).into()]).collect();
    sets::find::<transactions::Entity>(conn, &[transactions::Column::MemberId, transactions::Column::Id], wanted, "").await
}

/// What came back of purchases (member, transaction), and those refunds of their members, of whichever purchase, in answer to which rules
/// took points of other awards; oldest first.
pub async fn refunds(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<refunds::Model>, StoreError> {
    use refunds::Column;
    let members: BTreeSet<Uuid> = keys.iter().map(|(member, _)| *member).collect();
    // As the index on such refunds has it, so that the others are not looked at.
    let charged = match conn.get_database_backend() {
        DbBackend::Postgres => r#"WHERE strpos(t.evaluations, '"charged":') > 0"#,
        _ => r#"WHERE instr(t.evaluations, '"charged":') > 0"#,
    };
    let mut found = sets::find::<refunds::Entity>(conn, &[Column::MemberId, Column::TransactionId], pairs(keys), "").await?;
    found.extend(sets::find::<refunds::Entity>(conn, &[Column::MemberId], each(members.into_iter().collect()), charged).await?);
    found.sort_by_key(|row| row.id);
    found.dedup_by_key(|row| row.id);
    Ok(found)
}

/// Decisions on these purchases and signals (member, subject), oldest first. None is older than what it is on, which keeps the search short.
pub async fn decisions(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<decisions::Model>, StoreError> {
    let tail = "WHERE t.id >= k.subject_id AND t.kind IN ('purchase', 'signal') ORDER BY t.id";
    sets::find::<decisions::Entity>(conn, &[decisions::Column::MemberId, decisions::Column::SubjectId], pairs(keys), tail).await
}

/// Lots of these purchases' awards (member, transaction), spent ones too, in the order of the awards: those born of them, and those cut from these.
pub async fn lots_of(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<lots::Model>, StoreError> {
    let tail = "WHERE t.id >= k.transaction_id ORDER BY t.id";
    sets::find::<lots::Entity>(conn, &[lots::Column::MemberId, lots::Column::TransactionId], pairs(keys), tail).await
}

/// Points of these lots (member, lot) that were cancelled while they waited: (lot, points).
pub async fn cancelled(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let tail = format!("WHERE t.id >= k.lot_id AND t.kind = {CANCELLATION}");
    let rows = sets::find::<transfers::Entity>(conn, &[transfers::Column::MemberId, transfers::Column::LotId], pairs(keys), &tail).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.lot_id?, row.points))).collect())
}

/// Vouchers that these decisions issued: (member, decision).
pub async fn vouchers(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<vouchers::Model>, StoreError> {
    let key = [vouchers::Column::MemberId, vouchers::Column::DecisionId];
    sets::find::<vouchers::Entity>(conn, &key, pairs(keys), "WHERE t.id >= k.decision_id").await
}

/// Keys of two columns.
fn pairs(keys: &[(Uuid, Uuid)]) -> Vec<Vec<Value>> {
    keys.iter().map(|(first, second)| vec![(*first).into(), (*second).into()]).collect()
}

/// These members as every partner knows them.
pub async fn all_profiles(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<profiles::Model>, StoreError> {
    Ok(profiles::Entity::find().filter(profiles::Column::MemberId.is_in(members)).all(conn).await?)
}

/// Vouchers by (member, id).
pub async fn vouchers_by_id(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<vouchers::Model>, StoreError> {
    sets::find::<vouchers::Entity>(conn, &[vouchers::Column::MemberId, vouchers::Column::Id], pairs(keys), "").await
}

/// What these members let partners' rules see.
pub async fn consents(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<consents::Model>, StoreError> {
    sets::find::<consents::Entity>(conn, &[consents::Column::MemberId], each(members), "").await
}

/// What is known of these members as persons.
pub async fn personal(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<personal::Model>, StoreError> {
    sets::find::<personal::Entity>(conn, &[personal::Column::MemberId], each(members), "").await
}

/// Keys of one column.
fn each<T: Into<Value>>(keys: Vec<T>) -> Vec<Vec<Value>> {
    keys.into_iter().map(|key| vec![key.into()]).collect()
}
