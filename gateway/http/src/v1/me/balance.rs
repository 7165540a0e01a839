//! `GET /v1/me/balance`: points.

use actix_web::get;
use coalition_app::balances::BalanceView;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// What you have, at this moment.
#[utoipa::path(operation_id = "getMyBalance", tag = "Me",
    responses(
        (status = 200, description = "As it stands.", body = BalanceView),
    ))]
#[get("/v1/me/balance")]
pub async fn balance(call: Call) -> Reply {
    shown(call.app().balance(&call.caller, call.caller.member()?).await)
}
