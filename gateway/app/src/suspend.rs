//! Stopping a partner, and letting it take part again.

use coalition_domain::PartnerId;
use coalition_store::DatabaseTransaction;
use serde_json::json;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::Error;
use crate::partners::view;

impl App {
    /// Stops a partner: within five seconds no gateway takes its tokens, or those of sessions it minted.
    ///
    /// # Errors
    /// 403 for all but the operator; 404; 409 `operator-partner` for the operator's own.
    pub async fn suspend_partner(&self, caller: &Caller, id: PartnerId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        self.set_partner_status(caller, id, "suspended", "partner.suspend", claim).await
    }

    /// Lets a suspended partner take part again.
    ///
    /// # Errors
    /// 403 for all but the operator; 404.
    pub async fn resume_partner(&self, caller: &Caller, id: PartnerId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        self.set_partner_status(caller, id, "active", "partner.resume", claim).await
    }

    async fn set_partner_status(
        &self,
        caller: &Caller,
        id: PartnerId,
        status: &'static str,
        action: &'static str,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        caller.operator()?;
        let base = self.settings().await?.base_currency;
        let answer = self
            .idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
                let mut row = coalition_store::partners::lock(txn, id.uuid()).await?.ok_or_else(Error::not_found)?;
                if row.is_operator {
                    return Err(Error::conflict("operator-partner", "The operator can't be suspended.").into());
                }
                if row.status != status {
                    row.status = status.to_owned();
                    row.updated_at = self.wall_now().0;
                    coalition_store::partners::save(txn, row.clone()).await?;
                    self.audited(txn, caller, action, &id, json!({})).await?;
                }
                let prices = coalition_store::partners::latest_prices(txn, &[row.id]).await?;
                Ok(Answer::ok(&view(row, prices.first(), base))?.into())
            })
            .await?;
        self.forget_standings();
        Ok(answer)
    }
}
