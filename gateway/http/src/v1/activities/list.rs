//! `GET /v1/activities`: the partner's activities.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::activities::ActivityView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// The partner's own activities, newest first.
#[utoipa::path(operation_id = "listActivities", tag = "Activities", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<ActivityView>),
    ))]
#[get("/v1/activities")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.activities(&call.caller, page).await)
}
