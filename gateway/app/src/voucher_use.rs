//! Using a voucher that rules issued, at the till of its partner.

use coalition_domain::{Instant, MemberId, VoucherId};
use coalition_store::entities::vouchers;
use coalition_store::reads;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Caller, Scope};
use crate::check::Checks;
use crate::error::Error;
use crate::purchase::NAME_CHARS_MAX;
use crate::views::Money;
use crate::write_path::command::{Command, Work, kind};

/// A voucher that is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVoucherUse {
    /// The till's own number: unique for ever among this partner's uses of vouchers.
    #[schema(min_length = 1, max_length = 128, example = "pos-17-v-000007")]
    pub external_id: String,
}

/// A voucher that was used.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct VoucherUsed {
    /// Of the voucher.
    #[schema(value_type = String)]
    pub id: VoucherId,
    /// The till's number of this use.
    pub external_id: String,
    /// Whose it was.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// The program's name for its kind.
    pub template: String,
    /// What it is worth, where that is money.
    pub value: Option<Money>,
    /// From the rules, for the till.
    #[schema(value_type = Object)]
    pub attributes: Value,
    /// `used`.
    pub status: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub used_at: Instant,
}

impl VoucherUsed {
    pub(crate) fn of(row: &vouchers::Model, external_id: &str, used_at: Instant) -> Result<Self, Error> {
        Ok(Self {
            id: VoucherId(row.id),
            external_id: external_id.to_owned(),
            member: MemberId(row.member_id),
            template: row.template.clone(),
            value: row.value.zip(row.currency.clone()).map(|(amount, currency)| Money { amount, currency }),
            attributes: serde_json::from_str(&row.attributes).map_err(|error| Error::internal(&error))?,
            status: row.status.clone(),
            used_at,
        })
    }
}

impl App {
    /// Uses a voucher up, once.
    ///
    /// # Errors
    /// 400, 403, 404; 409 `voucher-used`, `voucher-revoked`, `external-id-conflict`; 410 `voucher-expired`; 422 `idempotency-mismatch`; 503.
    pub async fn use_voucher(
        &self,
        caller: &Caller,
        code: &str,
        input: NewVoucherUse,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Redemptions, true)?;
        let mut checks = Checks::default();
        checks.line("/external_id", &input.external_id, NAME_CHARS_MAX);
        checks.done()?;
        // What can't be a code is nobody's: a database may not even take it for a text.
        if code.len() > NAME_CHARS_MAX || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::not_found());
        }
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = reads::voucher_by_code(self.store().read(), partner.uuid(), code).await?.ok_or_else(Error::not_found)?;
        let body = serde_json::to_vec(&(VoucherId(row.id), &input)).map_err(|error| Error::internal(&error))?;
        let command = Command {
            key: (partner.uuid(), kind::VOUCHER_USE, input.external_id.clone()),
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::UseVoucher { member: MemberId(row.member_id), partner, voucher: VoucherId(row.id), external_id: input.external_id },
            caller: Some(caller.clone()),
            claim,
        };
        self.write_path().submit(command).await
    }
}
