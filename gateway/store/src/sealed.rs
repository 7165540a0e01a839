//! What the chain has sealed, read for checking and for proofs.
//!
//! Rows are streamed, each table once and in whatever order it lies: no table has an index on its commit, and sorting all rows by it would cost
//! more than reading them. Whoever wants them by commit has to gather them.

use coalition_domain::chain::Hash;
use futures::{StreamExt as _, TryStreamExt as _};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::StoreError;
use crate::commit::seal;
use crate::entities::{
    adjustments, allocations, badges, blocks, campaign_shares, campaigns, captures, chain_head, closings, decisions, events, gifts,
    household_changes, lots, merges, prices, qualifying, redemption_shares, redemptions, refunds, states, tier_changes, transactions,
    transfers, vouchers,
};
use crate::leaves::{Covered, covered_tables};

macro_rules! names {
    ($($table:ident $place:literal),*) => {
        /// The tables that the chain covers; rows name theirs by its place here.
        pub const TABLES: &[&str] = &[$(stringify!($table)),*];
    };
}
covered_tables!(names);

/// A row that the chain covers, as far as the chain is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// Its place in [`TABLES`].
    pub table: u8,
    /// What it is called: its id, or that of the transfer (allocations) or member (states) that it hangs on.
    pub name: Uuid,
    /// The commit that wrote it.
    pub commit_id: Uuid,
    /// As it is now.
    pub leaf: Hash,
}

/// A row that holds what no gateway could have written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its place in [`TABLES`].
    pub table: u8,
    /// What is wrong with it.
    pub why: String,
}

/// Every row that the chain covers, table by table.
///
/// # Errors
/// Any [`StoreError`], so for all of this module; here also what `each` answers.
pub async fn each_row<E: From<StoreError>>(
    txn: &DatabaseTransaction,
    mut each: impl FnMut(Result<SealedRow, Unreadable>) -> Result<(), E>,
) -> Result<(), E> {
    macro_rules! stream {
        ($($table:ident $place:literal),*) => {$({
            let mut rows = $table::Entity::find().stream(txn).await.map_err(StoreError::from)?;
            while let Some(row) = rows.next().await {
                match row.map_err(StoreError::from) {
                    Ok(row) => each(Ok(SealedRow { table: $place, name: row.name(), commit_id: row.commit_id(), leaf: row.leaf() }))?,
                    // Only this row: the others are read on.
                    Err(StoreError::Other(why)) => each(Err(Unreadable { table: $place, why }))?,
                    Err(error) => return Err(error.into()),
                }
            }
        })*};
    }
    covered_tables!(stream);
    Ok(())
}

/// The migration since which the chain covers prices and vouchers.
pub(crate) const ADOPTING: &str = "m0007_terms";
/// The commit of what it found.
const ADOPTED: Uuid = Uuid::from_u128(7);

/// Seals the prices and vouchers that were written before the chain covered them.
pub(crate) async fn adopt(txn: &DatabaseTransaction) -> Result<(), StoreError> {
    let mut leaves = Vec::new();
    macro_rules! adopt {
        ($($table:ident),*) => {$(
            let found = $table::Entity::find().filter($table::Column::CommitId.eq(Uuid::nil())).all(txn).await?;
            leaves.extend(found.iter().map(Covered::leaf));
            let all = $table::Entity::update_many().col_expr($table::Column::CommitId, Expr::value(ADOPTED));
            all.filter($table::Column::CommitId.eq(Uuid::nil())).exec(txn).await?;
        )*};
    }
    adopt!(prices, vouchers);
    if leaves.is_empty() {
        return Ok(());
    }
    let newest = blocks::Entity::find().order_by_desc(blocks::Column::Height).one(txn).await?;
    seal(txn, leaves, ADOPTED, newest.map_or(0, |block| block.recorded_at)).await
}

/// Every block, from the first.
///
/// # Errors
/// As above.
pub async fn each_block<E: From<StoreError>>(
    txn: &DatabaseTransaction,
    mut each: impl FnMut(blocks::Model) -> Result<(), E>,
) -> Result<(), E> {
    let blocks = blocks::Entity::find().order_by_asc(blocks::Column::Height);
    let mut rows = blocks.stream(txn).await.map_err(StoreError::from)?;
    while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
        each(row)?;
    }
    Ok(())
}

/// How many rows the blocks say they cover.
pub async fn count_leaves(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let sum = blocks::Entity::find().select_only().column_as(blocks::Column::Leaves.sum().cast_as("BIGINT"), "sum");
    Ok(sum.into_tuple::<Option<i64>>().one(conn).await?.flatten().unwrap_or(0))
}

/// The newest block's height and hash.
pub async fn head(conn: &impl ConnectionTrait) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(chain_head::Entity::find_by_id(1).one(conn).await?.map(|row| (row.height, row.hash)))
}

/// What links a block to the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Of the block.
    pub height: i64,
    /// The hash of the block before.
    pub previous: Vec<u8>,
    /// Its own.
    pub hash: Vec<u8>,
    /// When it was sealed.
    pub recorded_at: i64,
}

/// Links of the blocks from `first` to `last`, in order, at most `limit`.
pub async fn links(conn: &impl ConnectionTrait, first: i64, last: i64, limit: u64) -> Result<Vec<Link>, StoreError> {
    let query = blocks::Entity::find()
        .select_only()
        .columns([blocks::Column::Height, blocks::Column::Previous, blocks::Column::Hash, blocks::Column::RecordedAt])
        .filter(blocks::Column::Height.between(first, last))
        .order_by_asc(blocks::Column::Height)
        .limit(limit);
    let rows: Vec<(i64, Vec<u8>, Vec<u8>, i64)> = query.into_tuple().all(conn).await?;
    Ok(rows.into_iter().map(|(height, previous, hash, recorded_at)| Link { height, previous, hash, recorded_at }).collect())
}

/// The blocks of these commits.
pub async fn blocks_of(conn: &impl ConnectionTrait, commits: Vec<Uuid>) -> Result<Vec<blocks::Model>, StoreError> {
    Ok(blocks::Entity::find().filter(blocks::Column::CommitId.is_in(commits)).all(conn).await?)
}

/// The leaves of one commit, searched for in every table: for a block that has no list of them.
pub async fn search_leaves(conn: &impl ConnectionTrait, commit: Uuid) -> Result<Vec<Hash>, StoreError> {
    let mut leaves = Vec::new();
    macro_rules! search {
        ($($table:ident $place:literal),*) => {$(
            let rows = $table::Entity::find().filter($table::Column::CommitId.eq(commit)).all(conn).await?;
            leaves.extend(rows.iter().map(Covered::leaf));
        )*};
    }
    covered_tables!(search);
    Ok(leaves)
}

/// An entry, by id; of one of these members, where that is known.
pub async fn entry(conn: &impl ConnectionTrait, members: Option<Vec<Uuid>>, id: Uuid) -> Result<Option<transfers::Model>, StoreError> {
    let mut query = transfers::Entity::find().filter(transfers::Column::Id.eq(id));
    if let Some(members) = members {
        query = query.filter(transfers::Column::MemberId.is_in(members));
    }
    Ok(query.one(conn).await?)
}

/// These members' entries after `after`, oldest first.
pub async fn entries_of_member(
    conn: &impl ConnectionTrait,
    members: &[Uuid],
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<transfers::Model>, StoreError> {
    let mut query = transfers::Entity::find().filter(transfers::Column::MemberId.is_in(members.iter().copied()));
    if let Some(after) = after {
        query = query.filter(transfers::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(transfers::Column::Id).limit(limit).all(conn).await?)
}

/// What these members' entries up to `last` have moved: (from, to, points).
pub async fn moved_up_to(conn: &impl ConnectionTrait, members: &[Uuid], last: Uuid) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    let query = transfers::Entity::find()
        .select_only()
        .columns([transfers::Column::FromAccount, transfers::Column::ToAccount])
        .column_as(transfers::Column::Points.sum().cast_as("BIGINT"), "points")
        .filter(transfers::Column::MemberId.is_in(members.iter().copied()))
        .filter(transfers::Column::Id.lte(last))
        .group_by(transfers::Column::FromAccount)
        .group_by(transfers::Column::ToAccount);
    Ok(query.into_tuple().all(conn).await?)
}

/// Entries that touch a partner's accounts (`accounts`), recorded from `from` to before `to`, after `after`, oldest first.
///
/// PostgreSQL has no index by partner, since each transfer would pay for it: it reads the pages of that time. SQLite has one.
pub async fn entries_of_partner(
    conn: &impl ConnectionTrait,
    partner: Uuid,
    accounts: &[i64],
    (from, to): (i64, i64),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<transfers::Model>, StoreError> {
    use transfers::Column;
    let touches =
        Condition::any().add(Column::FromAccount.is_in(accounts.iter().copied())).add(Column::ToAccount.is_in(accounts.iter().copied()));
    let mut query = transfers::Entity::find().filter(Column::PartnerId.eq(partner)).filter(touches);
    query = query.filter(Column::RecordedAt.gte(from)).filter(Column::RecordedAt.lt(to));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(limit).all(conn).await?)
}

#[cfg(test)]
mod tests {
    use coalition_migrations::Migrator;
    use sea_orm::Database;
    use sea_orm_migration::MigratorTrait as _;

    use super::*;
    use crate::{Store, load};

    #[tokio::test]
    async fn what_was_written_before_it_was_covered_is_sealed_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let old = Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
        let before = Migrator::migrations().iter().position(|migration| migration.name() == ADOPTING).unwrap();
        Migrator::up(&old, Some(u32::try_from(before).unwrap())).await.unwrap();
        let partner = "X'00000000000000000000000000000001'";
        old.execute_unprepared(&format!("INSERT INTO partner_prices VALUES ({partner}, 0, 1000, 900), ({partner}, 7, 1200, 900)"))
            .await
            .unwrap();
        old.close().await.unwrap();
        let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
        for _ in 0..2 {
            store.migrate().await.unwrap();
        }
        let snapshot = store.snapshot().await.unwrap();
        let mut rows = Vec::new();
        each_row::<StoreError>(&snapshot, |row| {
            rows.push(row.map_err(|bad| StoreError::Other(bad.why))?);
            Ok(())
        })
        .await
        .unwrap();
        let mut blocks = Vec::new();
        each_block::<StoreError>(&snapshot, |block| {
            blocks.push((block.commit_id, block.leaves));
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(blocks, [(ADOPTED, 2)]);
        assert!(rows.len() == 2 && rows.iter().all(|row| row.commit_id == ADOPTED), "{rows:?}");
        let prices = load::prices(&snapshot, vec![Uuid::from_u128(1)]).await.unwrap();
        assert_eq!(prices.iter().map(|price| (price.from_at, price.issue_price)).collect::<Vec<_>>(), [(0, 1000), (7, 1200)]);
    }
}
