//! `GET /v1/me/balance`: points.

use actix_web::get;
use coalition_app::balances::BalanceView;

use crate::call::Call;
use crate::query::{MomentQuery, Query};
use crate::reply::{Reply, shown};

/// What you have, at this moment or at a past one.
#[utoipa::path(operation_id = "getMyBalance", tag = "Me", params(MomentQuery),
    responses(
        (status = 200, description = "As it stands, or stood.", body = BalanceView),
    ))]
#[get("/v1/me/balance")]
pub async fn balance(call: Call<Query<MomentQuery>>) -> Reply {
    shown(call.app().balance(&call.caller, call.caller.member()?, call.input.0.as_of).await)
}
