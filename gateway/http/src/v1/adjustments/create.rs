//! `POST /v1/adjustments`: gives a member points by hand, or takes them.

use actix_web::post;
use coalition_app::adjustments::{AdjustmentView, NewAdjustment};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Gives a member points by hand, or takes them, with a reason. Above the program's threshold it waits for a second operator.
#[utoipa::path(operation_id = "createAdjustment", tag = "Adjustments", params(IdempotencyKey), request_body = NewAdjustment,
    responses(
        (status = 201, description = "`applied`, or `awaiting_approval`.", body = AdjustmentView),
        (status = 404, description = "No such member."),
        (status = 409, description = "`insufficient-points`, `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/adjustments")]
pub async fn create(call: Call<Body<NewAdjustment>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/adjustments", shared.app.adjust(&caller, input, claim).await?))
}
