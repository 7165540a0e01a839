//! `DELETE /v1/partners/{id}/credentials/{client_id}`: ends a client.

use actix_web::delete;

use crate::call::Call;
use crate::reply::{Reply, nothing};
use crate::v1::paths::{ClientPath, PartnerPath};

/// Ends a client: its tokens are refused within 5 seconds, at every gateway.
#[utoipa::path(operation_id = "deleteCredentials", tag = "Partners", params(PartnerPath, ClientPath),
    responses(
        (status = 204, description = "Ended."),
        (status = 409, description = "`last-credentials`: without them nobody could come in again."),
    ))]
#[delete("/v1/partners/{id}/credentials/{client_id}")]
pub async fn delete(call: Call) -> Reply {
    call.app().delete_credentials(&call.caller, call.id()?, call.segment("client_id")).await?;
    Ok(nothing())
}
