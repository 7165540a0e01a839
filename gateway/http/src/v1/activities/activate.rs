//! `POST /v1/activities/{id}/activate`: settles awards that wait for an action.

use actix_web::post;
use coalition_app::waiting::{NewWaiting, WaitingAnswer, WaitingFor, WaitingStep};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::ActivityPath;

/// Reports that what awards of an activity waited for has happened: their points can be spent.
#[utoipa::path(operation_id = "activateActivityAwards", tag = "Activities", params(ActivityPath, IdempotencyKey), request_body = NewWaiting,
    responses(
        (status = 200, description = "Can be spent.", body = WaitingAnswer),
        (status = 409, description = "`nothing-waits`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`idempotency-mismatch`."),
    ))]
#[post("/v1/activities/{id}/activate")]
pub async fn activate(call: Call<Body<NewWaiting>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.settle_waiting(&caller, WaitingFor::Activity(id), WaitingStep::Activate, input, claim).await?))
}
