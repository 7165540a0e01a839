//! `POST /v1/members`: enrols a member.

use actix_web::post;
use coalition_app::members::{MemberView, NewMember};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Enrols a member; a partner that does so is linked to them.
#[utoipa::path(operation_id = "createMember", tag = "Members", params(IdempotencyKey), request_body = NewMember,
    responses(
        (status = 201, description = "Enrolled.", body = MemberView),
        (status = 409, description = "`card-taken`, `idempotency-in-flight`."),
        (status = 422, description = "`referrer-not-found`, `idempotency-mismatch`."),
    ))]
#[post("/v1/members")]
pub async fn create(call: Call<Body<NewMember>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/members", shared.app.create_member(&caller, input, claim).await?))
}
