//! `POST /v1/plugins/{id}/deactivate`: ends a live version.

use actix_web::post;
use coalition_app::plugins::PluginView;

use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::PluginPath;

/// Ends a live version: the partner then has no rules. Once more changes nothing.
#[utoipa::path(operation_id = "deactivatePlugin", tag = "Plugins", params(PluginPath, IdempotencyKey),
    responses(
        (status = 200, description = "Ended.", body = PluginView),
    ))]
#[post("/v1/plugins/{id}/deactivate")]
pub async fn deactivate(call: Call) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&())?;
    Ok(answer(call.app().deactivate_plugin(&call.caller, id, claim).await?))
}
