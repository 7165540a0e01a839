//! `POST /v1/plugins`: a partner's rules, as a WebAssembly component.

use actix_web::post;
use coalition_app::plugins::PluginView;

use crate::body::Component;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Takes a component, checks everything about it that can be checked, and keeps it, ready to be made live.
#[utoipa::path(operation_id = "uploadPlugin", tag = "Plugins", params(IdempotencyKey),
    request_body(content = Vec<u8>, content_type = "application/wasm", description = "The component, at most 1 MiB, or 16 MiB where it brings its own engine."),
    responses(
        (status = 201, description = "Ready.", body = PluginView),
        (status = 200, description = "These very bytes were uploaded before.", body = PluginView),
        (status = 422, description = "`plugin-rejected`: `errors` has every violation; or `idempotency-mismatch`."),
        (status = 429, description = "`too-many-uploads` wait to be checked; or too many calls with this credential."),
    ))]
#[post("/v1/plugins")]
pub async fn upload(call: Call<Component>) -> Reply {
    let claim = call.claim_bytes(&call.input.0)?;
    let Call { caller, input: Component(bytes), shared, .. } = call;
    Ok(answer_under("/v1/plugins", shared.app.upload_plugin(&caller, bytes.to_vec(), claim).await?))
}
