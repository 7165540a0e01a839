//! `GET /v1/members/{id}/balance`: points.

use actix_web::get;
use coalition_app::balances::BalanceView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// What a member has, at this moment.
#[utoipa::path(operation_id = "getBalance", tag = "Members", params(MemberPath),
    responses(
        (status = 200, description = "As it stands.", body = BalanceView),
    ))]
#[get("/v1/members/{id}/balance")]
pub async fn balance(call: Call) -> Reply {
    shown(call.app().balance(&call.caller, call.id()?).await)
}
