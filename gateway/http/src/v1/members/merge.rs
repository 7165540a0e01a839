//! `POST /v1/members/{id}/merge`: one member becomes another.

use actix_web::post;
use coalition_app::merges::{MergeView, NewMerge};

use crate::body::Body;
use crate::call::Call;
use crate::openapi::IdempotencyKey;
use crate::reply::{Reply, answer};
use crate::v1::paths::MemberPath;

/// Merges a member into another, as after a lost card: points and what is owed go over, what partners know is united, all history is kept. The old
/// id, card, aliases, codes and sessions answer as the other from then on. The operator's.
#[utoipa::path(operation_id = "mergeMember", tag = "Members", params(MemberPath, IdempotencyKey), request_body = NewMerge,
    responses(
        (status = 200, description = "Merged.", body = MergeView),
        (status = 404, description = "Not there; `member-not-found`, where it is the other."),
        (status = 409, description = "`holds-open`, `decisions-deferred`, `already-merged`, `same-member`, `idempotency-in-flight`."),
        (status = 422, description = "`points-overflow`, `idempotency-mismatch`."),
    ))]
#[post("/v1/members/{id}/merge")]
pub async fn merge(call: Call<Body<NewMerge>>) -> Reply {
    let id = call.id()?;
    let claim = call.claim(&call.input.0)?;
    let Call { caller, input: Body(input), shared, .. } = call;
    Ok(answer(shared.app.merge_member(&caller, id, input, claim).await?))
}
