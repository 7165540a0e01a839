//! `POST /v1/transactions/{id}/refunds`: posts what came back of a purchase.

use actix_web::post;
use coalition_app::refunds::{NewRefund, RefundAnswer};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::TransactionPath;

/// Posts what came back, all or part of it. The award is recomputed by the version of the rules that made it, on what is left, and the
/// difference is taken back. Neither `amount` nor `lines` means all that is left.
#[utoipa::path(operation_id = "refundTransaction", tag = "Transactions", params(TransactionPath, IdempotencyKey), request_body = NewRefund,
    responses(
        (status = 201, description = "Taken back.", body = RefundAnswer),
        (status = 200, description = "Posted before: the first answer.", body = RefundAnswer),
        (status = 409, description = "`nothing-left`: more than is left of the purchase or of a line; `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`idempotency-mismatch`."),
    ))]
#[post("/v1/transactions/{id}/refunds")]
pub async fn refund(call: Call<Body<NewRefund>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.refund(&caller, id, input, claim).await?))
}
