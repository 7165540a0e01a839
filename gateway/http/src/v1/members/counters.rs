//! `GET /v1/members/{id}/counters`: counters, as they stand.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::CounterView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Counters, as they stand.
#[utoipa::path(operation_id = "listCounters", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<CounterView>),
    ))]
#[get("/v1/members/{id}/counters")]
pub async fn counters(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.counters(&call.caller, id, page).await)
}
