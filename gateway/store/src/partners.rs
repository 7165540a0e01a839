//! Partners and their dated prices.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::commit::seal;
use crate::entities::{partners, prices};
use crate::error::StoreError;
use crate::leaves::Covered as _;

/// Writes a new partner.
///
/// # Errors
/// [`StoreError::Conflict`] where the slug is taken.
pub async fn insert(conn: &impl ConnectionTrait, partner: partners::Model) -> Result<(), StoreError> {
    partners::Entity::insert(partner.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes all columns of a partner that was read under [`lock`] in the same transaction.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(conn: &impl ConnectionTrait, partner: partners::Model) -> Result<(), StoreError> {
    partners::Entity::update(partner.into_active_model().reset_all()).exec(conn).await?;
    Ok(())
}

/// Reads a partner.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<partners::Model>, StoreError> {
    Ok(partners::Entity::find_by_id(id).one(conn).await?)
}

/// Reads a partner and keeps others from changing it, or from reading it `FOR SHARE`, until the transaction ends.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<partners::Model>, StoreError> {
    Ok(partners::Entity::find_by_id(id).lock_exclusive().one(conn).await?)
}

/// Reads the partner of this slug.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_by_slug(conn: &impl ConnectionTrait, slug: &str) -> Result<Option<partners::Model>, StoreError> {
    Ok(partners::Entity::find().filter(partners::Column::Slug.eq(slug)).one(conn).await?)
}

/// Reads the operator.
///
/// # Errors
/// Any [`StoreError`].
pub async fn operator(conn: &impl ConnectionTrait) -> Result<Option<partners::Model>, StoreError> {
    Ok(partners::Entity::find().filter(partners::Column::IsOperator.eq(true)).one(conn).await?)
}

/// Up to `limit` partners, newest first, that are older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &impl ConnectionTrait, before: Option<Uuid>, limit: u64) -> Result<Vec<partners::Model>, StoreError> {
    let mut query = partners::Entity::find().order_by_desc(partners::Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(partners::Column::Id.lt(before));
    }
    Ok(query.all(conn).await?)
}

/// Whether any partner but the operator was ever admitted.
///
/// # Errors
/// Any [`StoreError`].
pub async fn any_merchant(conn: &impl ConnectionTrait) -> Result<bool, StoreError> {
    Ok(partners::Entity::find().filter(partners::Column::IsOperator.eq(false)).limit(1).count(conn).await? > 0)
}

/// Adds the prices that hold from `price.from_at` on, and seals them: what a point was bought at must not change behind anybody's back.
/// It comes last in its transaction, since every writer queues for the head of the chain.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_price(txn: &DatabaseTransaction, price: prices::Model, recorded_at: i64) -> Result<(), StoreError> {
    let commit = price.commit_id;
    let leaf = price.leaf();
    prices::Entity::insert(price.into_active_model()).exec_without_returning(txn).await?;
    seal(txn, vec![leaf], commit, recorded_at).await
}

/// The latest prices of each of these partners.
///
/// # Errors
/// Any [`StoreError`].
pub async fn latest_prices(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<prices::Model>, StoreError> {
    let mut prices = prices::Entity::find()
        .filter(prices::Column::PartnerId.is_in(ids.iter().copied()))
        .order_by_asc(prices::Column::PartnerId)
        .order_by_desc(prices::Column::FromAt)
        .order_by_desc(prices::Column::Id)
        .all(conn)
        .await?;
    prices.dedup_by_key(|price| price.partner_id);
    Ok(prices)
}

/// Writes the currency of the operator's own partner: it is the program's.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_operator_currency(conn: &impl ConnectionTrait, currency: &str) -> Result<(), StoreError> {
    partners::Entity::update_many()
        .col_expr(partners::Column::Currency, Expr::value(currency))
        .filter(partners::Column::IsOperator.eq(true))
        .exec(conn)
        .await?;
    Ok(())
}
