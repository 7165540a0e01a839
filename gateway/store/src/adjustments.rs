//! Adjustments that were asked for.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::entities::adjustment_requests::{Column, Entity, Model};
use crate::entities::business_ids;
use crate::{StoreError, sets};

/// Notes that an adjustment was asked for.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn insert(conn: &impl ConnectionTrait, request: Model) -> Result<(), StoreError> {
    Entity::insert(request.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// One, by id.
pub async fn find(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(conn).await?)
}

/// All, newest first, older than `before`.
pub async fn list(conn: &impl ConnectionTrait, before: Option<Uuid>, limit: u64) -> Result<Vec<Model>, StoreError> {
    let mut query = Entity::find();
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit).all(conn).await?)
}

/// Rejects one; false where it was decided before. `identity` is what an application of it would take: once taken, none can follow.
pub async fn reject(
    txn: &DatabaseTransaction,
    request: Uuid,
    identity: business_ids::Model,
    by: &str,
    now: i64,
) -> Result<bool, StoreError> {
    use business_ids::Column as Id;
    if sets::take::<business_ids::Entity>(txn, &[&identity], &[Id::PartnerId, Id::Kind, Id::ExternalId]).await?.is_empty() {
        return Ok(false);
    }
    let update = Entity::update_many().col_expr(Column::Status, Expr::value("rejected")).col_expr(Column::DecidedBy, Expr::value(by));
    update.col_expr(Column::DecidedAt, Expr::value(now)).filter(Column::Id.eq(request)).exec(txn).await?;
    Ok(true)
}
