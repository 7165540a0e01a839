//! `DELETE /v1/members/{id}`: closes a member's account.

use actix_web::delete;

use crate::call::Call;
use crate::reply::{Reply, nothing};
use crate::v1::paths::MemberPath;

/// Closes the account: erases personal data, ends open holds, gives up what is left, and keeps the ledger.
#[utoipa::path(operation_id = "deleteMember", tag = "Members", params(MemberPath),
    responses(
        (status = 204, description = "Closed and erased."),
    ))]
#[delete("/v1/members/{id}")]
pub async fn delete(call: Call) -> Reply {
    call.app().erase_member(&call.caller, call.id()?).await?;
    Ok(nothing())
}
