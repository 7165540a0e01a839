//! `POST /v1/transactions/{id}/activate`: settles awards that wait for an action.

use actix_web::post;
use coalition_app::waiting::{NewWaiting, WaitingAnswer, WaitingStep};

use super::waiting;
use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::Reply;
use crate::v1::paths::TransactionPath;

/// Reports that what awards of a purchase waited for has happened
#[utoipa::path(operation_id = "activateAwards", tag = "Transactions", params(TransactionPath, IdempotencyKey), request_body = NewWaiting,
    responses(
        (status = 200, description = "Their points can be spent.", body = WaitingAnswer),
        (status = 409, description = "`nothing-waits`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`idempotency-mismatch`."),
    ))]
#[post("/v1/transactions/{id}/activate")]
pub async fn activate(call: Call<Body<NewWaiting>>) -> Reply {
    waiting::settle(call, WaitingStep::Activate).await
}
