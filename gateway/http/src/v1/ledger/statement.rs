//! `GET /v1/ledger/statement`: a partner's entries, proven.

use actix_web::get;
use coalition_domain::evidence::Statement;
use coalition_domain::{Instant, PartnerId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::call::Call;
use crate::problem::Problem;
use crate::query::{Query, part};
use crate::reply::{Reply, shown};

/// Whose, of when, and which part.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StatementQuery {
    /// The partner, where the operator asks.
    #[param(pattern = "^prt_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    partner: Option<String>,
    /// What was recorded from then on.
    #[param(format = DateTime)]
    from: Option<String>,
    /// What was recorded before then.
    #[param(format = DateTime)]
    to: Option<String>,
    /// The entry after which it begins: `next` of the part before.
    #[param(pattern = "^ent_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    after: Option<String>,
    /// How many entries at most; 1000 where it isn't given.
    #[param(minimum = 1, maximum = 1000, default = 1000)]
    limit: Option<u32>,
}

/// Entries that touch a partner's accounts, oldest first, each with what proves it, and what they come to. The token's partner's own, or the
/// one whom the operator names. `coalition statement verify` checks it without the gateway.
#[utoipa::path(operation_id = "getPartnerStatement", tag = "Ledger", params(StatementQuery),
    responses(
        (status = 200, description = "A part of it.", body = Statement),
        (status = 404, description = "No such partner."),
        (status = 409, description = "`not-provable`: the database was changed."),
    ))]
#[get("/v1/ledger/statement")]
pub async fn get(call: Call<Query<StatementQuery>>) -> Reply {
    let query = &call.input.0;
    let partner = query.partner.as_deref().map(str::parse::<PartnerId>).transpose().map_err(|_| Problem::not_found())?;
    let time = |name: &str, text: Option<&str>| {
        let time = text.map(Instant::parse).transpose();
        time.map_err(|error| Problem::invalid(format!("/{name}"), error.to_string()))
    };
    let between = (time("from", query.from.as_deref())?, time("to", query.to.as_deref())?);
    let part = part(query.after.as_deref(), query.limit)?;
    shown(call.app().partner_statement(&call.caller, partner, between, part).await)
}
