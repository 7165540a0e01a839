//! `GET /v1/me/vouchers`: vouchers that rules issued.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::VoucherView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};

/// Vouchers that rules issued.
#[utoipa::path(operation_id = "listMyVouchers", tag = "Me", params(PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<VoucherView>),
    ))]
#[get("/v1/me/vouchers")]
pub async fn vouchers(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.caller.member()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.vouchers(&call.caller, id, page).await)
}
