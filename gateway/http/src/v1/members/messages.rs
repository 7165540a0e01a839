//! `GET /v1/members/{id}/messages`: what rules told the member.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::MessageView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// What rules told the member.
#[utoipa::path(operation_id = "listMessages", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<MessageView>),
    ))]
#[get("/v1/members/{id}/messages")]
pub async fn messages(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.messages(&call.caller, id, page).await)
}
