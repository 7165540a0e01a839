//! `POST /v1/decisions/{id}/replay`: runs the rules again on what they saw.

use actix_web::post;
use coalition_app::decisions::ReplayView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::DecisionPath;

/// Runs the rules again on what they saw, and compares effects and state. Writes nothing.
#[utoipa::path(operation_id = "replayDecision", tag = "Decisions", params(DecisionPath),
    responses(
        (status = 200, description = "How they compare.", body = ReplayView),
        (status = 409, description = "`not-replayable`: the decision has no answer to compare with."),
    ))]
#[post("/v1/decisions/{id}/replay")]
pub async fn replay(call: Call) -> Reply {
    shown(call.app().replay(&call.caller, call.id()?).await)
}
