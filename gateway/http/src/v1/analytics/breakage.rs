//! `GET /v1/analytics/breakage`: what ran out unspent.

use actix_web::get;
use coalition_app::analytics::Breakage;

use super::MonthsQuery;
use crate::call::Call;
use crate::query::Query;
use crate::reply::{Reply, shown};

/// Points that ran out unspent, by issuer and month, and what they were issued for.
#[utoipa::path(operation_id = "getBreakage", tag = "Analytics", params(MonthsQuery),
    responses(
        (status = 200, description = "By month and issuer.", body = Breakage),
    ))]
#[get("/v1/analytics/breakage")]
pub async fn breakage(call: Call<Query<MonthsQuery>>) -> Reply {
    let Call { caller, input: Query(query), shared, .. } = call;
    shown(shared.app.breakage(&caller, &query.into()).await)
}
