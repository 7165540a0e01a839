//! `DELETE /v1/members/{id}/alias`: forgets the partner's own customer number.

use actix_web::delete;

use crate::call::Call;
use crate::reply::{Reply, nothing};
use crate::v1::paths::MemberPath;

/// Forgets the partner's own customer number; the link stays.
#[utoipa::path(operation_id = "deleteAlias", tag = "Members", params(MemberPath),
    responses(
        (status = 204, description = "Forgotten."),
    ))]
#[delete("/v1/members/{id}/alias")]
pub async fn delete(call: Call) -> Reply {
    call.app().delete_alias(&call.caller, call.id()?).await?;
    Ok(nothing())
}
