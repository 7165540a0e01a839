//! `DELETE /v1/households/{id}/members`: lets somebody go.

use actix_web::delete;

use crate::call::Call;
use crate::query::{NamedMemberQuery, Query};
use crate::reply::{Reply, nothing};
use crate::v1::paths::HouseholdPath;

/// Lets somebody go, with what is their own: whose token it is, who so declines an invitation as well, or whom the operator names.
#[utoipa::path(operation_id = "removeHouseholdMember", tag = "Households", params(HouseholdPath, NamedMemberQuery),
    responses(
        (status = 204, description = "Gone."),
    ))]
#[delete("/v1/households/{id}/members")]
pub async fn delete(call: Call<Query<NamedMemberQuery>>) -> Reply {
    let member = call.input.0.member()?;
    call.app().leave_household(&call.caller, call.id()?, member).await?;
    Ok(nothing())
}
