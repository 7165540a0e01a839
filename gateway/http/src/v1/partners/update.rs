//! `PATCH /v1/partners/{id}`: changes a partner.

use actix_web::patch;
use coalition_app::partners::{PartnerPatch, PartnerView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::PartnerPath;

/// Changes what is given. New prices hold from now on.
#[utoipa::path(operation_id = "updatePartner", tag = "Partners", params(PartnerPath), request_body = PartnerPatch,
    responses(
        (status = 200, description = "Changed.", body = PartnerView),
    ))]
#[patch("/v1/partners/{id}")]
pub async fn update(call: Call<Body<PartnerPatch>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.patch_partner(&caller, id, input).await)
}
