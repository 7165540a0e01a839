//! `GET /v1/me/badges`: badges, as they were granted and revoked.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::BadgeView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Badges, as they were granted and revoked.
#[utoipa::path(operation_id = "listMyBadges", tag = "Me", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<BadgeView>),
    ))]
#[get("/v1/me/badges")]
pub async fn badges(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.caller.member()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.badges(&call.caller, id, page).await)
}
