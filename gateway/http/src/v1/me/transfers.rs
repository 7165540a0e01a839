//! `POST /v1/me/transfers`: gives points to another member.

use actix_web::post;
use coalition_app::transfers::{NewTransfer, TransferView};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};

/// Gives your points to another member, within the program's limits. A session that a partner minted can't.
#[utoipa::path(operation_id = "createMyTransfer", tag = "Me", params(IdempotencyKey), request_body = NewTransfer,
    responses(
        (status = 201, description = "Given.", body = TransferView),
        (status = 200, description = "Given before under this `external_id`: the first answer.", body = TransferView),
        (status = 404, description = "`member-not-found`."),
        (status = 409, description = "`transfers-off`, `transfer-too-small`, `transfer-daily-limit`, `transfer-yearly-limit`, `transfer-cooling-off`, `same-member`, `insufficient-points`, `external-id-conflict`, `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/me/transfers")]
pub async fn create(call: Call<Body<NewTransfer>>) -> Reply {
    let own = call.caller.member()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.transfer(&caller, own, input, claim).await?))
}
