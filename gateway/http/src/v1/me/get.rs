//! `GET /v1/me`: the token's member.

use actix_web::get;
use coalition_app::members::MemberView;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// You.
#[utoipa::path(operation_id = "getMe", tag = "Me",
    responses(
        (status = 200, description = "As it stands.", body = MemberView),
    ))]
#[get("/v1/me")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().me(&call.caller).await)
}
