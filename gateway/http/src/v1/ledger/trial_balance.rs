//! `GET /v1/ledger/trial-balance`: every account; the sum is zero.

use actix_web::get;
use coalition_app::reports::TrialBalance;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// Every account with its debits and credits; the sum is zero.
#[utoipa::path(operation_id = "getTrialBalance", tag = "Ledger",
    responses(
        (status = 200, description = "As it stands.", body = TrialBalance),
    ))]
#[get("/v1/ledger/trial-balance")]
pub async fn trial_balance(call: Call) -> Reply {
    shown(call.app().trial_balance(&call.caller).await)
}
