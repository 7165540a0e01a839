//! `GET /v1/campaigns/{id}`: a campaign.

use actix_web::get;
use coalition_app::campaigns::CampaignView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::CampaignPath;

/// A campaign as it stands; to a partner that takes part in it, too.
#[utoipa::path(operation_id = "getCampaign", tag = "Campaigns", params(CampaignPath),
    responses(
        (status = 200, description = "As it stands.", body = CampaignView),
    ))]
#[get("/v1/campaigns/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().campaign(&call.caller, call.id()?).await)
}
