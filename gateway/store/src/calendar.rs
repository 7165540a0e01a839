//! What the calendar's job reads and keeps: how far it has come, whose day it is, and whom a closing window counts.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{members, personal, profiles, schedule};

/// How far a job has come; none where it has not begun.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn schedule(conn: &impl ConnectionTrait, name: &str) -> Result<Option<schedule::Model>, StoreError> {
    Ok(schedule::Entity::find_by_id(name.to_owned()).one(conn).await?)
}

/// Notes how far a job has come; never less far than was noted.
pub async fn advance(conn: &impl ConnectionTrait, name: &str, done: i64) -> Result<(), StoreError> {
    keep(conn, name, done, "").await?;
    let update = schedule::Entity::update_many().col_expr(schedule::Column::Done, Expr::value(done));
    update.filter(schedule::Column::Name.eq(name)).filter(schedule::Column::Done.lt(done)).exec(conn).await?;
    Ok(())
}

/// Notes something under a name where there is nothing yet: whoever comes first has said it.
pub async fn keep(conn: &impl ConnectionTrait, name: &str, done: i64, body: &str) -> Result<(), StoreError> {
    let row = schedule::Model { name: name.to_owned(), done, body: body.to_owned() };
    let known = OnConflict::column(schedule::Column::Name).do_nothing().to_owned();
    schedule::Entity::insert(row.into_active_model()).on_conflict(known).try_insert().exec_without_returning(conn).await?;
    Ok(())
}

/// When the first of all members joined.
pub async fn first_enrolled(conn: &impl ConnectionTrait) -> Result<Option<i64>, StoreError> {
    let query = members::Entity::find().select_only().column(members::Column::EnrolledAt);
    Ok(query.order_by_asc(members::Column::EnrolledAt).into_tuple().one(conn).await?)
}

/// Members who joined from `from` to before `to`, and when; by id, after `after`.
pub async fn enrolled_between(
    conn: &impl ConnectionTrait,
    (from, to): (i64, i64),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    use members::Column;
    let query = members::Entity::find().select_only().columns([Column::Id, Column::EnrolledAt]);
    let mut query = query.filter(Column::EnrolledAt.gte(from)).filter(Column::EnrolledAt.lt(to));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.filter(Column::Status.eq("active")).order_by_asc(Column::Id).limit(limit).into_tuple().all(conn).await?)
}

/// Members born in any year from one day to another (`04-23`), and when; by id, after `after`.
pub async fn born_between(
    conn: &impl ConnectionTrait,
    (from, to): (&str, &str),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    use personal::Column;
    let query = personal::Entity::find().select_only().columns([Column::MemberId, Column::Birthday]);
    // As the index has it.
    let mut query = query.filter(Expr::cust("substr(birthday, 6)").between(from, to));
    if let Some(after) = after {
        query = query.filter(Column::MemberId.gt(after));
    }
    Ok(query.order_by_asc(Column::MemberId).limit(limit).into_tuple().all(conn).await?)
}

/// Members as a partner's rules know them, by id, after `after`.
pub async fn profiles_page(
    conn: &impl ConnectionTrait,
    partner: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<profiles::Model>, StoreError> {
    let mut query = profiles::Entity::find().filter(profiles::Column::PartnerId.eq(partner));
    if let Some(after) = after {
        query = query.filter(profiles::Column::MemberId.gt(after));
    }
    Ok(query.order_by_asc(profiles::Column::MemberId).limit(limit).all(conn).await?)
}
