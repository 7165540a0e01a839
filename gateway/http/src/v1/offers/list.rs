//! `GET /v1/offers`: what a member can get now, from every partner's rules.

use actix_web::get;
use coalition_app::redemptions::OffersView;
use coalition_domain::MemberId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::call::Call;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply::{Reply, shown};

/// For whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OffersQuery {
    /// The member, where the caller is not the member: a partner must say.
    #[param(pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    member: Option<String>,
}

/// What a member can get now, from every partner's rules: the token's own, or the one whom a partner names.
#[utoipa::path(operation_id = "listOffers", tag = "Redemptions", params(OffersQuery),
    responses((status = 200, description = "What there is.", body = OffersView), (status = 404, description = "No such member.")))]
#[get("/v1/offers")]
pub async fn list(call: Call<Query<OffersQuery>>) -> Reply {
    let member = call.input.0.member.as_deref().map(str::parse::<MemberId>).transpose().map_err(|_| Problem::not_found())?;
    shown(call.app().offers(&call.caller, member).await)
}
