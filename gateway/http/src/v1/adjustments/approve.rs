//! `POST /v1/adjustments/{id}/approve`: decides an adjustment that waits for a second pair of eyes.

use actix_web::post;
use coalition_app::adjustments::AdjustmentView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::AdjustmentPath;

/// Applies an adjustment that another operator asked for.
#[utoipa::path(operation_id = "approveAdjustment", tag = "Adjustments", params(AdjustmentPath, IdempotencyKey),
    responses(
        (status = 200, description = "As it stands now.", body = AdjustmentView),
        (status = 409, description = "`same-operator`, `already-rejected`, `insufficient-points`, `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`."),
    ))]
#[post("/v1/adjustments/{id}/approve")]
pub async fn approve(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().approve_adjustment(&call.caller, id, claim).await?))
}
