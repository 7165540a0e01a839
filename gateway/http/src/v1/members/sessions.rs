//! `POST /v1/members/{id}/sessions`: a token for a member.

use actix_web::post;
use coalition_app::tokens::TokenAnswer;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::MemberPath;

/// A token for the member. One that a partner minted reads, and redeems at that partner only.
#[utoipa::path(operation_id = "createSession", tag = "Members", params(MemberPath, IdempotencyKey),
    responses(
        (status = 201, description = "The token.", body = TokenAnswer),
    ))]
#[post("/v1/members/{id}/sessions")]
pub async fn create(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().create_session(&call.caller, id, claim).await?))
}
