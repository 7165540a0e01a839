//! The one row of the program.

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QuerySelect as _};

use crate::entities::program;
use crate::error::StoreError;

/// The key of the only row.
const ID: i64 = 1;

/// Writes the program of a new database.
///
/// # Errors
/// [`StoreError::Conflict`] where there is one.
pub async fn insert(conn: &impl ConnectionTrait, program: program::Model) -> Result<(), StoreError> {
    program::Entity::insert(program.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Reads it; none on a database that was not initialised.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait) -> Result<Option<program::Model>, StoreError> {
    Ok(program::Entity::find_by_id(ID).one(conn).await?)
}

/// Reads it and keeps others from changing it until the transaction ends.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(conn: &impl ConnectionTrait) -> Result<Option<program::Model>, StoreError> {
    Ok(program::Entity::find_by_id(ID).lock_exclusive().one(conn).await?)
}

/// Writes all columns of what was read under [`lock`] in the same transaction.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(conn: &impl ConnectionTrait, program: program::Model) -> Result<(), StoreError> {
    program::Entity::update(program.into_active_model().reset_all()).exec(conn).await?;
    Ok(())
}
