//! `POST /v1/partners/{id}/resume`: lets a suspended partner work again.

use actix_web::post;
use coalition_app::partners::PartnerView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::PartnerPath;

/// Lets a suspended partner work again.
#[utoipa::path(operation_id = "resumePartner", tag = "Partners", params(PartnerPath, IdempotencyKey),
    responses(
        (status = 200, description = "As it stands now.", body = PartnerView),
    ))]
#[post("/v1/partners/{id}/resume")]
pub async fn resume(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().resume_partner(&call.caller, id, claim).await?))
}
