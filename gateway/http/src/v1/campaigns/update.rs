//! `PATCH /v1/campaigns/{id}`: changes a campaign.

use actix_web::patch;
use coalition_app::campaigns::{CampaignPatch, CampaignView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::CampaignPath;

/// Changes what is given: the budget, the window, whether it is closed. What was awarded under it stays.
#[utoipa::path(operation_id = "updateCampaign", tag = "Campaigns", params(CampaignPath), request_body = CampaignPatch,
    responses(
        (status = 200, description = "Changed.", body = CampaignView),
    ))]
#[patch("/v1/campaigns/{id}")]
pub async fn update(call: Call<Body<CampaignPatch>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.patch_campaign(&caller, id, input).await)
}
