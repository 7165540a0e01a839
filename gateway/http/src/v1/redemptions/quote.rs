//! `POST /v1/redemptions/quote`: what a reward would cost.

use actix_web::post;
use coalition_app::redemptions::{NewRedemption, QuoteView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};

/// What a reward would cost; holds nothing.
#[utoipa::path(operation_id = "quoteRedemption", tag = "Redemptions", request_body = NewRedemption,
    responses(
        (status = 200, description = "The price.", body = QuoteView),
        (status = 404, description = "`member-not-found`."),
        (status = 409, description = "`not-eligible`, `out-of-stock`."),
    ))]
#[post("/v1/redemptions/quote")]
pub async fn quote(call: Call<Body<NewRedemption>>) -> Reply {
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.quote(&caller, input).await)
}
