//! `POST /v1/adjustments/{id}/reject`: decides an adjustment that waits for a second pair of eyes.

use actix_web::post;
use coalition_app::adjustments::AdjustmentView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::AdjustmentPath;

/// Rejects an adjustment that waits for approval; whoever asked for it may take it back so.
#[utoipa::path(operation_id = "rejectAdjustment", tag = "Adjustments", params(AdjustmentPath, IdempotencyKey),
    responses(
        (status = 200, description = "As it stands now.", body = AdjustmentView),
        (status = 409, description = "`already-applied`, `already-rejected`, `idempotency-in-flight`."),
    ))]
#[post("/v1/adjustments/{id}/reject")]
pub async fn reject(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().reject_adjustment(&call.caller, id, claim).await?))
}
