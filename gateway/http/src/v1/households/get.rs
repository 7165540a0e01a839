//! `GET /v1/households/{id}`: a household.

use actix_web::get;
use coalition_app::households::HouseholdView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::HouseholdPath;

/// A household, to its members and the operator.
#[utoipa::path(operation_id = "getHousehold", tag = "Households", params(HouseholdPath),
    responses(
        (status = 200, description = "As it stands.", body = HouseholdView),
    ))]
#[get("/v1/households/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().household(&call.caller, call.id()?).await)
}
