//! `GET /v1/partners/{id}`: a partner.

use actix_web::get;
use coalition_app::partners::PartnerView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::PartnerPath;

/// A partner.
#[utoipa::path(operation_id = "getPartner", tag = "Partners", params(PartnerPath),
    responses(
        (status = 200, description = "As it stands.", body = PartnerView),
    ))]
#[get("/v1/partners/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().partner(&call.caller, call.id()?).await)
}
