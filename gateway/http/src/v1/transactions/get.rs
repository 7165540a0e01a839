//! `GET /v1/transactions/{id}`: a purchase.

use actix_web::get;
use coalition_app::transactions::TransactionView;

use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::TransactionPath;

/// A purchase as it stands now.
#[utoipa::path(operation_id = "getTransaction", tag = "Transactions", params(TransactionPath),
    responses(
        (status = 200, description = "As it stands.", body = TransactionView),
    ))]
#[get("/v1/transactions/{id}")]
pub async fn get(call: Call) -> Reply {
    shown(call.app().transaction(&call.caller, call.id()?).await)
}
