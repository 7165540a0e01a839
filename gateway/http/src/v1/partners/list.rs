//! `GET /v1/partners`: every partner.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::partners::PartnerView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Every partner, newest first.
#[utoipa::path(operation_id = "listPartners", tag = "Partners", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<PartnerView>),
    ))]
#[get("/v1/partners")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.partners(&call.caller, page).await)
}
