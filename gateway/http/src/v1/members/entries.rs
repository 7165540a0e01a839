//! `GET /v1/members/{id}/entries`: the member's ledger, newest first, each with its partner, reason and decision.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::EntryView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// The member's ledger, newest first, each with its partner, reason and decision.
#[utoipa::path(operation_id = "listEntries", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<EntryView>),
    ))]
#[get("/v1/members/{id}/entries")]
pub async fn entries(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.entries(&call.caller, id, page).await)
}
