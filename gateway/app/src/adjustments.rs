//! Adjustments: points that the operator gives or takes by hand, with a reason; above a threshold, a second operator has to agree.

use coalition_domain::{AdjustmentId, Instant, MemberId};
use coalition_store::entities::{adjustment_requests, business_ids};
use coalition_store::{DatabaseTransaction, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::Caller;
use crate::check::Checks;
use crate::error::Error;
use crate::views::BalanceSummary;
use crate::write_path::command::{AdjustWork, Command, Work, kind};
use crate::{App, cursor};

/// The most points of one adjustment.
const POINTS_MAX: i64 = 1_000_000_000_000;
/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// Points to be given or taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdjustment {
    /// Whose.
    #[schema(value_type = String, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub member: MemberId,
    /// How many; below zero, taken from what is available. Not zero.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub points: i64,
    /// Why, for the member and the auditor.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// An adjustment as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdjustmentView {
    /// Of this adjustment.
    #[schema(value_type = String)]
    pub id: AdjustmentId,
    /// Whose points.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// How many; below zero, taken.
    pub points: i64,
    /// Why.
    pub reason: String,
    /// `awaiting_approval`, `applied` or `rejected`.
    pub status: String,
    /// The client that asked for it.
    pub requested_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Instant,
    /// The client that approved or rejected it; null where it needed no approval, or waits for it.
    pub decided_by: Option<String>,
    /// When it was applied or rejected.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Instant>,
    /// The member's balances right after; null where it is only read, or waits.
    pub balance: Option<BalanceSummary>,
}

impl AdjustmentView {
    pub(crate) fn of(row: &adjustment_requests::Model, balance: Option<BalanceSummary>) -> Self {
        Self {
            id: AdjustmentId(row.id),
            member: MemberId(row.member_id),
            points: row.points,
            reason: row.reason.clone(),
            status: row.status.clone(),
            requested_by: row.requested_by.clone(),
            requested_at: Instant(row.requested_at),
            decided_by: row.decided_by.clone(),
            decided_at: row.decided_at.map(Instant),
            balance,
        }
    }
}

fn identity(operator: Uuid, id: Uuid) -> (Uuid, i64, String) {
    (operator, kind::ADJUSTMENT, AdjustmentId(id).to_string())
}

fn hash(id: Uuid) -> [u8; 32] {
    *blake3::hash(id.as_bytes()).as_bytes()
}

impl App {
    /// Gives a member points, or takes them; above the program's threshold only once a second operator has agreed.
    ///
    /// # Errors
    /// 400, 403, 404, 409 `insufficient-points`, 422 `idempotency-mismatch`, 503.
    pub async fn adjust(&self, caller: &Caller, new: NewAdjustment, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        caller.operator()?;
        let mut checks = Checks::default();
        checks.within("/points", new.points, -POINTS_MAX, POINTS_MAX);
        checks.expect(new.points != 0, "/points", "not zero");
        checks.line("/reason", &new.reason, REASON_CHARS_MAX);
        checks.done()?;
        let settings = self.settings().await?;
        let row = adjustment_requests::Model {
            id: self.new_id(),
            member_id: new.member.uuid(),
            points: new.points,
            reason: new.reason.clone(),
            requested_by: caller.client_id.to_string(),
            requested_at: self.wall_now().0,
            status: "awaiting_approval".to_owned(),
            decided_by: None,
            decided_at: None,
        };
        if new.points.saturating_abs() > settings.adjustment_approval_above {
            let answer = self
                .idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
                    self.visible(txn, caller, new.member).await?;
                    coalition_store::adjustments::insert(txn, row.clone()).await?;
                    let detail = json!({"member": new.member, "points": new.points});
                    self.audited(txn, caller, "adjustment.request", &AdjustmentId(row.id), detail).await?;
                    Ok(Answer::created(&AdjustmentView::of(&row, None))?.into())
                })
                .await;
            return answer;
        }
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        self.apply_adjustment(caller, settings.operator.uuid(), row, None, claim).await
    }

    async fn apply_adjustment(
        &self,
        caller: &Caller,
        operator: Uuid,
        request: adjustment_requests::Model,
        approved_by: Option<String>,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let command = Command {
            key: identity(operator, request.id),
            body_hash: hash(request.id),
            work: Work::Adjust(Box::new(AdjustWork { request, approved_by })),
            caller: Some(caller.clone()),
            claim,
        };
        self.write_path().submit(command).await
    }

    async fn adjustment_row(&self, id: AdjustmentId) -> Result<adjustment_requests::Model, Error> {
        let found = coalition_store::adjustments::find(self.store().read(), id.uuid()).await?;
        found.ok_or_else(Error::not_found)
    }

    /// Applies an adjustment that another operator asked for.
    ///
    /// # Errors
    /// 403, 404, 409 `same-operator`, `already-rejected` or `insufficient-points`, 503.
    pub async fn approve_adjustment(&self, caller: &Caller, id: AdjustmentId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        caller.operator()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = self.adjustment_row(id).await?;
        if row.requested_by == *caller.client_id {
            return Err(Error::conflict("same-operator", "Whoever asked for it does not approve it: a second operator has to."));
        }
        if row.status == "rejected" {
            return Err(rejected());
        }
        let operator = self.settings().await?.operator.uuid();
        let answer = self.apply_adjustment(caller, operator, row, Some(caller.client_id.to_string()), claim).await?;
        // It may have been rejected in between: then that is the answer its identity holds.
        let status =
            serde_json::from_str::<serde_json::Value>(&answer.body).ok().and_then(|body| Some(body.get("status")?.as_str()? == "applied"));
        if status == Some(true) { Ok(answer) } else { Err(rejected()) }
    }

    /// Rejects an adjustment that waits for approval; whoever asked for it may take it back so.
    ///
    /// # Errors
    /// 403, 404, 409 `already-applied` or `already-rejected`, 503.
    pub async fn reject_adjustment(&self, caller: &Caller, id: AdjustmentId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        caller.operator()?;
        let operator = self.settings().await?.operator.uuid();
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let found: Result<_, StoreError> = coalition_store::adjustments::find(txn, id.uuid()).await;
            let mut row = found?.ok_or_else(Error::not_found)?;
            row.status = "rejected".to_owned();
            row.decided_by = Some(caller.client_id.to_string());
            row.decided_at = Some(self.wall_now().0);
            let answer = Answer::ok(&AdjustmentView::of(&row, None))?;
            let (partner_id, kind, external_id) = identity(operator, row.id);
            let taken = business_ids::Model {
                partner_id,
                kind,
                external_id,
                body_hash: hash(row.id).to_vec(),
                member_id: row.member_id,
                subject_id: row.id,
                answer: answer.body.clone(),
                recorded_at: self.wall_now().0,
            };
            if !coalition_store::adjustments::reject(txn, row.id, taken, &caller.client_id, self.wall_now().0).await? {
                let now = coalition_store::adjustments::find(txn, row.id).await?.map(|row| row.status);
                return Err(if now.as_deref() == Some("rejected") {
                    rejected()
                } else {
                    Error::conflict("already-applied", "This adjustment was applied; another one can undo it.")
                }
                .into());
            }
            self.audited(txn, caller, "adjustment.reject", &id, json!({})).await?;
            Ok(answer.into())
        })
        .await
    }

    /// One adjustment.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn adjustment(&self, caller: &Caller, id: AdjustmentId) -> Result<AdjustmentView, Error> {
        caller.operator()?;
        Ok(AdjustmentView::of(&self.adjustment_row(id).await?, None))
    }

    /// All adjustments, newest first.
    ///
    /// # Errors
    /// 400, 403, 503.
    pub async fn adjustments(&self, caller: &Caller, page: Page) -> Result<Listing<AdjustmentView>, Error> {
        caller.operator()?;
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "adjustments", caller, &page)?;
        let rows = coalition_store::adjustments::list(self.store().read(), before, limit).await?;
        Ok(cursor::page(&settings.secret, "adjustments", caller, &page, rows, |row| row.id, |row| AdjustmentView::of(&row, None)))
    }
}

fn rejected() -> Error {
    Error::conflict("already-rejected", "This adjustment was rejected.")
}
