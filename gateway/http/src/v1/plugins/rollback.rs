//! `POST /v1/plugins/rollback`: back to the rules before.

use actix_web::post;
use coalition_app::plugins::PluginView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};

/// Makes the version and configuration live that were so before those of now; once more goes back one further.
#[utoipa::path(operation_id = "rollBackPlugin", tag = "Plugins", params(IdempotencyKey),
    responses(
        (status = 200, description = "Live again.", body = PluginView),
        (status = 409, description = "`nothing-before`: no other version or configuration was live before."),
    ))]
#[post("/v1/plugins/rollback")]
pub async fn rollback(call: Call) -> Reply {
    let claim = call.claim(&())?;
    Ok(answer(call.app().roll_back(&call.caller, claim).await?))
}
