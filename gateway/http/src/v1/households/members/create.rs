//! `POST /v1/households/{id}/members`: lets somebody into a household.

use actix_web::post;
use coalition_app::households::{AdmissionView, NewHouseholdMember};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::HouseholdPath;

/// Lets somebody in. A member of the household invites another by naming them; who was invited joins within seven days, by their own token and naming
/// nobody. Whom the operator names has joined at once.
#[utoipa::path(operation_id = "addHouseholdMember", tag = "Households", params(HouseholdPath, IdempotencyKey), request_body = NewHouseholdMember,
    responses(
        (status = 201, description = "`joined` or `invited`.", body = AdmissionView),
        (status = 404, description = "No such household, or no invitation to it; `member-not-found`."),
        (status = 409, description = "`already-in-household`, `household-full`, `households-off`, `too-many-invitations`, `idempotency-in-flight`."),
    ))]
#[post("/v1/households/{id}/members")]
pub async fn create(call: Call<Body<NewHouseholdMember>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.add_household_member(&caller, id, input, claim).await?))
}
