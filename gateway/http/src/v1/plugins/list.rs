//! `GET /v1/plugins`: the partner's versions.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::plugins::PluginView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// The partner's versions, newest first, with their run figures.
#[utoipa::path(operation_id = "listPlugins", tag = "Plugins", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<PluginView>),
    ))]
#[get("/v1/plugins")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.plugins(&call.caller, page).await)
}
