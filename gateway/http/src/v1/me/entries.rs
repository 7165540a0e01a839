//! `GET /v1/me/entries`: the member's ledger, newest first, each with its partner, reason and decision.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::EntryView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Your ledger, newest first, each with its partner, reason and decision.
#[utoipa::path(operation_id = "listMyEntries", tag = "Me", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<EntryView>),
    ))]
#[get("/v1/me/entries")]
pub async fn entries(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.caller.member()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.entries(&call.caller, id, page).await)
}
