//! `POST /v1/partners`: admits a partner.

use actix_web::post;
use coalition_app::partners::{AdmittedPartner, NewPartner};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer_under};

/// Admits a partner. Its secret is shown this once.
#[utoipa::path(operation_id = "createPartner", tag = "Partners", params(IdempotencyKey), request_body = NewPartner,
    responses(
        (status = 201, description = "Admitted.", body = AdmittedPartner),
        (status = 409, description = "`slug-taken`, `base-currency-changed`, `idempotency-in-flight`."),
    ))]
#[post("/v1/partners")]
pub async fn create(call: Call<Body<NewPartner>>) -> Reply {
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer_under("/v1/partners", shared.app.create_partner(&caller, input, claim).await?))
}
