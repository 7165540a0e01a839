//! `POST /v1/households`: makes a household.

use actix_web::post;
use coalition_app::households::{HouseholdView, NewHousehold};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Makes a household with its first member: whose token it is, or whom the operator names.
#[utoipa::path(operation_id = "createHousehold", tag = "Households", params(IdempotencyKey), request_body = NewHousehold,
    responses(
        (status = 201, description = "Made.", body = HouseholdView),
        (status = 404, description = "No such member."),
        (status = 409, description = "`already-in-household`, `households-off`, `idempotency-in-flight`."),
    ))]
#[post("/v1/households")]
pub async fn create(call: Call<Body<NewHousehold>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/households", shared.app.create_household(&caller, input, claim).await?))
}
