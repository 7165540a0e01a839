//! Whether a token's client, partner and member are still good for it: read from the database at most every two seconds, so that a
//! suspension or a deletion holds on every gateway within five.

use std::sync::Arc;
use std::time::Duration;

use coalition_domain::{MemberId, PartnerId};
use coalition_store::{Store, StoreError};

use crate::App;
use crate::clients::ROLE_OPERATOR;
use crate::error::Error;
use crate::fresh::{Fresh, Recent, locked};
use crate::memory::STANDINGS_MAX;

/// How old what is known of a client's or member's standing may be.
const STANDING_AGE_MAX: Duration = Duration::from_secs(2);
/// Whether whoever a token was issued to is still good for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// An operator's client.
    Operator,
    /// A partner's client.
    Partner(PartnerId),
    /// A member, and who they are now: they may have been merged into another since the token was issued.
    Member(MemberId),
    /// The partner is suspended.
    Suspended,
    /// The client was deleted, the member erased, or neither ever was.
    Gone,
}

impl App {
    /// Of several calls at once that find it too old, one reads it.
    async fn standing(&self, name: Arc<str>, read: impl Future<Output = Result<Standing, StoreError>>) -> Result<Standing, Error> {
        let kept = {
            let mut standings = locked(&self.0.memory.standings);
            standings.get(&name).unwrap_or_else(|| {
                let fresh = Arc::new(Fresh::default());
                standings.insert(name, Arc::clone(&fresh));
                fresh
            })
        };
        Ok(kept.get(STANDING_AGE_MAX, read).await?)
    }

    pub(crate) async fn client_standing(&self, client_id: &str) -> Result<Standing, Error> {
        self.standing(client_id.into(), read_client_standing(self.store(), client_id)).await
    }

    pub(crate) async fn member_standing(&self, member: MemberId, minted_by: Option<PartnerId>) -> Result<Standing, Error> {
        let name = minted_by.map_or_else(|| member.to_string(), |partner| format!("{member} {partner}"));
        self.standing(name.into(), read_member_standing(self.store(), member, minted_by)).await
    }

    /// Has the standing of a client or member read at the next call: this gateway has just changed it.
    pub(crate) fn forget_standing(&self, name: &str) {
        locked(&self.0.memory.standings).remove(&name.into());
    }

    /// The same for everybody: a partner has many clients.
    pub(crate) fn forget_standings(&self) {
        *locked(&self.0.memory.standings) = Recent::new(STANDINGS_MAX);
    }
}

async fn read_client_standing(store: &Store, client_id: &str) -> Result<Standing, StoreError> {
    let conn = store.read();
    let Some(client) = coalition_store::clients::find(conn, client_id).await? else {
        return Ok(Standing::Gone);
    };
    let Some(partner) = client.partner_id.filter(|_| client.revoked_at.is_none()) else {
        return Ok(Standing::Gone);
    };
    if client.role == ROLE_OPERATOR {
        return Ok(Standing::Operator);
    }
    Ok(match coalition_store::partners::find(conn, partner).await? {
        None => Standing::Gone,
        Some(partner) if partner.status != "active" => Standing::Suspended,
        Some(partner) => Standing::Partner(PartnerId(partner.id)),
    })
}

async fn read_member_standing(store: &Store, member: MemberId, minted_by: Option<PartnerId>) -> Result<Standing, StoreError> {
    let conn = store.read();
    let Some(mut row) = coalition_store::members::find(conn, member.uuid()).await? else { return Ok(Standing::Gone) };
    if let Some(into) = row.merged_into {
        let Some(now) = coalition_store::members::find(conn, into).await? else { return Ok(Standing::Gone) };
        row = now;
    }
    if row.status != "active" {
        return Ok(Standing::Gone);
    }
    let now = Standing::Member(MemberId(row.id));
    let Some(partner) = minted_by else {
        return Ok(now);
    };
    Ok(match coalition_store::partners::find(conn, partner.uuid()).await? {
        None => Standing::Gone,
        Some(partner) if partner.status != "active" => Standing::Suspended,
        Some(_) => now,
    })
}
