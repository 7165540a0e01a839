//! `POST /v1/members/{id}/transfers`: gives points to another member.

use actix_web::post;
use coalition_app::transfers::{NewTransfer, TransferView};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::MemberPath;

/// Gives a member's points to another, within the program's limits. The lots are cut: what is received keeps issuer, price and expiry. By the
/// member's own token, or the operator.
#[utoipa::path(operation_id = "createTransfer", tag = "Members", params(MemberPath, IdempotencyKey), request_body = NewTransfer,
    responses(
        (status = 201, description = "Given.", body = TransferView),
        (status = 200, description = "Given before under this `external_id`: the first answer.", body = TransferView),
        (status = 404, description = "`member-not-found`, where it is the one to receive."),
        (status = 409, description = "`transfers-off`, `transfer-too-small`, `transfer-daily-limit`, `transfer-yearly-limit`, `transfer-cooling-off`, `same-member`, `insufficient-points`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/members/{id}/transfers")]
pub async fn create(call: Call<Body<NewTransfer>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.transfer(&caller, id, input, claim).await?))
}
