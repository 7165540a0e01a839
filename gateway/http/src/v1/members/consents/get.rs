//! `GET /v1/members/{id}/consents`: what a member lets partners' rules see.

use actix_web::get;
use coalition_app::consents::ConsentsView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// What a member lets which partner's rules see; the member's and the operator's.
#[utoipa::path(operation_id = "getConsents", tag = "Members", params(MemberPath),
    responses(
        (status = 200, description = "All of it.", body = ConsentsView),
    ))]
#[get("/v1/members/{id}/consents")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().consents(&call.caller, call.id()?).await)
}
