//! `POST /v1/vouchers/{code}/use`: uses a voucher.

use actix_web::post;
use coalition_app::voucher_use::{NewVoucherUse, VoucherUsed};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::VoucherPath;

/// Uses a voucher that the partner's rules issued: once. The same `external_id` and body again get the first answer.
#[utoipa::path(operation_id = "useVoucher", tag = "Redemptions", params(VoucherPath, IdempotencyKey), request_body = NewVoucherUse,
    responses(
        (status = 200, description = "Used.", body = VoucherUsed),
        (status = 409, description = "`voucher-used`, `voucher-revoked`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 410, description = "`voucher-expired`."),
        (status = 422, description = "`idempotency-mismatch`."),
    ))]
#[post("/v1/vouchers/{code}/use")]
pub async fn use_up(call: Call<Body<NewVoucherUse>>) -> Reply {
    let code = call.segment("code").to_owned();
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.use_voucher(&caller, &code, input, claim).await?))
}
