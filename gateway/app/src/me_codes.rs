//! One-time codes: a member shows one at the till as the sign that they are there. Kept as a hash, good for two minutes, once.

use coalition_domain::{Instant, MemberId, PartnerId};
use coalition_store::{ConnectionTrait, DatabaseTransaction, StoreError, entities};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Actor, Caller};
use crate::error::{Error, Kind};
use crate::idempotency::Done;
use crate::program::Settings;
use crate::secrets;

/// How long a code is good, seconds of the wall clock.
const CODE_TTL_S: i64 = 120;
/// Codes of one member that are good at a time.
const CODES_MAX: u64 = 10;

/// A one-time code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeView {
    /// Ten letters and digits, for the till. Null in the replay of an answer.
    #[schema(example = "7KQ2M-X0HVD")]
    pub code: Option<String>,
    /// When it ends, by the wall clock, on a test program too.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
}

impl App {
    /// Makes a code for the member whose token this is. One made in a session that a partner minted is good at that partner only.
    ///
    /// # Errors
    /// 403 for all but members; 429 `too-many-codes`.
    pub async fn create_code(&self, caller: &Caller, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let Actor::Member { id, minted_by } = caller.actor else {
            return Err(Error::forbidden());
        };
        let settings = self.settings().await?;
        let now = self.wall_now();
        let expires_at = now.plus_ms(CODE_TTL_S * 1000);
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            if coalition_store::members::count_codes(txn, id.uuid(), now.0).await? >= CODES_MAX {
                let many = Error::new(Kind::RateLimited, "too-many-codes", "Use one of the codes you have, or wait until they have ended.");
                return Err(Error { retry_after_s: u32::try_from(CODE_TTL_S).ok(), ..many }.into());
            }
            let code = secrets::code()?;
            let row = entities::member_codes::Model {
                code_hash: secrets::code_hash(&settings.secret, &code).to_vec(),
                member_id: id.uuid(),
                partner_id: minted_by.map(PartnerId::uuid),
                expires_at: expires_at.0,
                used_at: None,
            };
            coalition_store::members::insert_code(txn, row).await?;
            let view = CodeView { code: Some(code), expires_at };
            let answer = Answer::created(&view)?;
            Ok(Done::secret(answer, &CodeView { code: None, ..view })?)
        })
        .await
    }

    /// Whose code this is, at this partner's till; None where it is not good there now. It stays good: the hold that it is shown for uses it up with its commit.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub(crate) async fn peek_code(
        &self,
        conn: &impl ConnectionTrait,
        settings: &Settings,
        partner: PartnerId,
        code: &str,
    ) -> Result<Option<MemberId>, StoreError> {
        let now = self.wall_now();
        let found = coalition_store::members::find_code(conn, &secrets::code_hash(&settings.secret, code)).await?;
        let good = found
            .filter(|code| code.used_at.is_none() && code.expires_at > now.0 && code.partner_id.is_none_or(|only| only == partner.uuid()));
        let Some(code) = good else { return Ok(None) };
        // They may have become another since.
        let row = coalition_store::members::find(conn, code.member_id).await?;
        Ok(Some(MemberId(row.and_then(|row| row.merged_into).unwrap_or(code.member_id))))
    }
}
