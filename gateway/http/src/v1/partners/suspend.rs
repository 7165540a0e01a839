//! `POST /v1/partners/{id}/suspend`: suspends a partner: its tokens are refused within 5 seconds, at every gateway.

use actix_web::post;
use coalition_app::partners::PartnerView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::PartnerPath;

/// Suspends a partner: its tokens are refused within 5 seconds, at every gateway.
#[utoipa::path(operation_id = "suspendPartner", tag = "Partners", params(PartnerPath, IdempotencyKey),
    responses(
        (status = 200, description = "As it stands now.", body = PartnerView),
        (status = 409, description = "`operator-partner`: the operator can't be suspended; `idempotency-in-flight`."),
    ))]
#[post("/v1/partners/{id}/suspend")]
pub async fn suspend(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().suspend_partner(&call.caller, id, claim).await?))
}
