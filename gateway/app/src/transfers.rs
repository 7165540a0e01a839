//! Transfers: a member gives points to another, within the program's limits.

use coalition_domain::{GiftId, Instant, MemberId, Points};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Actor, Caller};
use crate::check::Checks;
use crate::error::Error;
use crate::purchase::NAME_CHARS_MAX;
use crate::views::BalanceSummary;
use crate::write_path::command::{Command, GiveWork, Work, kind};

/// The most points of one transfer.
const POINTS_MAX: i64 = 1_000_000_000_000;

/// Points to be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// To whom.
    #[schema(value_type = String, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub to: MemberId,
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub points: i64,
    /// The asker's own number for it, unique for ever: sent again, it gets the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 128)]
    pub external_id: Option<String>,
}

/// Points that were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferView {
    /// `gft_…`; the entries on both sides belong to it.
    #[schema(value_type = String)]
    pub id: GiftId,
    /// Who gave.
    #[schema(value_type = String)]
    pub from: MemberId,
    /// Who received.
    #[schema(value_type = String)]
    pub to: MemberId,
    /// How many.
    pub points: i64,
    /// The asker's own number for it.
    pub external_id: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub transferred_at: Instant,
    /// The giver's balances right after.
    pub balance: BalanceSummary,
}

impl Caller {
    /// The member whose own word this is: not that of a session which a partner minted.
    ///
    /// # Errors
    /// 403 for anybody else.
    pub(crate) fn own_word(&self) -> Result<MemberId, Error> {
        match self.actor {
            Actor::Member { id, minted_by: None } => Ok(id),
            _ => Err(Error::forbidden()),
        }
    }

    /// The operator (None), or the member whose own word this is.
    ///
    /// # Errors
    /// 403 for anybody else.
    pub(crate) fn own_word_or_operator(&self) -> Result<Option<MemberId>, Error> {
        if self.actor == Actor::Operator { Ok(None) } else { self.own_word().map(Some) }
    }
}

impl App {
    /// Gives a member's points to another: by their own word, or by the operator.
    ///
    /// # Errors
    /// 400, 403, 404; 409 `transfers-off`, `transfer-too-small`, `transfer-daily-limit`, `transfer-yearly-limit`, `transfer-cooling-off`,
    /// `same-member`, `insufficient-points` or `external-id-conflict`; 422 `idempotency-mismatch`; 503.
    pub async fn transfer(
        &self,
        caller: &Caller,
        from: MemberId,
        new: NewTransfer,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        caller.own_word_or_operator()?;
        let mut checks = Checks::default();
        checks.within("/points", new.points, 1, POINTS_MAX);
        if let Some(external_id) = &new.external_id {
            checks.line("/external_id", external_id, NAME_CHARS_MAX);
        }
        checks.done()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let from = self.resolve_visible(caller, from).await?;
        let asker = match caller.own_word_or_operator()? {
            Some(member) => member.uuid(),
            None => self.settings().await?.operator.uuid(),
        };
        let body = serde_json::to_vec(&(from, &new)).map_err(|error| Error::internal(&error))?;
        let key = match &new.external_id {
            Some(external_id) => (asker, kind::GIFT, external_id.clone()),
            None => (asker, kind::COMMAND, self.new_id().to_string()),
        };
        let work = GiveWork { from, to: new.to, points: Points(new.points), external_id: new.external_id };
        let command = Command {
            key,
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Give(Box::new(work)),
            caller: Some(caller.clone()),
            claim,
        };
        self.write_path().submit(command).await
    }
}
