//! `GET /v1/plugins/{id}`: a version.

use actix_web::get;
use coalition_app::plugins::PluginView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::PluginPath;

/// A version, with its run figures.
#[utoipa::path(operation_id = "getPlugin", tag = "Plugins", params(PluginPath),
    responses(
        (status = 200, description = "As it stands.", body = PluginView),
    ))]
#[get("/v1/plugins/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().plugin(&call.caller, call.id()?).await)
}
