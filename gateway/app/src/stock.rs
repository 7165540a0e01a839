//! Pieces left of a reward that counts them, set by its partner: a delivery has come, or something broke.

use coalition_rules::contract::Manifest;
use coalition_store::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::check::Checks;
use crate::error::Error;

/// How many pieces there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStock {
    /// Those that can still be held: pieces that are held or taken are not among them.
    pub remaining: i64,
}

/// How many pieces there are of a reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockView {
    /// The reward's id in the manifest.
    pub reward: String,
    /// Those that can still be held.
    pub remaining: i64,
}

impl App {
    /// Sets how many pieces of a reward remain.
    ///
    /// # Errors
    /// 400; 403; 404 where the live rules have no such reward, or don't count its pieces.
    pub async fn put_stock(&self, caller: &Caller, reward: &str, new: NewStock) -> Result<StockView, Error> {
        let partner = self.plugin_owner(caller, true).await?;
        let mut checks = Checks::default();
        checks.within("/remaining", new.remaining, 0, i64::MAX);
        checks.done()?;
        self.write(async |txn: &DatabaseTransaction| {
            let live = coalition_store::plugins::live(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            let manifest: Manifest = serde_json::from_str(&live.manifest).map_err(|error| Error::internal(&error))?;
            if !manifest.rewards.iter().any(|known| known.id == reward && known.stock.is_some()) {
                return Err(Error::not_found().into());
            }
            coalition_store::plugins::put_stock(txn, partner.uuid(), reward, new.remaining).await?;
            self.audited(txn, caller, "stock.put", &reward, json!(new)).await?;
            Ok(())
        })
        .await?;
        Ok(StockView { reward: reward.to_owned(), remaining: new.remaining })
    }
}
