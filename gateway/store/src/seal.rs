//! Sealing what something outside the write path has caused: a block of its own, in the transaction that causes it.

use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::StoreError;
use crate::commit::seal;
use crate::entities::{deferrals, events};
use crate::leaves::Covered;
use crate::sets::insert;

/// Writes events, and whose rules are to decide them; last of all in its transaction, since this locks the chain's head.
///
/// # Errors
/// Any [`StoreError`].
pub async fn record(
    txn: &DatabaseTransaction,
    events: Vec<events::Model>,
    deferrals: Vec<deferrals::Model>,
    commit_id: Uuid,
    recorded_at: i64,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let leaves = events.iter().map(Covered::leaf).collect();
    insert::<events::Entity>(txn, &events.iter().collect::<Vec<_>>()).await?;
    insert::<deferrals::Entity>(txn, &deferrals.iter().collect::<Vec<_>>()).await?;
    seal(txn, leaves, commit_id, recorded_at).await
}
