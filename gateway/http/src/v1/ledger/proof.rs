//! `GET /v1/ledger/entries/{id}/proof`: what proves one entry.

use actix_web::get;
use coalition_domain::MemberId;
use coalition_domain::evidence::EntryProof;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::call::Call;
use crate::problem::Problem;
use crate::query::Query;
use crate::reply::{Reply, shown};
use crate::v1::paths::EntryPath;

/// Whose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ProofQuery {
    /// The entry's member, where the caller knows: it is found sooner then.
    #[param(pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    member: Option<String>,
}

/// Everything that is needed to check an entry without the gateway: its fields, the path to its block, the path to a signed checkpoint, and the
/// key. The operator asks for any entry, a member for their own, a partner for those that touch its accounts.
#[utoipa::path(operation_id = "getEntryProof", tag = "Ledger", params(EntryPath, ProofQuery),
    responses(
        (status = 200, description = "The proof; `coalition statement verify` checks it.", body = EntryProof),
        (status = 409, description = "`not-provable`: the database was changed."),
    ))]
#[get("/v1/ledger/entries/{id}/proof")]
pub async fn get(call: Call<Query<ProofQuery>>) -> Reply {
    let id = call.id()?;
    let member = call.input.0.member.as_deref().map(str::parse::<MemberId>).transpose().map_err(|_| Problem::not_found())?;
    shown(call.app().entry_proof(&call.caller, id, member).await)
}
