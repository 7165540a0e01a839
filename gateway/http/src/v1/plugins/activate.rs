//! `POST /v1/plugins/{id}/activate`: makes a version live.

use actix_web::post;
use coalition_app::activate::NewActivation;
use coalition_app::plugins::PluginView;

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::PluginPath;

/// Makes a version live: when this has answered, no later decision names another.
#[utoipa::path(operation_id = "activatePlugin", tag = "Plugins", params(PluginPath, IdempotencyKey), request_body = NewActivation,
    responses(
        (status = 200, description = "Live.", body = PluginView),
        (status = 422, description = "`invalid-config` with a pointer for each field, `mode-not-supported`, `idempotency-mismatch`."),
    ))]
#[post("/v1/plugins/{id}/activate")]
pub async fn activate(call: Call<Body<NewActivation>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.activate_plugin(&caller, id, input, claim).await?))
}
