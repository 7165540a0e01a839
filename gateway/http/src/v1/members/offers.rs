//! `GET /v1/members/{id}/offers`: what the member can get.

use actix_web::get;
use coalition_app::redemptions::OffersView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// What the member can get now, from every partner's rules.
#[utoipa::path(operation_id = "listMemberOffers", tag = "Members", params(MemberPath),
    responses(
        (status = 200, description = "As it stands.", body = OffersView),
    ))]
#[get("/v1/members/{id}/offers")]
pub async fn offers(call: Call) -> Reply {
    shown(call.app().offers(&call.caller, Some(call.id()?)).await)
}
