//! `GET /v1/transactions`: the partner's purchases.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::transactions::TransactionView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// The partner's own purchases, newest first.
#[utoipa::path(operation_id = "listTransactions", tag = "Transactions", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<TransactionView>),
    ))]
#[get("/v1/transactions")]
pub async fn list(call: Call<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    shown(call.shared.app.transactions(&call.caller, page).await)
}
