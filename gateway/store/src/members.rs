//! Members: the member, their personal data, what links them to partners, and their one-time codes.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::entities::{balances, consents, deferrals, member_codes, members, personal, profiles};
use crate::error::StoreError;

/// Writes a new member with an empty balance.
///
/// # Errors
/// [`StoreError::Conflict`] where the card is taken.
pub async fn insert(conn: &impl ConnectionTrait, member: members::Model) -> Result<(), StoreError> {
    let balance = balances::Model {
        member_id: member.id,
        version: 0,
        pending: 0,
        available: 0,
        held: 0,
        arrears: 0,
        next_change_at: None,
        recorded_at: 0,
        active_at: None,
    };
    members::Entity::insert(member.into_active_model()).exec_without_returning(conn).await?;
    balances::Entity::insert(balance.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Reads a member.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<members::Model>, StoreError> {
    Ok(members::Entity::find_by_id(id).one(conn).await?)
}

/// Who was merged into these members, each (former, member).
///
/// # Errors
/// Any [`StoreError`].
pub async fn formers(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let query = members::Entity::find().filter(members::Column::MergedInto.is_in(members));
    Ok(query.all(conn).await?.into_iter().filter_map(|row| Some((row.id, row.merged_into?))).collect())
}

/// Reads a member and keeps others from changing it until the transaction ends.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<members::Model>, StoreError> {
    Ok(members::Entity::find_by_id(id).lock_exclusive().one(conn).await?)
}

/// Reads the member who holds a card.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_by_card(conn: &impl ConnectionTrait, card: &str) -> Result<Option<members::Model>, StoreError> {
    Ok(members::Entity::find().filter(members::Column::Card.eq(card)).one(conn).await?)
}

/// Counts that a member is no longer related to one, and now to another; `relation` is what it is to them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count_related(conn: &impl ConnectionTrait, relation: &str, was: Option<Uuid>, is: Option<Uuid>) -> Result<(), StoreError> {
    let column = if relation == "referred" { members::Column::ReferredCount } else { members::Column::EnrolledCount };
    for (member, step) in [(was, -1_i64), (is, 1)] {
        if let Some(member) = member.filter(|_| was != is) {
            let update = members::Entity::update_many().col_expr(column, Expr::col(column).add(step));
            update.filter(members::Column::Id.eq(member)).exec(conn).await?;
        }
    }
    Ok(())
}

/// Writes all columns of a member that was read under [`lock`] in the same transaction.
///
/// # Errors
/// [`StoreError::Conflict`] where the card is taken.
pub async fn save(conn: &impl ConnectionTrait, member: members::Model) -> Result<(), StoreError> {
    members::Entity::update(member.into_active_model().reset_all()).exec(conn).await?;
    Ok(())
}

/// Reads a member's personal data; none where there is none, or no more.
///
/// # Errors
/// Any [`StoreError`].
pub async fn personal(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<personal::Model>, StoreError> {
    Ok(personal::Entity::find_by_id(id).one(conn).await?)
}

/// Writes a member's personal data, new or over what was there.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_personal(conn: &impl ConnectionTrait, row: personal::Model) -> Result<(), StoreError> {
    let again = OnConflict::column(personal::Column::MemberId)
        .update_columns([personal::Column::Email, personal::Column::Name, personal::Column::Birthday, personal::Column::Attributes])
        .to_owned();
    personal::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}

/// Deletes what is personal about a member: their data, their one-time codes, and the customer numbers partners know them by.
///
/// # Errors
/// Any [`StoreError`].
pub async fn delete_personal(conn: &impl ConnectionTrait, id: Uuid) -> Result<(), StoreError> {
    personal::Entity::delete_by_id(id).exec(conn).await?;
    member_codes::Entity::delete_many().filter(member_codes::Column::MemberId.eq(id)).exec(conn).await?;
    consents::Entity::delete_many().filter(consents::Column::MemberId.eq(id)).exec(conn).await?;
    // What was still to be decided of them never is: there is nobody to give anything to.
    deferrals::Entity::delete_many().filter(deferrals::Column::MemberId.eq(id)).exec(conn).await?;
    profiles::Entity::update_many()
        .col_expr(profiles::Column::Alias, Expr::value(Option::<String>::None))
        .filter(profiles::Column::MemberId.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Reads what links a member to a partner; none where they are not linked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn profile(conn: &impl ConnectionTrait, member: Uuid, partner: Uuid) -> Result<Option<profiles::Model>, StoreError> {
    // What rules know of somebody who is not linked is nobody else's to see.
    Ok(profiles::Entity::find_by_id((member, partner)).filter(profiles::Column::LinkedAt.gt(0)).one(conn).await?)
}

/// The member that a partner knows by this alias.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_by_alias(conn: &impl ConnectionTrait, partner: Uuid, alias: &str) -> Result<Option<Uuid>, StoreError> {
    let found = profiles::Entity::find().filter(profiles::Column::PartnerId.eq(partner)).filter(profiles::Column::Alias.eq(alias));
    Ok(found.one(conn).await?.map(|profile| profile.member_id))
}

/// Links a member to a partner where they are not.
///
/// # Errors
/// Any [`StoreError`].
pub async fn link(conn: &impl ConnectionTrait, member: Uuid, partner: Uuid, now: i64) -> Result<(), StoreError> {
    let profile =
        profiles::Model { member_id: member, partner_id: partner, alias: None, linked_at: now, facts: "{}".to_owned(), state_version: 0 };
    let known = OnConflict::columns([profiles::Column::MemberId, profiles::Column::PartnerId]).do_nothing().to_owned();
    profiles::Entity::insert(profile.into_active_model()).on_conflict(known).try_insert().exec_without_returning(conn).await?;
    let update = profiles::Entity::update_many().col_expr(profiles::Column::LinkedAt, Expr::value(now));
    let unlinked = update.filter(profiles::Column::MemberId.eq(member)).filter(profiles::Column::PartnerId.eq(partner));
    unlinked.filter(profiles::Column::LinkedAt.eq(0)).exec(conn).await?;
    Ok(())
}

/// Writes the alias that a partner knows a linked member by; false where they are not linked.
///
/// # Errors
/// [`StoreError::Conflict`] where another of the partner's members has it.
pub async fn set_alias(conn: &impl ConnectionTrait, member: Uuid, partner: Uuid, alias: Option<&str>) -> Result<bool, StoreError> {
    let done = profiles::Entity::update_many()
        .col_expr(profiles::Column::Alias, Expr::value(alias.map(str::to_owned)))
        .filter(profiles::Column::MemberId.eq(member))
        .filter(profiles::Column::PartnerId.eq(partner))
        .exec(conn)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Writes a one-time code.
///
/// # Errors
/// [`StoreError::Conflict`] where the same was drawn before.
pub async fn insert_code(conn: &impl ConnectionTrait, code: member_codes::Model) -> Result<(), StoreError> {
    member_codes::Entity::insert(code.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// How many codes of a member could still be used at `now`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count_codes(conn: &impl ConnectionTrait, member: Uuid, now: i64) -> Result<u64, StoreError> {
    let open = member_codes::Entity::find()
        .filter(member_codes::Column::MemberId.eq(member))
        .filter(member_codes::Column::UsedAt.is_null())
        .filter(member_codes::Column::ExpiresAt.gt(now));
    Ok(open.count(conn).await?)
}

/// Reads a code, used or not.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_code(conn: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<member_codes::Model>, StoreError> {
    Ok(member_codes::Entity::find_by_id(hash.to_vec()).one(conn).await?)
}

/// Uses a code up; false where it was used before, is too old, or never was.
///
/// # Errors
/// Any [`StoreError`].
pub async fn use_code(conn: &impl ConnectionTrait, hash: &[u8], now: i64) -> Result<bool, StoreError> {
    let used = member_codes::Entity::update_many()
        .col_expr(member_codes::Column::UsedAt, Expr::value(now))
        .filter(member_codes::Column::CodeHash.eq(hash.to_vec()))
        .filter(member_codes::Column::UsedAt.is_null())
        .filter(member_codes::Column::ExpiresAt.gt(now))
        .exec(conn)
        .await?;
    Ok(used.rows_affected > 0)
}

/// What a member lets partners' rules see: (partner, facts as JSON, since when).
///
/// # Errors
/// Any [`StoreError`].
pub async fn consents(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<consents::Model>, StoreError> {
    let query = consents::Entity::find().filter(consents::Column::MemberId.eq(member));
    Ok(query.order_by_asc(consents::Column::PartnerId).all(conn).await?)
}

/// Writes all that a member lets partners' rules see, in place of what was there.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_consents(conn: &impl ConnectionTrait, member: Uuid, rows: Vec<consents::Model>) -> Result<(), StoreError> {
    consents::Entity::delete_many().filter(consents::Column::MemberId.eq(member)).exec(conn).await?;
    if !rows.is_empty() {
        let rows = rows.into_iter().map(sea_orm::IntoActiveModel::into_active_model);
        consents::Entity::insert_many(rows).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// Deletes the codes that ended before `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sweep_codes(conn: &impl ConnectionTrait, before: i64) -> Result<u64, StoreError> {
    Ok(member_codes::Entity::delete_many().filter(member_codes::Column::ExpiresAt.lt(before)).exec(conn).await?.rows_affected)
}
