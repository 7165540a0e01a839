//! `GET /v1/me/counters`: counters, as they stand.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::CounterView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Counters, as they stand.
#[utoipa::path(operation_id = "listMyCounters", tag = "Me", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<CounterView>),
    ))]
#[get("/v1/me/counters")]
pub async fn counters(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.caller.member()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.counters(&call.caller, id, page).await)
}
