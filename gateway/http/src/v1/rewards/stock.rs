//! `PUT /v1/rewards/{reward}/stock`: how many pieces are left.

use actix_web::put;
use coalition_app::stock::{NewStock, StockView};

use crate::body::Body;
use crate::call::Call;
use crate::reply::{Reply, shown};
use crate::v1::paths::RewardPath;

/// Sets how many pieces of a reward are left, for rewards that count them.
#[utoipa::path(operation_id = "putStock", tag = "Plugins", params(RewardPath), request_body = NewStock,
    responses((status = 200, description = "Set.", body = StockView)))]
#[put("/v1/rewards/{reward}/stock")]
pub async fn put(call: Call<Body<NewStock>>) -> Reply {
    let reward = call.segment("reward").to_owned();
    let Call { caller, input: Body(input), shared, .. } = call;
    shown(shared.app.put_stock(&caller, &reward, input).await)
}
