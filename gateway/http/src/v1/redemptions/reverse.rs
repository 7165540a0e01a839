//! `POST /v1/redemptions/{id}/reverse`: gives spent points back.

use actix_web::post;
use coalition_app::redemptions::NewReversal;
use coalition_app::views::RedemptionView;

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::RedemptionPath;

/// Gives spent points back, all or part of them, with their own expiry.
#[utoipa::path(operation_id = "reverseRedemption", tag = "Redemptions", params(RedemptionPath, IdempotencyKey), request_body = NewReversal,
    responses(
        (status = 200, description = "Given back.", body = RedemptionView),
        (status = 409, description = "`not-captured`, `nothing-left`, `external-id-conflict`, `idempotency-in-flight`."),
    ))]
#[post("/v1/redemptions/{id}/reverse")]
pub async fn reverse(call: Call<Body<NewReversal>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.reverse(&caller, id, input, claim).await?))
}
