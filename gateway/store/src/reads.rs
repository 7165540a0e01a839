//! Reading for the API: by id, and lists newest first.

use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{
    allocations, configs, decisions, events, lots, messages, partners, plugins, profiles, qualifying, redemptions, refunds, states,
    tier_changes, transactions, transfers, vouchers,
};

/// One of a partner's transactions.
///
/// # Errors
/// Any [`StoreError`]; so for all of this module.
pub async fn transaction(conn: &impl ConnectionTrait, partner: Uuid, id: Uuid) -> Result<Option<transactions::Model>, StoreError> {
    let query = transactions::Entity::find().filter(transactions::Column::PartnerId.eq(partner)).filter(transactions::Column::Id.eq(id));
    Ok(query.one(conn).await?)
}

/// A partner's transactions, newest first, older than `before`.
pub async fn transactions(
    conn: &impl ConnectionTrait,
    partner: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<transactions::Model>, StoreError> {
    let mut query = transactions::Entity::find().filter(transactions::Column::PartnerId.eq(partner));
    if let Some(before) = before {
        query = query.filter(transactions::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(transactions::Column::Id).limit(limit).all(conn).await?)
}

/// One of a partner's activities.
pub async fn activity(conn: &impl ConnectionTrait, partner: Uuid, id: Uuid) -> Result<Option<events::Model>, StoreError> {
    let query = activities_of(partner).filter(events::Column::Id.eq(id));
    Ok(query.one(conn).await?)
}

/// A partner's activities, newest first, older than `before`.
pub async fn activities(
    conn: &impl ConnectionTrait,
    partner: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<events::Model>, StoreError> {
    let mut query = activities_of(partner);
    if let Some(before) = before {
        query = query.filter(events::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(events::Column::Id).limit(limit).all(conn).await?)
}

/// The kind is told in so many words, so that the index of activities is used.
fn activities_of(partner: Uuid) -> sea_orm::Select<events::Entity> {
    let query = events::Entity::find().filter(events::Column::PartnerId.eq(partner));
    query.filter(sea_orm::sea_query::Expr::cust("kind = 'activity'"))
}

/// A voucher of a partner's rules, by its code.
pub async fn voucher_by_code(conn: &impl ConnectionTrait, partner: Uuid, code: &str) -> Result<Option<vouchers::Model>, StoreError> {
    let query = vouchers::Entity::find().filter(vouchers::Column::Code.eq(code)).filter(vouchers::Column::PartnerId.eq(partner));
    Ok(query.one(conn).await?)
}

/// Decisions on these subjects, each (member, subject), oldest first.
pub async fn decisions_of(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<decisions::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, subject)| {
        any.add(Condition::all().add(decisions::Column::MemberId.eq(*member)).add(decisions::Column::SubjectId.eq(*subject)))
    });
    Ok(decisions::Entity::find().filter(condition).order_by_asc(decisions::Column::Id).all(conn).await?)
}

/// The lots that these transactions were awarded, each (member, transaction): (transaction, points, whether they still wait).
pub async fn awards_of(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, i64, bool)>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, transaction)| {
        let mine = Condition::all().add(lots::Column::MemberId.eq(*member)).add(lots::Column::TransactionId.eq(*transaction));
        any.add(mine.add(lots::Column::ParentId.is_null()))
    });
    let rows = lots::Entity::find().filter(condition).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.transaction_id, row.points, row.pending)).collect())
}

/// What came back of these purchases, each (member, transaction), oldest first.
pub async fn refunds_of(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)]) -> Result<Vec<refunds::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, transaction)| {
        any.add(Condition::all().add(refunds::Column::MemberId.eq(*member)).add(refunds::Column::TransactionId.eq(*transaction)))
    });
    Ok(refunds::Entity::find().filter(condition).order_by_asc(refunds::Column::Id).all(conn).await?)
}

/// Transfers of these kinds for these purchases, each (member, transaction), oldest first. None is older than its purchase.
pub async fn transfers_of(conn: &impl ConnectionTrait, keys: &[(Uuid, Uuid)], kinds: &[i64]) -> Result<Vec<transfers::Model>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let condition = keys.iter().fold(Condition::any(), |any, (member, subject)| {
        let mine = Condition::all().add(transfers::Column::MemberId.eq(*member)).add(transfers::Column::Id.gte(*subject));
        any.add(mine.add(transfers::Column::SubjectId.eq(*subject)))
    });
    let query = transfers::Entity::find().filter(condition).filter(transfers::Column::Kind.is_in(kinds.iter().copied()));
    Ok(query.order_by_asc(transfers::Column::Id).all(conn).await?)
}

/// Every partner's slug.
pub async fn slugs(conn: &impl ConnectionTrait) -> Result<Vec<(Uuid, String)>, StoreError> {
    let query = partners::Entity::find().select_only().column(partners::Column::Id).column(partners::Column::Slug);
    Ok(query.into_tuple().all(conn).await?)
}

/// Partners that have live rules, as far as the activations say.
pub async fn active_partners(conn: &impl ConnectionTrait) -> Result<Vec<partners::Model>, StoreError> {
    Ok(partners::Entity::find().filter(partners::Column::Status.eq("active")).order_by_asc(partners::Column::Slug).all(conn).await?)
}

/// The entries of a member, and of whoever was merged into them, newest first, older than `before`.
pub async fn entries(
    conn: &impl ConnectionTrait,
    persons: Vec<Uuid>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<transfers::Model>, StoreError> {
    let mut query = transfers::Entity::find().filter(transfers::Column::MemberId.is_in(persons));
    if let Some(before) = before {
        query = query.filter(transfers::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(transfers::Column::Id).limit(limit).all(conn).await?)
}

/// All of a member's entries, oldest first.
pub async fn history(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<transfers::Model>, StoreError> {
    let query = transfers::Entity::find().filter(transfers::Column::MemberId.eq(member));
    Ok(query.order_by_asc(transfers::Column::Id).all(conn).await?)
}

/// Every lot that a member ever had.
pub async fn all_lots(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<lots::Model>, StoreError> {
    Ok(lots::Entity::find().filter(lots::Column::MemberId.eq(member)).all(conn).await?)
}

/// When a member bought something, and when that was recorded.
pub async fn times_bought(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<(i64, i64)>, StoreError> {
    let query = transactions::Entity::find().select_only().columns([transactions::Column::OccurredAt, transactions::Column::RecordedAt]);
    Ok(query.filter(transactions::Column::MemberId.eq(member)).into_tuple().all(conn).await?)
}

/// Every redemption of a member.
pub async fn all_redemptions(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<redemptions::Model>, StoreError> {
    Ok(redemptions::Entity::find().filter(redemptions::Column::MemberId.eq(member)).all(conn).await?)
}

/// What lots paid into, or got back from, a member's redemptions, in the order made.
pub async fn all_allocations(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<allocations::Model>, StoreError> {
    let query = allocations::Entity::find().filter(allocations::Column::MemberId.eq(member));
    Ok(query.order_by_asc(allocations::Column::TransferId).order_by_asc(allocations::Column::Ordinal).all(conn).await?)
}

/// The last change of a member's tier at a partner (nil: by the program's own terms) that was recorded by `at`.
pub async fn tier_change_by(
    conn: &impl ConnectionTrait,
    member: Uuid,
    partner: Uuid,
    at: i64,
) -> Result<Option<tier_changes::Model>, StoreError> {
    let query = tier_changes::Entity::find().filter(tier_changes::Column::MemberId.eq(member));
    let query = query.filter(tier_changes::Column::PartnerId.eq(partner)).filter(tier_changes::Column::RecordedAt.lte(at));
    Ok(query.order_by_desc(tier_changes::Column::Id).one(conn).await?)
}

/// What counted towards a member's tiers and was recorded by `at`: (when it happened, how much).
pub async fn counted_by(conn: &impl ConnectionTrait, member: Uuid, counts: &str, at: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    use qualifying::Column;
    let query = qualifying::Entity::find().select_only().columns([Column::OccurredAt, Column::Amount]);
    let query = query.filter(Column::MemberId.eq(member)).filter(Column::Counts.eq(counts)).filter(Column::RecordedAt.lte(at));
    Ok(query.into_tuple().all(conn).await?)
}

/// The member as every partner knows them.
pub async fn profiles_of(conn: &impl ConnectionTrait, member: Uuid) -> Result<Vec<profiles::Model>, StoreError> {
    Ok(profiles::Entity::find().filter(profiles::Column::MemberId.eq(member)).all(conn).await?)
}

/// The vouchers of a member, and of whoever was merged into them, newest first, older than `before`; of one partner where it is named.
pub async fn vouchers(
    conn: &impl ConnectionTrait,
    persons: Vec<Uuid>,
    partner: Option<Uuid>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<vouchers::Model>, StoreError> {
    let mut query = vouchers::Entity::find().filter(vouchers::Column::MemberId.is_in(persons));
    if let Some(partner) = partner {
        query = query.filter(vouchers::Column::PartnerId.eq(partner));
    }
    if let Some(before) = before {
        query = query.filter(vouchers::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(vouchers::Column::Id).limit(limit).all(conn).await?)
}

/// The messages of a member, and of whoever was merged into them, newest first, older than `before`; of one partner where it is named.
pub async fn messages(
    conn: &impl ConnectionTrait,
    persons: Vec<Uuid>,
    partner: Option<Uuid>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<messages::Model>, StoreError> {
    let mut query = messages::Entity::find().filter(messages::Column::MemberId.is_in(persons));
    if let Some(partner) = partner {
        query = query.filter(messages::Column::PartnerId.eq(partner));
    }
    if let Some(before) = before {
        query = query.filter(messages::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(messages::Column::Id).limit(limit).all(conn).await?)
}

/// A redemption, by id.
pub async fn redemption(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<redemptions::Model>, StoreError> {
    Ok(redemptions::Entity::find().filter(redemptions::Column::Id.eq(id)).one(conn).await?)
}

/// A redemption, by its code.
pub async fn redemption_by_code(conn: &impl ConnectionTrait, code: &str) -> Result<Option<redemptions::Model>, StoreError> {
    Ok(redemptions::Entity::find().filter(redemptions::Column::Code.eq(code)).one(conn).await?)
}

/// Redemptions of a partner or of a member with whoever was merged into them, newest first, older than `before`.
pub async fn redemptions(
    conn: &impl ConnectionTrait,
    partner: Option<Uuid>,
    persons: Option<Vec<Uuid>>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<redemptions::Model>, StoreError> {
    let mut query = redemptions::Entity::find();
    if let Some(partner) = partner {
        query = query.filter(redemptions::Column::PartnerId.eq(partner));
    }
    if let Some(persons) = persons {
        query = query.filter(redemptions::Column::MemberId.is_in(persons));
    }
    if let Some(before) = before {
        query = query.filter(redemptions::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(redemptions::Column::Id).limit(limit).all(conn).await?)
}

/// A decision of one of these partners.
pub async fn decision(conn: &impl ConnectionTrait, partners: Vec<Uuid>, id: Uuid) -> Result<Option<decisions::Model>, StoreError> {
    let query = decisions::Entity::find().filter(decisions::Column::PartnerId.is_in(partners)).filter(decisions::Column::Id.eq(id));
    Ok(query.one(conn).await?)
}

/// A plugin's state for a member at a version.
pub async fn state(conn: &impl ConnectionTrait, member: Uuid, partner: Uuid, version: i64) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(states::Entity::find_by_id((member, partner, version)).one(conn).await?.map(|row| row.bytes))
}

/// A plugin version.
pub async fn plugin(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<plugins::Model>, StoreError> {
    Ok(plugins::Entity::find_by_id(id).one(conn).await?)
}

/// A configuration.
pub async fn config(conn: &impl ConnectionTrait, id: &[u8]) -> Result<Option<String>, StoreError> {
    Ok(configs::Entity::find_by_id(id.to_vec()).one(conn).await?.map(|row| row.body))
}
