//! Answers kept by `Idempotency-Key`.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, TryInsertResult};

use crate::entities::idempotency_keys::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;

fn nothing_on_conflict() -> OnConflict {
    OnConflict::columns([Column::ClientId, Column::Scope, Column::IdempotencyKey]).do_nothing().to_owned()
}

/// Writes a key; false where it is there. A key that another transaction is writing is waited for.
/// The winner's row is to be read in a statement after this one: READ COMMITTED does not see it in the same.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(conn: &impl ConnectionTrait, key: Model) -> Result<bool, StoreError> {
    let done = Entity::insert(key.into_active_model()).on_conflict(nothing_on_conflict()).try_insert().exec_without_returning(conn).await?;
    Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Writes several keys whose answers are known, in the order of their primary key so that writers never wait in a circle. Keys that are
/// there stay as they are. How many were written.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_many(conn: &impl ConnectionTrait, mut keys: Vec<Model>) -> Result<u64, StoreError> {
    if keys.is_empty() {
        return Ok(0);
    }
    keys.sort_by(|a, b| (&a.client_id, &a.scope, &a.idempotency_key).cmp(&(&b.client_id, &b.scope, &b.idempotency_key)));
    let rows: Vec<ActiveModel> = keys.into_iter().map(Model::into_active_model).collect();
    let done = Entity::insert_many(rows).on_conflict(nothing_on_conflict()).try_insert().exec_without_returning(conn).await?;
    Ok(if let TryInsertResult::Inserted(rows) = done { rows } else { 0 })
}

/// Writes the answer of a key that this transaction inserted.
///
/// # Errors
/// Any [`StoreError`].
pub async fn finish(conn: &impl ConnectionTrait, key: &Model, status: i64, answer: &str) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::Answer, Expr::value(answer))
        .filter(Column::ClientId.eq(&key.client_id))
        .filter(Column::Scope.eq(&key.scope))
        .filter(Column::IdempotencyKey.eq(&key.idempotency_key))
        .exec(conn)
        .await?;
    Ok(())
}

/// Reads what is kept under a key.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait, client_id: &str, scope: &str, key: &str) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id((client_id.to_owned(), scope.to_owned(), key.to_owned())).one(conn).await?)
}

/// Reads what is kept under several keys, each (client, scope, key).
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_many(conn: &impl ConnectionTrait, keys: &[(&str, &str, &str)]) -> Result<Vec<Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (client, scope, key) in keys {
        groups.entry((client, scope)).or_default().push(key);
    }
    let condition = groups.into_iter().fold(Condition::any(), |any, ((client, scope), keys)| {
        any.add(Condition::all().add(Column::ClientId.eq(client)).add(Column::Scope.eq(scope)).add(Column::IdempotencyKey.is_in(keys)))
    });
    Ok(Entity::find().filter(condition).all(conn).await?)
}

/// Deletes the keys written before `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sweep(conn: &impl ConnectionTrait, before: i64) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(conn).await?.rows_affected)
}

/// Puts `answer` in place of the kept answers of these clients in this scope that hold `marker`, which is not to hold `%` or `_` as
/// anything but itself: an id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn rewrite(
    conn: &impl ConnectionTrait,
    client_ids: &[String],
    scope: &str,
    marker: &str,
    answer: &str,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Answer, Expr::value(answer))
        .filter(Column::ClientId.is_in(client_ids))
        .filter(Column::Scope.eq(scope))
        .filter(Column::Answer.contains(marker))
        .exec(conn)
        .await?;
    Ok(())
}
