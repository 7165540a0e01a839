//! `GET /v1/ledger/verify`: recomputes the books.

use actix_web::get;
use coalition_app::verify::Verification;

use crate::call::Call;
use crate::reply::{Reply, shown};

/// Recomputes balances, lots and the chain of blocks from what was written, compares the checkpoints that this gateway has signed, and
/// tells what does not agree.
#[utoipa::path(operation_id = "verifyLedger", tag = "Ledger",
    responses(
        (status = 200, description = "As it stands.", body = Verification),
    ))]
#[get("/v1/ledger/verify")]
pub async fn verify(call: Call) -> Reply {
    shown(call.app().verify(&call.caller).await)
}
