//! `GET /v1/adjustments`: every adjustment.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::adjustments::AdjustmentView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Every adjustment, newest first.
#[utoipa::path(operation_id = "listAdjustments", tag = "Adjustments", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<AdjustmentView>),
    ))]
#[get("/v1/adjustments")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.adjustments(&call.caller, page).await)
}
