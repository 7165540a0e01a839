//! `PUT /v1/test/clock`: moves business time, on a test program only.

use actix_web::put;
use coalition_app::clock::{ClockView, NewClock};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};

/// Moves business time on every gateway: from then on it stands still until it is moved again.
/// Only a test program has this call.
#[utoipa::path(operation_id = "putClock", tag = "Program", request_body = NewClock,
    responses(
        (status = 200, description = "Moved.", body = ClockView),
    ))]
#[put("/v1/test/clock")]
pub async fn put(call: Call<Body<NewClock>>) -> Reply {
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_clock(&caller, input).await)
}
