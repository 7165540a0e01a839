//! `PATCH /v1/members/{id}`: changes personal data.

use actix_web::patch;
use coalition_app::members::{MemberPatch, MemberView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Changes what is given of the personal data.
#[utoipa::path(operation_id = "updateMember", tag = "Members", params(MemberPath), request_body = MemberPatch,
    responses(
        (status = 200, description = "Changed.", body = MemberView),
        (status = 409, description = "`card-taken`, `member-erased`."),
    ))]
#[patch("/v1/members/{id}")]
pub async fn update(call: Call<Body<MemberPatch>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.patch_member(&caller, id, input).await)
}
