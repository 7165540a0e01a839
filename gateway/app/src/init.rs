//! Making a program: its secret, the key that signs tokens, and the operator with its credentials, in one transaction, once.

use coalition_domain::PartnerId;
use coalition_store::{DatabaseTransaction, Store, StoreError, entities};
use serde::Serialize;

use crate::clients;
use crate::error::Error;
use crate::settings::initial_policies;
use crate::tokens;

/// A client's id and secret. The secret is shown once: only its hash is kept.
#[derive(Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Credentials {
    /// `cli_…`.
    pub client_id: String,
    /// 256 random bits in base64url. Null in the replay of an answer.
    pub client_secret: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Brings the schema up to date and makes the program of this database; a test program for good where `test`.
///
/// # Errors
/// 409 `already-initialised`; 503 where the database doesn't answer.
pub async fn init(store: &Store, test: bool) -> Result<Credentials, Error> {
    store.migrate().await?;
    let already = || {
        Error::conflict(
            "already-initialised",
            "This database holds a program already. Its operator makes further credentials over the API.",
        )
    };
    if coalition_store::program::find(store.read()).await?.is_some() {
        return Err(already());
    }
    let now = crate::clock::wall_now();
    let ids = coalition_domain::ids::IdSource::default();
    let now_ms = u64::try_from(now.0).unwrap_or(0);
    let new_id = || Ok::<_, Error>(ids.next(now_ms, getrandom::u64().map_err(|error| Error::internal(&error))?));
    let operator = PartnerId(new_id()?);
    let program = entities::program::Model {
        id: 1,
        name: "Coalition".to_owned(),
        points_name: "points".to_owned(),
        base_currency: "USD".to_owned(),
        time_zone: "UTC".to_owned(),
        test,
        business_now: None,
        secret: crate::secrets::random::<32>()?.to_vec(),
        settings: initial_policies()?,
        created_at: now.0,
    };
    let partner = entities::partners::Model {
        id: operator.uuid(),
        slug: "operator".to_owned(),
        name: "The operator".to_owned(),
        currency: program.base_currency.clone(),
        is_operator: true,
        status: "active".to_owned(),
        funding: "postpaid".to_owned(),
        credit_limit: None,
        cap_transaction: None,
        cap_member_day: None,
        cap_day: None,
        plugin_epoch: 0,
        created_at: now.0,
        updated_at: now.0,
        subscription: None,
    };
    let price = entities::prices::Model {
        partner_id: operator.uuid(),
        id: new_id()?,
        from_at: 0,
        issue_price: 0,
        redeem_price: 0,
        commit_id: new_id()?,
    };
    let (client, credentials) = clients::draw(operator, clients::ROLE_OPERATOR, "", now)?;
    let key = tokens::draw_key(now)?;
    let txn = store.begin().await?;
    match write(&txn, program, partner, price, client, key, now.0).await {
        Ok(()) => txn.commit().await.map_err(StoreError::from)?,
        // Somebody else has just made one.
        Err(StoreError::Conflict) => return Err(already()),
        Err(error) => return Err(error.into()),
    }
    Ok(credentials)
}

async fn write(
    txn: &DatabaseTransaction,
    program: entities::program::Model,
    partner: entities::partners::Model,
    price: entities::prices::Model,
    client: entities::clients::Model,
    key: entities::signing_keys::Model,
    now: i64,
) -> Result<(), StoreError> {
    coalition_store::program::insert(txn, program).await?;
    coalition_store::partners::insert(txn, partner).await?;
    coalition_store::clients::insert(txn, client).await?;
    coalition_store::keys::insert(txn, key).await?;
    coalition_store::partners::put_price(txn, price, now).await
}
