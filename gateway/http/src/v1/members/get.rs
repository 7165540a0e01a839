//! `GET /v1/members/{id}`: a member.

use actix_web::get;
use coalition_app::members::MemberView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// A member. A partner sees those that are linked to it.
#[utoipa::path(operation_id = "getMember", tag = "Members", params(MemberPath),
    responses(
        (status = 200, description = "As it stands.", body = MemberView),
    ))]
#[get("/v1/members/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().member(&call.caller, call.id()?).await)
}
