//! Campaigns and who funds them. Rows are only ever added: a change is a further version of which the newest holds.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use uuid::Uuid;

use crate::StoreError;
use crate::commit::seal;
use crate::entities::{campaign_shares, campaigns, limits};
use crate::leaves::Covered as _;

/// Adds a version of a campaign, and with the first its shares, and seals them. It comes last in its transaction, since every writer
/// queues for the head of the chain.
///
/// # Errors
/// [`StoreError::Conflict`] where the slug is taken, or another has just made this version; so for all of this module any [`StoreError`].
pub async fn put(txn: &DatabaseTransaction, campaign: campaigns::Model, shares: Vec<campaign_shares::Model>) -> Result<(), StoreError> {
    let (commit, recorded_at) = (campaign.commit_id, campaign.recorded_at);
    let mut leaves = vec![campaign.leaf()];
    leaves.extend(shares.iter().map(|share| share.leaf()));
    campaigns::Entity::insert(campaign.into_active_model()).exec_without_returning(txn).await?;
    for share in shares {
        campaign_shares::Entity::insert(share.into_active_model()).exec_without_returning(txn).await?;
    }
    seal(txn, leaves, commit, recorded_at).await
}

/// Campaigns as they stand.
fn newest() -> Select<campaigns::Entity> {
    let later = "NOT EXISTS (SELECT 1 FROM campaigns AS later WHERE later.id = campaigns.id AND later.version > campaigns.version)";
    campaigns::Entity::find().filter(Expr::cust(later))
}

/// Those in which this partner takes part; all of them where none is named.
fn of(query: Select<campaigns::Entity>, partner: Option<Uuid>) -> Select<campaigns::Entity> {
    let Some(partner) = partner else { return query };
    let mut mine = Query::select();
    mine.column(campaign_shares::Column::CampaignId).from(campaign_shares::Entity);
    mine.and_where(campaign_shares::Column::PartnerId.eq(partner));
    query.filter(campaigns::Column::Id.in_subquery(mine))
}

/// One, by id; of those in which this partner takes part, where it is named.
pub async fn find(conn: &impl ConnectionTrait, partner: Option<Uuid>, id: Uuid) -> Result<Option<campaigns::Model>, StoreError> {
    Ok(of(newest(), partner).filter(campaigns::Column::Id.eq(id)).one(conn).await?)
}

/// Newest first, older than `before`; those in which this partner takes part, where it is named.
pub async fn list(
    conn: &impl ConnectionTrait,
    partner: Option<Uuid>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<campaigns::Model>, StoreError> {
    let mut query = of(newest(), partner);
    if let Some(before) = before {
        query = query.filter(campaigns::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(campaigns::Column::Id).limit(limit).all(conn).await?)
}

/// Whether a slug is taken.
pub async fn is_taken(conn: &impl ConnectionTrait, slug: &str) -> Result<bool, StoreError> {
    let query = campaigns::Entity::find().filter(campaigns::Column::Slug.eq(slug)).filter(campaigns::Column::Version.eq(1));
    Ok(query.one(conn).await?.is_some())
}

/// Campaigns by slug, as they stand.
pub async fn by_slug(conn: &impl ConnectionTrait, slugs: Vec<String>) -> Result<Vec<campaigns::Model>, StoreError> {
    if slugs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(newest().filter(campaigns::Column::Slug.is_in(slugs)).all(conn).await?)
}

/// Who funds these campaigns: of each in the order of partners' ids.
pub async fn shares(conn: &impl ConnectionTrait, campaigns: Vec<Uuid>) -> Result<Vec<campaign_shares::Model>, StoreError> {
    if campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let query = campaign_shares::Entity::find().filter(campaign_shares::Column::CampaignId.is_in(campaigns));
    Ok(query.order_by_asc(campaign_shares::Column::PartnerId).all(conn).await?)
}

/// How much of these limits of the operator's is used.
pub async fn used(conn: &impl ConnectionTrait, operator: Uuid, names: Vec<String>) -> Result<Vec<limits::Model>, StoreError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    Ok(limits::Entity::find().filter(limits::Column::PartnerId.eq(operator)).filter(limits::Column::Name.is_in(names)).all(conn).await?)
}
