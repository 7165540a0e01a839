//! `GET /v1/ledger/checkpoints`: what this gateway has signed.

use actix_web::get;
use coalition_app::checkpoints::CheckpointList;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// The checkpoints in this gateway's own log, newest first, and the keys to check them with. Each gateway has a log of its own.
#[utoipa::path(operation_id = "listCheckpoints", tag = "Ledger", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = CheckpointList),
    ))]
#[get("/v1/ledger/checkpoints")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.list_checkpoints(&call.caller, page).await)
}
