//! `POST /v1/me/codes`: a one-time code for the till.

use actix_web::post;
use coalition_app::me_codes::CodeView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};

/// A one-time code that a till takes as the sign that you stand there; good for two minutes.
#[utoipa::path(operation_id = "createCode", tag = "Me", params(IdempotencyKey),
    responses(
        (status = 201, description = "The code.", body = CodeView),
        (status = 429, description = "`too-many-codes`; or too many calls with this credential."),
    ))]
#[post("/v1/me/codes")]
pub async fn create(call: Call) -> Reply {
    let claim = call.claim(&())?;
    Ok(answer(call.app().create_code(&call.caller, claim).await?))
}
