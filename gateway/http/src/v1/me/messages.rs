//! `GET /v1/me/messages`: what rules told the member.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::MessageView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// What rules told you.
#[utoipa::path(operation_id = "listMyMessages", tag = "Me", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<MessageView>),
    ))]
#[get("/v1/me/messages")]
pub async fn messages(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.caller.member()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.messages(&call.caller, id, page).await)
}
