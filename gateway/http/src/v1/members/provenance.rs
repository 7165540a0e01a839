//! `GET /v1/members/{id}/provenance`: where the points of a member's redemptions came from.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::provenance::ProvenanceView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Where the points of each of a member's redemptions came from, newest first; for the operator.
#[utoipa::path(operation_id = "listProvenance", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<ProvenanceView>),
    ))]
#[get("/v1/members/{id}/provenance")]
pub async fn provenance(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.provenance_of(&call.caller, id, page).await)
}
