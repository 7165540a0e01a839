//! `GET /v1/decisions/{id}`: what rules saw and said.

use actix_web::get;
use coalition_app::decisions::DecisionView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::DecisionPath;

/// Everything that the rules saw and said, once.
#[utoipa::path(operation_id = "getDecision", tag = "Decisions", params(DecisionPath),
    responses(
        (status = 200, description = "As it stands.", body = DecisionView),
    ))]
#[get("/v1/decisions/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().decision(&call.caller, call.id()?).await)
}
