//! `POST /v1/activities`: posts an activity.

use actix_web::post;
use coalition_app::activities::{ActivityAnswer, NewActivity};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Posts what a member did other than buying; the answer has the award. The same `external_id` and body again get the first answer.
#[utoipa::path(operation_id = "createActivity", tag = "Activities", params(IdempotencyKey), request_body = NewActivity,
    responses(
        (status = 201, description = "Posted, or recorded as `deferred` where the rules could not run.", body = ActivityAnswer),
        (status = 200, description = "Posted before: the first answer.", body = ActivityAnswer),
        (status = 404, description = "`member-not-found`."),
        (status = 409, description = "`external-id-conflict`: the id was used with another body; or `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/activities")]
pub async fn create(call: Call<Body<NewActivity>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/activities", shared.app.post_activity(&caller, input, claim).await?))
}
