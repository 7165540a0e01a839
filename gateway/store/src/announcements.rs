//! What members are told ahead of time, each thing once: whoever delivers it elsewhere reads it here.

use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{announced, announcements, balances, members, messages};
use crate::sets::{insert, put, take};

/// Members whose points the clock may change by `until`, and who were not looked at between `since` and `now`: in the order of their ids.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn due(conn: &impl ConnectionTrait, until: i64, (since, now): (i64, i64), limit: u64) -> Result<Vec<Uuid>, StoreError> {
    let mut looked = Query::select();
    looked.column(announced::Column::MemberId).from(announced::Entity);
    looked.and_where(announced::Column::LookedAt.gt(since)).and_where(announced::Column::LookedAt.lte(now));
    let mut active = Query::select();
    active.column(members::Column::Id).from(members::Entity).and_where(members::Column::Status.eq("active"));
    let query = balances::Entity::find().select_only().column(balances::Column::MemberId);
    let query = query.filter(balances::Column::NextChangeAt.lte(until)).filter(balances::Column::MemberId.not_in_subquery(looked));
    let query = query.filter(balances::Column::MemberId.in_subquery(active));
    Ok(query.order_by_asc(balances::Column::MemberId).limit(limit).into_tuple().all(conn).await?)
}

/// Notes that these members were looked at, and tells them what they were not told before: each announcement with its message. How many were new.
pub async fn put_new(
    txn: &DatabaseTransaction,
    looked: &[announced::Model],
    found: &[(announcements::Model, messages::Model)],
) -> Result<usize, StoreError> {
    use announcements::Column;
    put::<announced::Entity>(txn, &looked.iter().collect::<Vec<_>>(), &[announced::Column::MemberId], &[announced::Column::LookedAt])
        .await?;
    let rows: Vec<&announcements::Model> = found.iter().map(|(row, _)| row).collect();
    let mut new = Vec::new();
    for row in take::<announcements::Entity>(txn, &rows, &[Column::MemberId, Column::Kind, Column::At]).await? {
        let key: (Uuid, String, i64) = (row.try_get("", "member_id")?, row.try_get("", "kind")?, row.try_get("", "at")?);
        new.extend(found.iter().find(|(row, _)| (row.member_id, &row.kind, row.at) == (key.0, &key.1, key.2)).map(|(_, message)| message));
    }
    insert::<messages::Entity>(txn, &new).await?;
    Ok(new.len())
}
