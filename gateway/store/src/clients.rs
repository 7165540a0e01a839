//! OAuth 2 clients.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::entities::clients;
use crate::error::StoreError;

/// Writes a new client.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(conn: &impl ConnectionTrait, client: clients::Model) -> Result<(), StoreError> {
    clients::Entity::insert(client.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Reads a client.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait, id: &str) -> Result<Option<clients::Model>, StoreError> {
    Ok(clients::Entity::find_by_id(id).one(conn).await?)
}

/// How many clients of a partner are not revoked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(conn: &impl ConnectionTrait, partner: Uuid) -> Result<u64, StoreError> {
    let current = clients::Entity::find().filter(clients::Column::PartnerId.eq(partner)).filter(clients::Column::RevokedAt.is_null());
    Ok(current.count(conn).await?)
}

/// Revokes a partner's client; false where the partner has none of this id that still holds.
///
/// # Errors
/// Any [`StoreError`].
pub async fn revoke(conn: &impl ConnectionTrait, partner: Uuid, id: &str, now: i64) -> Result<bool, StoreError> {
    let revoked = clients::Entity::update_many()
        .col_expr(clients::Column::RevokedAt, Expr::value(now))
        .filter(clients::Column::Id.eq(id))
        .filter(clients::Column::PartnerId.eq(partner))
        .filter(clients::Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    Ok(revoked.rows_affected > 0)
}

/// All clients that a partner ever had.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ids(conn: &impl ConnectionTrait, partner: Uuid) -> Result<Vec<String>, StoreError> {
    let clients = clients::Entity::find().filter(clients::Column::PartnerId.eq(partner)).all(conn).await?;
    Ok(clients.into_iter().map(|client| client.id).collect())
}
