//! The keys that sign tokens.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _};

use crate::entities::signing_keys;
use crate::error::StoreError;

/// Writes a new key.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(conn: &impl ConnectionTrait, key: signing_keys::Model) -> Result<(), StoreError> {
    signing_keys::Entity::insert(key.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// All keys, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<signing_keys::Model>, StoreError> {
    Ok(signing_keys::Entity::find()
        .order_by_desc(signing_keys::Column::CreatedAt)
        .order_by_desc(signing_keys::Column::Kid)
        .all(conn)
        .await?)
}

/// Says of every key that is not to retire yet when it will.
///
/// # Errors
/// Any [`StoreError`].
pub async fn retire_all(conn: &impl ConnectionTrait, retires_at: i64) -> Result<(), StoreError> {
    signing_keys::Entity::update_many()
        .col_expr(signing_keys::Column::RetiresAt, Expr::value(retires_at))
        .filter(signing_keys::Column::RetiresAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Deletes the keys that retired before `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sweep(conn: &impl ConnectionTrait, before: i64) -> Result<u64, StoreError> {
    Ok(signing_keys::Entity::delete_many().filter(signing_keys::Column::RetiresAt.lt(before)).exec(conn).await?.rows_affected)
}
