//! `GET /v1/redemptions/{id}/provenance`: where the points came from.

use actix_web::get;
use coalition_app::provenance::ProvenanceView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::RedemptionPath;

/// Where the points of a redemption came from: who issued them, at which price, by which decision. The reward's partner is told of its own
/// points, and how many the others are; the member who issued them; the operator everything.
#[utoipa::path(operation_id = "getProvenance", tag = "Redemptions", params(RedemptionPath),
    responses(
        (status = 200, description = "Lot by lot.", body = ProvenanceView),
    ))]
#[get("/v1/redemptions/{id}/provenance")]
pub async fn provenance(call: Call) -> Reply {
    shown(call.app().provenance(&call.caller, call.id()?).await)
}
