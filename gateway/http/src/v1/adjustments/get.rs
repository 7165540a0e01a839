//! `GET /v1/adjustments/{id}`: an adjustment.

use actix_web::get;
use coalition_app::adjustments::AdjustmentView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::AdjustmentPath;

/// An adjustment.
#[utoipa::path(operation_id = "getAdjustment", tag = "Adjustments", params(AdjustmentPath),
    responses(
        (status = 200, description = "As it stands.", body = AdjustmentView),
    ))]
#[get("/v1/adjustments/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().adjustment(&call.caller, call.id()?).await)
}
