//! `GET /v1/members/{id}/vouchers`: vouchers that rules issued.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::balances::VoucherView;

use crate::call::Call;
use crate::query::{PageQuery, Query};
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Vouchers that rules issued.
#[utoipa::path(operation_id = "listVouchers", tag = "Members", params(MemberPath, PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Listing<VoucherView>),
    ))]
#[get("/v1/members/{id}/vouchers")]
pub async fn vouchers(call: Call<Query<PageQuery>>) -> Reply {
    let id = call.id()?;
    let page = call.input.0.page()?;
    shown(call.shared.app.vouchers(&call.caller, id, page).await)
}
