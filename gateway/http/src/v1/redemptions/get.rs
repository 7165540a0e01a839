//! `GET /v1/redemptions/{id}`: a redemption.

use actix_web::get;
use coalition_app::views::RedemptionView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::RedemptionPath;

/// A redemption as it stands now.
#[utoipa::path(operation_id = "getRedemption", tag = "Redemptions", params(RedemptionPath),
    responses(
        (status = 200, description = "As it stands.", body = RedemptionView),
    ))]
#[get("/v1/redemptions/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().redemption(&call.caller, call.id()?).await)
}
