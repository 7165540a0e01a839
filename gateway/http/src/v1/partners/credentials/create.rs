//! `POST /v1/partners/{id}/credentials`: another client for a partner.

use actix_web::post;
use coalition_app::clients::{CredentialsView, NewCredentials};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::PartnerPath;

/// Makes another client for a partner, so that a secret can be changed without a gap. The secret is shown this once.
#[utoipa::path(operation_id = "createCredentials", tag = "Partners", params(PartnerPath, IdempotencyKey), request_body = NewCredentials,
    responses(
        (status = 201, description = "Made.", body = CredentialsView),
        (status = 409, description = "`too-many-credentials`, `idempotency-in-flight`."),
    ))]
#[post("/v1/partners/{id}/credentials")]
pub async fn create(call: Call<Body<NewCredentials>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.create_credentials(&caller, id, input, claim).await?))
}
