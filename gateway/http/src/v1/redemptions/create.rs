//! `POST /v1/redemptions`: holds the points for a reward.

use actix_web::post;
use coalition_app::redemptions::NewRedemption;
use coalition_app::views::RedemptionView;

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Holds the points for a reward: its voucher is what the till captures.
#[utoipa::path(operation_id = "createRedemption", tag = "Redemptions", params(IdempotencyKey), request_body = NewRedemption,
    responses(
        (status = 201, description = "Held.", body = RedemptionView),
        (status = 200, description = "Held before under this `external_id`: the first answer.", body = RedemptionView),
        (status = 404, description = "`member-not-found`."),
        (status = 409, description = "`insufficient-points`, `not-eligible`, `out-of-stock`, `code-required`, `code-invalid`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`idempotency-mismatch`."),
    ))]
#[post("/v1/redemptions")]
pub async fn create(call: Call<Body<NewRedemption>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/redemptions", shared.app.hold(&caller, input, claim).await?))
}
