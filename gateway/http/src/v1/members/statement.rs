//! `GET /v1/members/{id}/statement`: the member's ledger, proven.

use actix_web::get;
use coalition_domain::evidence::Statement;

use crate::call::Call;
use crate::query::{PartQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// The member's ledger from its beginning, each entry with what proves it, and the balances that they come to. `coalition statement verify`
/// checks it without the gateway.
#[utoipa::path(operation_id = "getStatement", tag = "Members", params(MemberPath, PartQuery),
    responses(
        (status = 200, description = "A part of it.", body = Statement),
        (status = 409, description = "`not-provable`: the database was changed."),
    ))]
#[get("/v1/members/{id}/statement")]
pub async fn statement(call: Call<Query<PartQuery>>) -> Reply {
    let id = call.id()?;
    let part = call.input.0.part()?;
    shown(call.app().member_statement(&call.caller, id, part).await)
}
