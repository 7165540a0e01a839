//! `GET /v1/me/offers`: what the member can get.

use actix_web::get;
use coalition_app::redemptions::OffersView;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// What you can get now, from every partner's rules.
#[utoipa::path(operation_id = "listMyOffers", tag = "Me",
    responses(
        (status = 200, description = "As it stands.", body = OffersView),
    ))]
#[get("/v1/me/offers")]
pub async fn offers(call: Call) -> Reply {
    let id = call.caller.member()?;
    shown(call.app().offers(&call.caller, Some(id)).await)
}
