//! `POST /v1/redemptions/{id}/capture`: spends what is held.

use actix_web::post;
use coalition_app::redemptions::NewCapture;
use coalition_app::views::RedemptionView;

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::RedemptionPath;

/// Spends what is held, all or part of it; the rest is released. Once.
#[utoipa::path(operation_id = "captureRedemption", tag = "Redemptions", params(RedemptionPath, IdempotencyKey), request_body = NewCapture,
    responses(
        (status = 200, description = "Spent.", body = RedemptionView),
        (status = 409, description = "`already-captured`, `already-voided`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 410, description = "`hold-expired`."),
    ))]
#[post("/v1/redemptions/{id}/capture")]
pub async fn capture(call: Call<Body<NewCapture>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.capture(&caller, id, input, claim).await?))
}
