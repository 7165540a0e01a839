//! `GET /v1/campaigns`: every campaign.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::campaigns::CampaignView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Campaigns, newest first; a partner sees those that it takes part in.
#[utoipa::path(operation_id = "listCampaigns", tag = "Campaigns", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<CampaignView>),
    ))]
#[get("/v1/campaigns")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.campaigns(&call.caller, page).await)
}
