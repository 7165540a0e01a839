//! `GET /v1/activities/{id}`: an activity.

use actix_web::get;
use coalition_app::activities::ActivityView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::ActivityPath;

/// An activity as it stands now.
#[utoipa::path(operation_id = "getActivity", tag = "Activities", params(ActivityPath),
    responses(
        (status = 200, description = "As it stands.", body = ActivityView),
    ))]
#[get("/v1/activities/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().activity(&call.caller, call.id()?).await)
}
