//! Awards that wait for an action, such as a delivery: it is reported, or it never comes.

use coalition_domain::{ActivityId, LotId, MemberId, TransactionId};
use coalition_store::reads;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Caller, Scope};
use crate::check::Checks;
use crate::error::Error;
use crate::purchase::NAME_CHARS_MAX;
use crate::views::BalanceSummary;
use crate::write_path::command::{Command, Work, kind};

/// Lots named in one call.
const LOTS_MAX: usize = 200;

/// What became of what awards waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingStep {
    /// It has happened: the points can be spent.
    Activate,
    /// It never will: the points are taken back.
    Cancel,
}

/// What the awards were for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingFor {
    /// A purchase.
    Transaction(TransactionId),
    /// An activity.
    Activity(ActivityId),
}

/// Which waiting awards of a purchase are meant: all, or those that every given criterion names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiting {
    /// The till's own number: unique for ever among this partner's reports.
    #[schema(min_length = 1, max_length = 128, example = "parcel-000045")]
    pub external_id: String,
    /// Only awards that wait for this action, such as `delivered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 128, example = "delivered")]
    pub action: Option<String>,
    /// Only these lots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 200)]
    pub lots: Vec<LotId>,
}

/// A lot that no longer waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettledLot {
    /// Which.
    #[schema(value_type = String)]
    pub lot: LotId,
    /// How many points.
    pub points: i64,
}

/// The answer to a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitingAnswer {
    /// The purchase, where it is one.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionId>,
    /// The activity, where it is one.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityId>,
    /// The till's number of this report.
    pub external_id: String,
    /// Points in all.
    pub points: i64,
    /// The lots, in the order of the awards.
    pub lots: Vec<SettledLot>,
    /// Right after.
    pub balance: BalanceSummary,
}

impl App {
    /// Reports that what awards of one of the partner's purchases or activities waited for has happened, or never will.
    ///
    /// # Errors
    /// 400, 403, 404, 409 `nothing-waits` or `external-id-conflict`, 422 `idempotency-mismatch`, 503.
    pub async fn settle_waiting(
        &self,
        caller: &Caller,
        subject: WaitingFor,
        step: WaitingStep,
        input: NewWaiting,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Transactions, true)?;
        let mut checks = Checks::default();
        checks.line("/external_id", &input.external_id, NAME_CHARS_MAX);
        if let Some(action) = &input.action {
            checks.line("/action", action, NAME_CHARS_MAX);
        }
        if input.lots.len() > LOTS_MAX {
            checks.fault("/lots", format!("up to {LOTS_MAX} lots"));
        }
        checks.done()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let conn = self.store().read();
        let (member, id) = match subject {
            WaitingFor::Transaction(id) => (reads::transaction(conn, partner.uuid(), id.uuid()).await?.map(|row| row.member_id), id),
            WaitingFor::Activity(id) => {
                (reads::activity(conn, partner.uuid(), id.uuid()).await?.map(|row| row.member_id), TransactionId(id.uuid()))
            }
        };
        let member = member.ok_or_else(Error::not_found)?;
        let body = serde_json::to_vec(&(id, step, &input)).map_err(|error| Error::internal(&error))?;
        let command = Command {
            key: (partner.uuid(), kind::WAITING, input.external_id.clone()),
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Waiting { member: MemberId(member), transaction: id, partner, step, input: Box::new(input) },
            caller: Some(caller.clone()),
            claim,
        };
        self.write_path().submit(command).await
    }
}
