//! `PUT /v1/partners/{id}/subscriptions`: the grant to see the coalition's events.

use actix_web::put;
use coalition_app::subscriptions::{NewSubscription, SubscriptionView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::PartnerPath;

/// Grants a partner's rules the sight of purchases at other partners, or takes it back: of each the partner, the kind, the time and the total.
#[utoipa::path(operation_id = "putSubscription", tag = "Partners", params(PartnerPath), request_body = NewSubscription,
    responses(
        (status = 200, description = "Set.", body = SubscriptionView),
        (status = 409, description = "`operator-partner`."),
        (status = 422, description = "`partner-not-found`."),
    ))]
#[put("/v1/partners/{id}/subscriptions")]
pub async fn put(call: Call<Body<NewSubscription>>) -> Reply {
    let id = call.id()?;
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_subscription(&caller, id, input).await)
}
