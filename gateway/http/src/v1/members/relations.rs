//! `PUT /v1/members/{id}/relations`: who brought a member, and who enrolled them.

use actix_web::put;
use coalition_app::relations::{NewRelations, RelationsView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::MemberPath;

/// Says who brought a member, and which staff member enrolled them; fixed once rules have rewarded something by it.
#[utoipa::path(operation_id = "putRelations", tag = "Members", params(MemberPath), request_body = NewRelations,
    responses(
        (status = 200, description = "Set.", body = RelationsView),
        (status = 409, description = "`relations-fixed`, `member-erased`."),
        (status = 422, description = "`referrer-not-found`, `enroller-not-found`, `self-referral`."),
    ))]
#[put("/v1/members/{id}/relations")]
pub async fn put(call: Call<Body<NewRelations>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_relations(&caller, id, input).await)
}
