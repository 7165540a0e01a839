//! `GET /v1/members/{id}/balance`: points.

use actix_web::get;
use coalition_app::balances::BalanceView;

use crate::call::Call;
use crate::query::{MomentQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// What a member has, at this moment or at a past one.
#[utoipa::path(operation_id = "getBalance", tag = "Members", params(MemberPath, MomentQuery),
    responses(
        (status = 200, description = "As it stands, or stood.", body = BalanceView),
    ))]
#[get("/v1/members/{id}/balance")]
pub async fn balance(call: Call<Query<MomentQuery>>) -> Reply {
    shown(call.app().balance(&call.caller, call.id()?, call.input.0.as_of).await)
}
