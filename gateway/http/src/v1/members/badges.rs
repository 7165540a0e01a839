//! `GET /v1/members/{id}/badges`: badges, as they were granted and revoked.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::BadgeView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Badges, as they were granted and revoked.
#[utoipa::path(operation_id = "listBadges", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<BadgeView>),
    ))]
#[get("/v1/members/{id}/badges")]
pub async fn badges(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.badges(&call.caller, id, page).await)
}
