//! `GET /v1/me/consents`: what a member lets partners' rules see.

use actix_web::get;
use coalition_app::consents::ConsentsView;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// What the member lets which partner's rules see.
#[utoipa::path(operation_id = "getMyConsents", tag = "Me",
    responses(
        (status = 200, description = "All of it.", body = ConsentsView),
    ))]
#[get("/v1/me/consents")]
pub async fn get(call: Call) -> Reply {
    let id = call.caller.member()?;
    shown(call.app().consents(&call.caller, id).await)
}
