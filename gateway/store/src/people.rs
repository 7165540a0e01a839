//! People together: what is written, and read, of gifts, households, merges, closed accounts, and redemptions that a household pays.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{
    closings, gifts, household_changes, households, invitations, members, merges, redemption_shares, redemptions, transfers,
};
use crate::group::{MemberChange, Rows};
use crate::sets::insert;

/// Writes it, and what becomes of members' own rows.
pub(crate) async fn write(txn: &DatabaseTransaction, groups: &[&Rows]) -> Result<(), StoreError> {
    /// Rows of one table, of all groups.
    fn all<'a, T>(groups: &[&'a Rows], of: impl Fn(&'a Rows) -> &'a [T]) -> Vec<&'a T> {
        groups.iter().copied().flat_map(of).collect()
    }
    insert::<gifts::Entity>(txn, &all(groups, |rows| &rows.gifts)).await?;
    insert::<merges::Entity>(txn, &all(groups, |rows| &rows.merges)).await?;
    insert::<closings::Entity>(txn, &all(groups, |rows| &rows.closings)).await?;
    insert::<households::Entity>(txn, &all(groups, |rows| &rows.households)).await?;
    insert::<household_changes::Entity>(txn, &all(groups, |rows| &rows.household_changes)).await?;
    insert::<redemption_shares::Entity>(txn, &all(groups, |rows| &rows.redemption_shares)).await?;
    for rows in groups {
        for change in &rows.member {
            if let Some(balance) = &rows.balance {
                change_member(txn, balance.member_id, change).await?;
            }
        }
    }
    Ok(())
}

async fn change_member(txn: &DatabaseTransaction, id: Uuid, change: &MemberChange) -> Result<(), StoreError> {
    use members::Column;
    let nobody = || Expr::value(Option::<Uuid>::None);
    let own = members::Entity::update_many().filter(Column::Id.eq(id));
    match *change {
        MemberChange::Joined(household) => {
            let joined = own.col_expr(Column::HouseholdId, Expr::value(household)).col_expr(Column::Pooled, Expr::value(true));
            joined.exec(txn).await?;
            invitations::Entity::delete_by_id((household, id)).exec(txn).await?;
        }
        MemberChange::Left => {
            own.col_expr(Column::HouseholdId, nobody()).exec(txn).await?;
            withdraw_invitations(txn, id).await?;
        }
        MemberChange::MergedInto(into) => {
            let merged = own.col_expr(Column::MergedInto, Expr::value(into)).col_expr(Column::Status, Expr::value("merged"));
            merged.col_expr(Column::HouseholdId, nobody()).exec(txn).await?;
            // Whoever was merged is one step away from who they are now.
            let before = members::Entity::update_many().col_expr(Column::MergedInto, Expr::value(into));
            before.filter(Column::MergedInto.eq(id)).exec(txn).await?;
            withdraw_invitations(txn, id).await?;
        }
        MemberChange::Closed => {
            let all = Condition::any().add(Column::Id.eq(id)).add(Column::MergedInto.eq(id));
            let persons: Vec<Uuid> = members::Entity::find().filter(all).all(txn).await?.into_iter().map(|row| row.id).collect();
            for person in persons {
                let row = members::Entity::update_many().filter(Column::Id.eq(person));
                let row = row.col_expr(Column::Card, Expr::value(Option::<String>::None)).col_expr(Column::HouseholdId, nobody());
                row.col_expr(Column::Status, Expr::value("erased")).exec(txn).await?;
                crate::members::delete_personal(txn, person).await?;
                withdraw_invitations(txn, person).await?;
            }
        }
    }
    Ok(())
}

/// Who has left can't bring others in, nor be brought in themselves.
async fn withdraw_invitations(txn: &DatabaseTransaction, member: Uuid) -> Result<(), StoreError> {
    let theirs = Condition::any().add(invitations::Column::InvitedBy.eq(member)).add(invitations::Column::MemberId.eq(member));
    invitations::Entity::delete_many().filter(theirs).exec(txn).await?;
    Ok(())
}

/// The members of these households, in the order of their ids.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn of_households(conn: &impl ConnectionTrait, households: Vec<Uuid>) -> Result<Vec<members::Model>, StoreError> {
    if households.is_empty() {
        return Ok(Vec::new());
    }
    let query = members::Entity::find().filter(members::Column::HouseholdId.is_in(households));
    Ok(query.order_by_asc(members::Column::Id).all(conn).await?)
}

/// A household.
pub async fn household(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<households::Model>, StoreError> {
    Ok(households::Entity::find_by_id(id).one(conn).await?)
}

/// What these members have a part in of redemptions that still hold points.
pub async fn held_shares(conn: &impl ConnectionTrait, members: Vec<Uuid>) -> Result<Vec<redemption_shares::Model>, StoreError> {
    let shares = redemption_shares::Entity::find().filter(redemption_shares::Column::MemberId.is_in(members)).all(conn).await?;
    if shares.is_empty() {
        return Ok(shares);
    }
    let (redeemers, ids): (BTreeSet<Uuid>, BTreeSet<Uuid>) = shares.iter().map(|row| (row.redeemer_id, row.redemption_id)).unzip();
    let held = redemptions::Entity::find()
        .filter(redemptions::Column::MemberId.is_in(redeemers))
        .filter(redemptions::Column::Id.is_in(ids))
        .filter(redemptions::Column::Status.eq("held"));
    let held: BTreeSet<Uuid> = held.all(conn).await?.into_iter().map(|row| row.id).collect();
    Ok(shares.into_iter().filter(|row| held.contains(&row.redemption_id)).collect())
}

/// Everybody's part in these redemptions.
pub async fn shares_of(conn: &impl ConnectionTrait, redemptions: Vec<Uuid>) -> Result<Vec<redemption_shares::Model>, StoreError> {
    if redemptions.is_empty() {
        return Ok(Vec::new());
    }
    let query = redemption_shares::Entity::find().filter(redemption_shares::Column::RedemptionId.is_in(redemptions));
    Ok(query.all(conn).await?)
}

/// Everything that a member ever had a part in.
pub async fn all_shares(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<redemption_shares::Model>, StoreError> {
    Ok(redemption_shares::Entity::find().filter(redemption_shares::Column::MemberId.eq(member)).all(conn).await?)
}

/// Invites a member, again where they are invited already.
pub async fn invite(conn: &impl ConnectionTrait, row: invitations::Model) -> Result<(), StoreError> {
    let again = OnConflict::columns([invitations::Column::HouseholdId, invitations::Column::MemberId])
        .update_columns([invitations::Column::InvitedBy, invitations::Column::ExpiresAt])
        .to_owned();
    invitations::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}

/// A member's invitation to a household that is good at `now`.
pub async fn invitation(
    conn: &impl ConnectionTrait,
    household: Uuid,
    member: Uuid,
    now: i64,
) -> Result<Option<invitations::Model>, StoreError> {
    let found = invitations::Entity::find_by_id((household, member)).one(conn).await?;
    Ok(found.filter(|row| row.expires_at > now))
}

/// How many invitations to a household are good at `now`.
pub async fn count_invitations(conn: &impl ConnectionTrait, household: Uuid, now: i64) -> Result<u64, StoreError> {
    let open = invitations::Entity::find().filter(invitations::Column::HouseholdId.eq(household));
    Ok(open.filter(invitations::Column::ExpiresAt.gt(now)).count(conn).await?)
}

/// Takes a member's invitation back; false where there was none.
pub async fn uninvite(conn: &impl ConnectionTrait, household: Uuid, member: Uuid) -> Result<bool, StoreError> {
    Ok(invitations::Entity::delete_by_id((household, member)).exec(conn).await?.rows_affected > 0)
}

/// Deletes invitations that ended before `before`.
pub async fn sweep_invitations(conn: &impl ConnectionTrait, before: i64) -> Result<u64, StoreError> {
    Ok(invitations::Entity::delete_many().filter(invitations::Column::ExpiresAt.lt(before)).exec(conn).await?.rows_affected)
}

/// Who a member was merged into, where that was recorded by `at`.
pub async fn merged_by(conn: &impl ConnectionTrait, member: Uuid, at: i64) -> Result<Option<Uuid>, StoreError> {
    let found = merges::Entity::find_by_id(member).one(conn).await?;
    Ok(found.filter(|row| row.recorded_at <= at).map(|row| row.into_id))
}

/// The household that a member spent with at `at`, and who else did.
pub async fn household_as_of(conn: &impl ConnectionTrait, member: Uuid, at: i64) -> Result<Option<(Uuid, Vec<Uuid>)>, StoreError> {
    use household_changes::{Column, Entity};
    let last = Entity::find().filter(Column::MemberId.eq(member)).filter(Column::RecordedAt.lte(at)).order_by_desc(Column::Id);
    let Some(last) = last.one(conn).await?.filter(|row| row.step == "joined") else { return Ok(None) };
    let changes = Entity::find().filter(Column::HouseholdId.eq(last.household_id)).filter(Column::RecordedAt.lte(at));
    let mut inside: BTreeMap<Uuid, bool> = BTreeMap::new();
    for row in changes.order_by_asc(Column::Id).all(conn).await? {
        inside.insert(row.member_id, row.step == "joined");
    }
    Ok(Some((last.household_id, inside.into_iter().filter(|(_, is_in)| *is_in).map(|(id, _)| id).collect())))
}

/// Who gave and who received, by the gift or merge: (subject, from, to).
pub async fn between(conn: &impl ConnectionTrait, entries: &[transfers::Model]) -> Result<Vec<(Uuid, Uuid, Uuid)>, StoreError> {
    // Codes of transfers between members.
    let subjects: BTreeSet<Uuid> = entries.iter().filter(|row| (16..=21).contains(&row.kind)).filter_map(|row| row.subject_id).collect();
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let given = gifts::Entity::find().filter(gifts::Column::Id.is_in(subjects.iter().copied())).all(conn).await?;
    let mut found: Vec<(Uuid, Uuid, Uuid)> = given.into_iter().map(|row| (row.id, row.member_id, row.to_id)).collect();
    let people: BTreeSet<Uuid> = entries.iter().map(|row| row.member_id).collect();
    let merged = Condition::any().add(merges::Column::MemberId.is_in(people.iter().copied())).add(merges::Column::IntoId.is_in(people));
    let merged = merges::Entity::find().filter(merged).all(conn).await?;
    found.extend(merged.into_iter().filter(|row| subjects.contains(&row.id)).map(|row| (row.id, row.member_id, row.into_id)));
    Ok(found)
}
