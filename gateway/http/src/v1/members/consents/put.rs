//! `PUT /v1/members/{id}/consents`: says what partners' rules may see.

use actix_web::put;
use coalition_app::consents::{ConsentsView, NewConsents};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Says what a member lets which partner's rules see, in place of what was said before; the member's and the operator's.
#[utoipa::path(operation_id = "putConsents", tag = "Members", params(MemberPath), request_body = NewConsents,
    responses(
        (status = 200, description = "Set.", body = ConsentsView),
        (status = 409, description = "`member-erased`."),
        (status = 422, description = "`partner-not-found`."),
    ))]
#[put("/v1/members/{id}/consents")]
pub async fn put(call: Call<Body<NewConsents>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_consents(&caller, id, input).await)
}
