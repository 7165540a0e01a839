//! `GET /v1/analytics/liability`: what is owed to members.

use actix_web::get;
use coalition_app::analytics::Liability;

use super::MonthsQuery;
use crate::call::Call;
use crate::query::Query;
use crate::reply::{Reply, shown};

/// Points outstanding, and what became of them, by issuer and month.
#[utoipa::path(operation_id = "getLiability", tag = "Analytics", params(MonthsQuery),
    responses(
        (status = 200, description = "By month and issuer.", body = Liability),
    ))]
#[get("/v1/analytics/liability")]
pub async fn liability(call: Call<Query<MonthsQuery>>) -> Reply {
    let Call { caller, input: Query(query), shared, .. } = call;
    shown(shared.app.liability(&caller, &query.into()).await)
}
