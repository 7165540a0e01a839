//! `POST /v1/redemptions/{id}/void`: releases what is held.

use actix_web::post;
use coalition_app::views::RedemptionView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::RedemptionPath;

/// Releases what is held: the same points come back.
#[utoipa::path(operation_id = "voidRedemption", tag = "Redemptions", params(RedemptionPath, IdempotencyKey),
    responses(
        (status = 200, description = "Released.", body = RedemptionView),
        (status = 409, description = "`already-captured`, `already-voided`, `idempotency-in-flight`."),
        (status = 410, description = "`hold-expired`."),
    ))]
#[post("/v1/redemptions/{id}/void")]
pub async fn void(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().void(&call.caller, id, claim).await?))
}
