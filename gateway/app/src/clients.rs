//! A partner's OAuth 2 clients: made and deleted one by one, so that credentials rotate with overlap.

use coalition_domain::{Instant, PartnerId};
use coalition_store::{DatabaseTransaction, entities};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Caller, Scope, Scopes};
use crate::check::Checks;
use crate::error::Error;
use crate::idempotency::Done;
use crate::init::Credentials;
use crate::secrets;

/// The role of the operator's clients.
pub(crate) const ROLE_OPERATOR: &str = "operator";
/// The role of partners' clients.
pub(crate) const ROLE_PARTNER: &str = "partner";
/// Clients of one partner that hold at a time.
const CLIENTS_MAX: u64 = 20;

/// What a new client may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredentials {
    /// Of `transactions`, `redemptions`, `members`, `plugins`, `webhooks`, `statements`, each optionally with `:read`; all of them where
    /// it is left out. The operator's clients have no scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["transactions", "members:read"]))]
    pub scopes: Option<Vec<String>>,
}

/// A new client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CredentialsView {
    /// `cli_…`.
    pub client_id: String,
    /// Shown once: null in the replay of an answer.
    pub client_secret: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when it is good.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

/// Draws a client and its secret.
pub(crate) fn draw(partner: PartnerId, role: &str, scopes: &str, now: Instant) -> Result<(entities::clients::Model, Credentials), Error> {
    let (client_id, secret) = (secrets::client_id()?, secrets::client_secret()?);
    let row = entities::clients::Model {
        id: client_id.clone(),
        partner_id: Some(partner.uuid()),
        role: role.to_owned(),
        secret_hash: secrets::hash(&secret).to_vec(),
        scopes: scopes.to_owned(),
        created_at: now.0,
        revoked_at: None,
    };
    Ok((row, Credentials { client_id, client_secret: Some(secret) }))
}

/// Each name by itself, so that two in one text, or none at all, are not taken.
fn parse_scopes(names: &[String]) -> Result<Scopes, Error> {
    let mut checks = Checks::default();
    checks.expect(!names.is_empty(), "/scopes", "at least one scope");
    let mut all = String::new();
    for (at, name) in names.iter().enumerate().take(Scope::ALL.len() * 2) {
        let known = !name.contains(char::is_whitespace) && !name.is_empty() && Scopes::parse(name).is_some();
        checks.expect(
            known,
            &format!("/scopes/{at}"),
            "one of transactions, redemptions, members, plugins, webhooks, statements, optionally with :read",
        );
        all = format!("{all} {name}");
    }
    checks.expect(names.len() <= Scope::ALL.len() * 2, "/scopes", "each scope once");
    checks.done()?;
    Scopes::parse(&all).ok_or_else(|| Error::invalid("/scopes", "unknown scopes"))
}

impl App {
    /// Makes further credentials of a partner.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 404; 409 `too-many-credentials`.
    pub async fn create_credentials(
        &self,
        caller: &Caller,
        partner: PartnerId,
        new: NewCredentials,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        caller.operator()?;
        let scopes = match &new.scopes {
            None => Scopes::all(),
            Some(names) => parse_scopes(names)?,
        };
        let now = self.wall_now();
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let row = coalition_store::partners::lock(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            if coalition_store::clients::count(txn, row.id).await? >= CLIENTS_MAX {
                return Err(Error::conflict("too-many-credentials", "Delete credentials that are no longer used first.").into());
            }
            let (role, scope) = if row.is_operator {
                if new.scopes.is_some() {
                    return Err(Error::invalid("/scopes", "the operator's credentials have no scopes").into());
                }
                (ROLE_OPERATOR, String::new())
            } else {
                (ROLE_PARTNER, scopes.to_string())
            };
            let (client, credentials) = draw(partner, role, &scope, now)?;
            coalition_store::clients::insert(txn, client).await?;
            self.audited(txn, caller, "credentials.create", &partner, json!({"client_id": credentials.client_id, "scope": scope})).await?;
            let scopes = scope.split_ascii_whitespace().map(str::to_owned).collect();
            let view =
                CredentialsView { client_id: credentials.client_id, client_secret: credentials.client_secret, scopes, created_at: now };
            let answer = Answer::created(&view)?;
            Ok(Done::secret(answer, &CredentialsView { client_secret: None, ..view })?)
        })
        .await
    }

    /// Deletes credentials of a partner: their tokens are refused on every gateway within five seconds.
    ///
    /// # Errors
    /// 403 for all but the operator; 404; 409 `last-credentials` for the operator's last, without which nobody could come in again.
    pub async fn delete_credentials(&self, caller: &Caller, partner: PartnerId, client_id: &str) -> Result<(), Error> {
        caller.operator()?;
        let now = self.wall_now();
        self.write(async |txn: &DatabaseTransaction| {
            let row = coalition_store::partners::lock(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            if !coalition_store::clients::revoke(txn, row.id, client_id, now.0).await? {
                return Err(Error::not_found().into());
            }
            if row.is_operator && coalition_store::clients::count(txn, row.id).await? == 0 {
                return Err(Error::conflict("last-credentials", "These are the operator's last credentials: make others first.").into());
            }
            self.audited(txn, caller, "credentials.delete", &partner, json!({"client_id": client_id})).await?;
            Ok(())
        })
        .await?;
        self.forget_standing(client_id);
        Ok(())
    }
}
