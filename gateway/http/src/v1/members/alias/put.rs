//! `PUT /v1/members/{id}/alias`: the partner's own customer number.

use actix_web::put;
use coalition_app::members::{MemberView, NewAlias};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Sets the partner's own customer number for a member.
#[utoipa::path(operation_id = "putAlias", tag = "Members", params(MemberPath), request_body = NewAlias,
    responses(
        (status = 200, description = "Set.", body = MemberView),
        (status = 409, description = "`alias-taken`, `member-erased`."),
    ))]
#[put("/v1/members/{id}/alias")]
pub async fn put(call: Call<Body<NewAlias>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_alias(&caller, id, input).await)
}
