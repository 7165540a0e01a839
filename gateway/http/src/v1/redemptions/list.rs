//! `GET /v1/redemptions`: those that the caller may see, or the one with a voucher's code.

use actix_web::get;
use coalition_app::Listing;
use coalition_app::views::RedemptionView;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::call::Call;
use crate::problem::Problem;
use crate::query::{Query, page};
use crate::reply::{Reply, shown, view};

/// A page, or a code.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RedemptionsQuery {
    /// How many items at most; 50 where it isn't given.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
    /// A voucher's code: the list then has the one redemption it belongs to. Not together with the others.
    #[param(max_length = 64)]
    code: Option<String>,
}

/// The partner's redemptions, newest first, or the one with a voucher's code; a member sees their own.
#[utoipa::path(operation_id = "listRedemptions", tag = "Redemptions", params(RedemptionsQuery),
    responses((status = 200, description = "A page of them.", body = Listing<RedemptionView>), (status = 404, description = "No redemption has this code.")))]
#[get("/v1/redemptions")]
pub async fn list(call: Call<Query<RedemptionsQuery>>) -> Reply {
    let Call { caller, input: Query(query), shared, .. } = call;
    match query {
        RedemptionsQuery { limit, cursor, code: None } => shown(shared.app.redemptions(&caller, page(limit, cursor)?).await),
        RedemptionsQuery { limit: None, cursor: None, code: Some(code) } => {
            let found = shared.app.redemption_by_code(&caller, &code).await?;
            view(&Listing { items: vec![found], next_cursor: None })
        }
        _ => Err(Problem::invalid("/code", "goes without `limit` and `cursor`")),
    }
}
