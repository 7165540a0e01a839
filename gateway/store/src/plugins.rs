//! Plugin versions, their components, configurations and activations, pieces in stock, and run figures.

use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::entities::{activations, artifacts, configs, plugin_runs, plugins, stock};
use crate::error::StoreError;
use crate::sets;

/// Writes a component where it isn't there; its key is its SHA-256.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_artifact(conn: &impl ConnectionTrait, digest: &[u8], bytes: Vec<u8>) -> Result<(), StoreError> {
    let row = artifacts::Model { digest: digest.to_vec(), bytes };
    let known = OnConflict::column(artifacts::Column::Digest).do_nothing().to_owned();
    artifacts::Entity::insert(row.into_active_model()).on_conflict(known).try_insert().exec_without_returning(conn).await?;
    Ok(())
}

/// Reads a component.
///
/// # Errors
/// Any [`StoreError`].
pub async fn artifact(conn: &impl ConnectionTrait, digest: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(artifacts::Entity::find_by_id(digest.to_vec()).one(conn).await?.map(|row| row.bytes))
}

/// Writes a new version.
///
/// # Errors
/// [`StoreError::Conflict`] where the partner has these bytes.
pub async fn insert(conn: &impl ConnectionTrait, plugin: plugins::Model) -> Result<(), StoreError> {
    plugins::Entity::insert(plugin.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Reads a version of a partner.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &impl ConnectionTrait, partner: Uuid, id: Uuid) -> Result<Option<plugins::Model>, StoreError> {
    Ok(plugins::Entity::find_by_id(id).filter(plugins::Column::PartnerId.eq(partner)).one(conn).await?)
}

/// Reads a version, whoever's it is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_any(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<plugins::Model>, StoreError> {
    Ok(plugins::Entity::find_by_id(id).one(conn).await?)
}

/// Reads the version that a partner made of these bytes.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find_by_digest(conn: &impl ConnectionTrait, partner: Uuid, digest: &[u8]) -> Result<Option<plugins::Model>, StoreError> {
    let query = plugins::Entity::find().filter(plugins::Column::PartnerId.eq(partner)).filter(plugins::Column::Digest.eq(digest.to_vec()));
    Ok(query.one(conn).await?)
}

/// Up to `limit` versions of a partner, newest first, that are older than `before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &impl ConnectionTrait, partner: Uuid, before: Option<Uuid>, limit: u64) -> Result<Vec<plugins::Model>, StoreError> {
    let mut query = plugins::Entity::find().filter(plugins::Column::PartnerId.eq(partner)).order_by_desc(plugins::Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(plugins::Column::Id.lt(before));
    }
    Ok(query.all(conn).await?)
}

/// Writes a configuration where it isn't there; its key is a hash of it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_config(conn: &impl ConnectionTrait, id: &[u8], body: &str) -> Result<(), StoreError> {
    let row = configs::Model { id: id.to_vec(), body: body.to_owned() };
    let known = OnConflict::column(configs::Column::Id).do_nothing().to_owned();
    configs::Entity::insert(row.into_active_model()).on_conflict(known).try_insert().exec_without_returning(conn).await?;
    Ok(())
}

/// Reads a configuration.
///
/// # Errors
/// Any [`StoreError`].
pub async fn config(conn: &impl ConnectionTrait, id: &[u8]) -> Result<Option<String>, StoreError> {
    Ok(configs::Entity::find_by_id(id.to_vec()).one(conn).await?.map(|row| row.body))
}

/// The activation that decides for a partner.
///
/// # Errors
/// Any [`StoreError`].
pub async fn live(conn: &impl ConnectionTrait, partner: Uuid) -> Result<Option<activations::Model>, StoreError> {
    let query = activations::Entity::find()
        .filter(activations::Column::PartnerId.eq(partner))
        .filter(activations::Column::Mode.eq("live"))
        .filter(activations::Column::EndedAt.is_null())
        .order_by_desc(activations::Column::Id);
    Ok(query.one(conn).await?)
}

/// How a version was first made live with a configuration.
///
/// # Errors
/// Any [`StoreError`].
pub async fn activation(conn: &impl ConnectionTrait, plugin: Uuid, config_id: &[u8]) -> Result<Option<activations::Model>, StoreError> {
    let query = activations::Entity::find().filter(activations::Column::PluginId.eq(plugin));
    Ok(query.filter(activations::Column::ConfigId.eq(config_id)).order_by_asc(activations::Column::Id).one(conn).await?)
}

/// What was live for a partner before the version and configuration of `live` were so for the first time; without one, what was last.
///
/// # Errors
/// Any [`StoreError`].
pub async fn before(
    conn: &impl ConnectionTrait,
    partner: Uuid,
    live: Option<&activations::Model>,
) -> Result<Option<activations::Model>, StoreError> {
    let of_partner = || activations::Entity::find().filter(activations::Column::PartnerId.eq(partner));
    let mut query = of_partner().filter(activations::Column::Mode.eq("live")).order_by_desc(activations::Column::Id);
    if let Some(live) = live {
        let same = of_partner()
            .filter(activations::Column::PluginId.eq(live.plugin_id))
            .filter(activations::Column::ConfigId.eq(live.config_id.clone()))
            .order_by_asc(activations::Column::Id);
        let first = same.one(conn).await?.map_or(live.id, |first| first.id);
        query = query.filter(activations::Column::Id.lt(first));
    }
    Ok(query.one(conn).await?)
}

/// Writes an activation.
///
/// # Errors
/// Any [`StoreError`].
pub async fn insert_activation(conn: &impl ConnectionTrait, activation: activations::Model) -> Result<(), StoreError> {
    activations::Entity::insert(activation.into_active_model()).exec_without_returning(conn).await?;
    Ok(())
}

/// Ends what is live for a partner.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end_live(conn: &impl ConnectionTrait, partner: Uuid, now: i64) -> Result<(), StoreError> {
    activations::Entity::update_many()
        .col_expr(activations::Column::EndedAt, Expr::value(now))
        .filter(activations::Column::PartnerId.eq(partner))
        .filter(activations::Column::Mode.eq("live"))
        .filter(activations::Column::EndedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Gives a reward its pieces where it has none counted yet.
///
/// # Errors
/// Any [`StoreError`].
pub async fn begin_stock(conn: &impl ConnectionTrait, partner: Uuid, reward: &str, remaining: i64) -> Result<(), StoreError> {
    let row = stock::Model { partner_id: partner, reward: reward.to_owned(), remaining };
    let known = OnConflict::columns([stock::Column::PartnerId, stock::Column::Reward]).do_nothing().to_owned();
    stock::Entity::insert(row.into_active_model()).on_conflict(known).try_insert().exec_without_returning(conn).await?;
    Ok(())
}

/// Writes how many pieces of a reward remain.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_stock(conn: &impl ConnectionTrait, partner: Uuid, reward: &str, remaining: i64) -> Result<(), StoreError> {
    let row = stock::Model { partner_id: partner, reward: reward.to_owned(), remaining };
    let again = OnConflict::columns([stock::Column::PartnerId, stock::Column::Reward]).update_column(stock::Column::Remaining).to_owned();
    stock::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(conn).await?;
    Ok(())
}

/// Run figures of these versions. Each has one row; earlier releases kept one a gateway, which add to it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn runs(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<plugin_runs::Model>, StoreError> {
    Ok(plugin_runs::Entity::find().filter(plugin_runs::Column::PluginId.is_in(ids.iter().copied())).all(conn).await?)
}

/// The one row of each of these versions' run figures, locked in the order of ids until the transaction ends; made where it isn't there.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lock_runs(txn: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<plugin_runs::Model>, StoreError> {
    use plugin_runs::Column;
    let none = |id: &Uuid| plugin_runs::Model {
        plugin_id: *id,
        gateway_id: Uuid::nil(),
        calls: 0,
        traps: 0,
        fuel_max: 0,
        fuel_histogram: String::new(),
    };
    let mut none: Vec<plugin_runs::Model> = ids.iter().map(none).collect();
    none.sort_by_key(|row| row.plugin_id);
    sets::take::<plugin_runs::Entity>(txn, &none.iter().collect::<Vec<_>>(), &[Column::PluginId, Column::GatewayId]).await?;
    let query = plugin_runs::Entity::find().filter(Column::PluginId.is_in(ids.iter().copied())).filter(Column::GatewayId.eq(Uuid::nil()));
    Ok(query.order_by_asc(Column::PluginId).lock(LockType::NoKeyUpdate).all(txn).await?)
}

/// Writes run figures of versions that are locked.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put_runs(txn: &DatabaseTransaction, rows: &[plugin_runs::Model]) -> Result<(), StoreError> {
    use plugin_runs::Column;
    let columns = [Column::Calls, Column::Traps, Column::FuelMax, Column::FuelHistogram];
    sets::update::<plugin_runs::Entity>(txn, &rows.iter().collect::<Vec<_>>(), &[Column::PluginId, Column::GatewayId], &columns).await
}
