//! `POST /v1/transactions`: posts a purchase.

use actix_web::post;
use coalition_app::purchase::NewTransaction;
use coalition_app::views::TransactionAnswer;

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Posts a purchase; the answer has the award. The same `external_id` and body again get the first answer.
#[utoipa::path(operation_id = "createTransaction", tag = "Transactions", params(IdempotencyKey), request_body = NewTransaction,
    responses(
        (status = 201, description = "Posted, or recorded as `deferred` where the rules could not run.", body = TransactionAnswer),
        (status = 200, description = "Posted before: the first answer.", body = TransactionAnswer),
        (status = 404, description = "`member-not-found`."),
        (status = 409, description = "`external-id-conflict`: the id was used with another body; or `idempotency-in-flight`."),
        (status = 422, description = "`currency-mismatch`, `points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/transactions")]
pub async fn create(call: Call<Body<NewTransaction>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/transactions", shared.app.post_transaction(&caller, input, claim).await?))
}
