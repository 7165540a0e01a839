//! Who changed what, when.

use sea_orm::{ConnectionTrait, EntityTrait as _, IntoActiveModel as _};

use crate::entities::audit;
use crate::error::StoreError;

/// Writes one line.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert(conn: &impl ConnectionTrait, line: audit::Model) -> Result<(), StoreError> {
    audit::Entity::insert(line.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}
