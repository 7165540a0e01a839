//! `POST /v1/campaigns`: opens a campaign.

use actix_web::post;
use coalition_app::campaigns::{CampaignView, NewCampaign};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Opens a campaign: a budget, a window, and who funds which part. Rules name it by its slug.
#[utoipa::path(operation_id = "createCampaign", tag = "Campaigns", params(IdempotencyKey), request_body = NewCampaign,
    responses(
        (status = 201, description = "Opened.", body = CampaignView),
        (status = 409, description = "`slug-taken`, `idempotency-in-flight`."),
        (status = 422, description = "`unknown-partner`, `idempotency-mismatch`."),
    ))]
#[post("/v1/campaigns")]
pub async fn create(call: Call<Body<NewCampaign>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/campaigns", shared.app.create_campaign(&caller, input, claim).await?))
}
