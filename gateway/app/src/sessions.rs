//! Members' sessions: a token for the member, minted by the operator or by a partner they are linked to.

use coalition_domain::MemberId;
use coalition_store::DatabaseTransaction;
use serde_json::json;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Caller, Scope};
use crate::error::Error;
use crate::idempotency::Done;
use crate::tokens::TokenAnswer;

impl App {
    /// Mints a member's token. One that a partner mints reads, and redeems at that partner only.
    ///
    /// # Errors
    /// 403 for all but the operator and partners with the scope; 404, also for a member whose data was erased.
    pub async fn create_session(&self, caller: &Caller, id: MemberId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner_or_operator(Scope::Members, true)?;
        let id = self.resolve_visible(caller, id).await?;
        let token = self.member_token(caller, id, partner).await?;
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let row = self.visible(txn, caller, id).await?;
            if row.status == "erased" {
                return Err(Error::not_found().into());
            }
            self.audited(txn, caller, "member.session.create", &id, json!({})).await?;
            let answer = Answer::created(&token)?;
            Ok(Done::secret(answer, &TokenAnswer { access_token: None, ..token.clone() })?)
        })
        .await
    }
}
