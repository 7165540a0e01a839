//! `DELETE /v1/members/{id}`: erases personal data.

use actix_web::delete;

use crate::call::Call;
use crate::reply::{Reply, nothing};
use crate::v1::paths::MemberPath;

/// Erases personal data and keeps the ledger.
#[utoipa::path(operation_id = "deleteMember", tag = "Members", params(MemberPath),
    responses(
        (status = 204, description = "Erased."),
    ))]
#[delete("/v1/members/{id}")]
pub async fn delete(call: Call) -> Reply {
    call.app().erase_member(&call.caller, call.id()?).await?;
    Ok(nothing())
}
