//! Going back to the rules that decided before those of now: with their configuration, in one call, as atomic as an activation.

use coalition_domain::PluginId;
use coalition_store::entities::activations;
use coalition_store::{DatabaseTransaction, StoreError};
use serde_json::json;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::Error;

impl App {
    /// Makes the version and configuration live that were live before those of now; where nothing is live, those that were last. Called again it goes back one
    /// further, never forward again: what counts is what was live before the rules of now were so for the first time.
    ///
    /// # Errors
    /// 403; 409 `nothing-before` where there was nothing else.
    pub async fn roll_back(&self, caller: &Caller, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = self.plugin_owner(caller, true).await?;
        let now = self.now().await?;
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let mut owner = coalition_store::partners::lock(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            let live = coalition_store::plugins::live(txn, partner.uuid()).await?;
            let before = coalition_store::plugins::before(txn, partner.uuid(), live.as_ref()).await?;
            let before =
                before.ok_or_else(|| Error::conflict("nothing-before", "No other version or configuration was live before this one."))?;
            let plugin = coalition_store::plugins::find(txn, partner.uuid(), before.plugin_id).await?;
            let plugin = plugin.ok_or(StoreError::Corrupt("an activation names no version".to_owned()))?;
            self.supersede(txn, &mut owner, now).await?;
            // It was accepted with this configuration, and is the same: nothing is asked again.
            let row = activations::Model { id: self.new_id(), starts_at: now.0, ended_at: None, created_at: self.wall_now().0, ..before };
            coalition_store::plugins::insert_activation(txn, row).await?;
            let from = live.map(|live| PluginId(live.plugin_id));
            self.audited(txn, caller, "plugin.rollback", &PluginId(plugin.id), json!({"from": from})).await?;
            coalition_store::load::wake_deferrals(txn, partner.uuid()).await?;
            Ok(Answer::ok(&self.plugin_view(txn, plugin).await?)?.into())
        })
        .await
    }
}
