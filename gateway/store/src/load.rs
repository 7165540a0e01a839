//! Reading what a batch of commands needs, a query a table, never one per item.

use std::collections::BTreeMap;

use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{
    allocations, balances, business_ids, deferrals, limits, lots, members, partner_prices, partners, profiles, redemptions, states, stock,
    transactions, transfers,
};

/// What an external id is unique in: partner, kind of operation, the id.
pub type BusinessKey = (Uuid, i64, String);

/// Those of the ids that are taken, with their first answers.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn business_ids(conn: &impl ConnectionTrait, keys: &[BusinessKey]) -> Result<Vec<business_ids::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: BTreeMap<(Uuid, i64), Vec<&str>> = BTreeMap::new();
    for (partner, kind, external_id) in keys {
        groups.entry((*partner, *kind)).or_default().push(external_id);
    }
    let condition = groups.into_iter().fold(Condition::any(), |any, ((partner, kind), ids)| {
        any.add(
            Condition::all()
                .add(business_ids::Column::PartnerId.eq(partner))
                .add(business_ids::Column::Kind.eq(kind))
                .add(business_ids::Column::ExternalId.is_in(ids)),
        )
    });
    Ok(business_ids::Entity::find().filter(condition).all(conn).await?)
}

/// Members by card.
pub async fn members_by_card(conn: &impl ConnectionTrait, cards: Vec<&str>) -> Result<Vec<members::Model>, StoreError> {
    if cards.is_empty() {
        return Ok(Vec::new());
    }
    Ok(members::Entity::find().filter(members::Column::Card.is_in(cards)).all(conn).await?)
}

/// Members by id.
pub async fn members_by_id(conn: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<members::Model>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(members::Entity::find().filter(members::Column::Id.is_in(ids)).all(conn).await?)
}

/// Profiles by the partner's own customer numbers.
pub async fn profiles_by_alias(conn: &impl ConnectionTrait, aliases: &[(Uuid, &str)]) -> Result<Vec<profiles::Model>, StoreError> {
    if aliases.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for (partner, alias) in aliases {
        groups.entry(*partner).or_default().push(alias);
    }
    let condition = groups.into_iter().fold(Condition::any(), |any, (partner, aliases)| {
        any.add(Condition::all().add(profiles::Column::PartnerId.eq(partner)).add(profiles::Column::Alias.is_in(aliases)))
    });
    Ok(profiles::Entity::find().filter(condition).all(conn).await?)
}

/// Balances, each with the version that orders the member's writes; where `lock`, their rows stay locked, in the order of ids.
pub async fn balances(conn: &impl ConnectionTrait, members: Vec<Uuid>, lock: bool) -> Result<Vec<balances::Model>, StoreError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = balances::Entity::find().filter(balances::Column::MemberId.is_in(members));
    if lock {
        query = query.order_by_asc(balances::Column::MemberId).lock(LockType::NoKeyUpdate);
    }
    Ok(query.all(conn).await?)
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

/// The plugin states at these versions: (member, partner, version).
pub async fn states(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid, i64)]) -> Result<Vec<states::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, partner, version)| {
        any.add(
            Condition::all()
                .add(states::Column::MemberId.eq(*member))
                .add(states::Column::PartnerId.eq(*partner))
                .add(states::Column::Version.eq(*version)),
        )
    });
    Ok(states::Entity::find().filter(condition).all(conn).await?)
}

/// Lots with something left.
pub async fn open_lots(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<lots::Model>, StoreError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let left = Condition::any().add(lots::Column::Remaining.gt(0)).add(lots::Column::Held.gt(0));
    Ok(lots::Entity::find().filter(lots::Column::MemberId.is_in(members)).filter(left).all(conn).await?)
}

/// A member's lots by id, spent ones too.
pub async fn lots_by_id(conn: &impl ConnectionTrait, member: Uuid, ids: Vec<Uuid>) -> Result<Vec<lots::Model>, StoreError> {
    Ok(lots::Entity::find().filter(lots::Column::MemberId.eq(member)).filter(lots::Column::Id.is_in(ids)).all(conn).await?)
}

/// Redemptions that hold points.
pub async fn held_redemptions(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<redemptions::Model>, StoreError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        redemptions::Entity::find().filter(redemptions::Column::MemberId.is_in(members)).filter(redemptions::Column::Status.eq("held"));
    Ok(query.all(conn).await?)
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
    if members.is_empty() {
        return Ok(Vec::new());
    }
    Ok(deferrals::Entity::find()
        .filter(deferrals::Column::MemberId.is_in(members))
        .order_by_asc(deferrals::Column::TransactionId)
        .all(conn)
        .await?)
}

/// Decisions that may be tried again by `now`, oldest first.
pub async fn deferrals_due(conn: &impl ConnectionTrait, now: i64, limit: u64) -> Result<Vec<deferrals::Model>, StoreError> {
    let query =
        deferrals::Entity::find().filter(deferrals::Column::RetryAt.lte(now)).order_by_asc(deferrals::Column::TransactionId).limit(limit);
    Ok(query.all(conn).await?)
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

/// Partners by id; where `lock`, they can't change until the transaction ends.
pub async fn partners(conn: &impl ConnectionTrait, ids: Vec<Uuid>, lock: bool) -> Result<Vec<partners::Model>, StoreError> {
    let mut query = partners::Entity::find().filter(partners::Column::Id.is_in(ids));
    if lock {
        query = query.order_by_asc(partners::Column::Id).lock(LockType::Share);
    }
    Ok(query.all(conn).await?)
}

/// All dated prices of these partners, oldest first.
pub async fn prices(conn: &impl ConnectionTrait, partners: Vec<Uuid>) -> Result<Vec<partner_prices::Model>, StoreError> {
    let query = partner_prices::Entity::find().filter(partner_prices::Column::PartnerId.is_in(partners));
    Ok(query.order_by_asc(partner_prices::Column::FromAt).all(conn).await?)
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
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, id)| {
        any.add(Condition::all().add(transactions::Column::MemberId.eq(*member)).add(transactions::Column::Id.eq(*id)))
    });
    Ok(transactions::Entity::find().filter(condition).all(conn).await?)
}
