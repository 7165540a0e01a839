//! Figures for the operator, from the ledger alone. Numbers are written into the statements: they are ours.

use coalition_domain::TransferKind;
use futures::TryStreamExt as _;
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement, StreamTrait as _};
use uuid::Uuid;

use crate::StoreError;

/// Points of an issuer's lots at a price, moved.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Moved {
    /// Who issued them.
    pub issuer_id: Uuid,
    /// The price of issue of 1 000.
    pub price: i64,
    /// Why: the code of a transfer's kind.
    pub kind: i64,
    /// When it holds from.
    pub effective_at: i64,
    /// How many.
    pub points: i64,
}

/// Points of an issuer's lots at a price, neither spent nor gone.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Outstanding {
    /// Who issued them.
    pub issuer_id: Uuid,
    /// The price of issue of 1 000.
    pub price: i64,
    /// How many.
    pub points: i64,
}

/// What is outstanding now.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn outstanding(conn: &impl ConnectionTrait) -> Result<Vec<Outstanding>, StoreError> {
    let sql = "SELECT issuer_id, price, CAST(SUM(remaining + held) AS BIGINT) AS points FROM lots WHERE remaining > 0 OR held > 0 GROUP BY issuer_id, price";
    Ok(Outstanding::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).all(conn).await?)
}

/// Members whose balance the clock has changed by `now`, which nobody has written yet.
pub async fn unsettled(conn: &impl ConnectionTrait, now: i64) -> Result<i64, StoreError> {
    #[derive(FromQueryResult)]
    struct Count {
        members: i64,
    }
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS members FROM balances WHERE next_change_at <= {now}");
    let count = Count::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).one(conn).await?;
    Ok(count.map_or(0, |count| count.members))
}

/// Every movement of these kinds of one lot that holds from `from` on.
pub async fn each_move<E: From<StoreError>>(
    txn: &DatabaseTransaction,
    kinds: &[TransferKind],
    from: i64,
    mut each: impl FnMut(Moved) -> Result<(), E>,
) -> Result<(), E> {
    let list = |allocated: bool| {
        let codes = kinds.iter().filter(|kind| kind.is_allocated() == allocated).map(|kind| kind.code().to_string());
        codes.collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    let (single, shared) = (list(false), list(true));
    // A single kind is told by itself: then its own index is found.
    let is = |codes: &str| if codes.contains(',') { format!("t.kind IN ({codes})") } else { format!("t.kind = {codes}") };
    if !single.is_empty() {
        parts.push(format!(
            "SELECT l.issuer_id, l.price, t.kind, t.effective_at, t.points FROM transfers t \
             JOIN lots l ON l.member_id = t.member_id AND l.id = t.lot_id WHERE t.effective_at >= {from} AND {}",
            is(&single)
        ));
    }
    if !shared.is_empty() {
        parts.push(format!(
            "SELECT l.issuer_id, l.price, t.kind, t.effective_at, a.points FROM transfers t \
             JOIN allocations a ON a.member_id = t.member_id AND a.transfer_id = t.id \
             JOIN lots l ON l.member_id = a.member_id AND l.id = a.lot_id WHERE t.effective_at >= {from} AND {}",
            is(&shared)
        ));
    }
    let statement = Statement::from_string(ConnectionTrait::get_database_backend(txn), parts.join(" UNION ALL "));
    let mut rows = txn.stream_raw(statement).await.map_err(StoreError::from)?;
    while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
        each(Moved::from_query_result(&row, "").map_err(StoreError::from)?)?;
    }
    Ok(())
}
