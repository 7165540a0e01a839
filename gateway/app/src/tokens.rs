//! Access tokens: JWTs signed with EdDSA (RFC 9068), issued for client credentials (RFC 6749) and to members, and checked on every call.
//!
//! A token alone is not enough: its client must not be deleted, its partner not suspended, its member not erased.

use std::sync::Arc;

use coalition_domain::{MemberId, PartnerId};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::caller::{Actor, Caller, Scopes};
use crate::error::{Error, Kind};
use crate::fresh::locked;
pub(crate) use crate::keyring::{Keyring, draw_key};
use crate::secrets;
use crate::standing::Standing;

/// How long a client's token is good, seconds.
const CLIENT_TOKEN_S: i64 = 900;
/// How long a member's is, seconds.
pub(crate) const MEMBER_TOKEN_S: i64 = 3_600;
/// A token is no longer than this, bytes.
const TOKEN_BYTES_MAX: usize = 2_048;
/// The `typ` of an access token.
const TYP: &str = "at+jwt";
/// What the scope of a member's token is called.
const MEMBER_SCOPE: &str = "member";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    scope: String,
    role: Role,
    /// The partner that minted a member's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    partner: Option<PartnerId>,
    /// Said only by tokens of a test program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    test: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Operator,
    Partner,
    Member,
}

/// A token whose signature was found good.
#[derive(Debug)]
pub(crate) struct Verified {
    /// Seconds since 1970.
    exp: i64,
    scopes: Scopes,
    subject: Subject,
}

#[derive(Debug)]
enum Subject {
    Client { id: Arc<str> },
    Member { id: MemberId, minted_by: Option<PartnerId>, name: Arc<str> },
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// A JWT. Null in the replay of an answer.
    pub access_token: Option<String>,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which it is good.
    pub expires_in: i64,
    /// What it may be used for.
    pub scope: String,
    /// True where the program is a test program; left out elsewhere.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

impl App {
    /// Issues a token for client credentials; for all of the client's scopes, or for those asked for.
    ///
    /// # Errors
    /// With the codes of RFC 6749, in kebab-case: 401 `invalid-client`, 400 `invalid-scope`. 503.
    pub async fn issue_token(&self, client_id: &str, client_secret: &str, scope: Option<&str>) -> Result<TokenAnswer, Error> {
        let refused =
            || Error::new(Kind::Unauthenticated, "invalid-client", "No client has this id and secret, or it may not have tokens now.");
        let client = coalition_store::clients::find(self.store().read(), client_id).await?;
        // An unknown client takes as long as a wrong secret.
        let kept = client.as_ref().map_or([0; 32].as_slice(), |client| client.secret_hash.as_slice());
        let matches = secrets::matches(client_secret, kept);
        let client = client.filter(|_| matches).ok_or_else(refused)?;
        let role = match self.client_standing(client_id).await? {
            Standing::Operator => Role::Operator,
            Standing::Partner(_) => Role::Partner,
            Standing::Suspended | Standing::Gone | Standing::Member(_) => return Err(refused()),
        };
        let held = Scopes::parse(&client.scopes).ok_or_else(|| Error::internal(&"a client with unknown scopes"))?;
        let scopes = match scope.map(str::trim).filter(|scope| !scope.is_empty()) {
            None => held,
            Some(asked) => Scopes::parse(asked)
                .filter(|asked| held.covers(*asked))
                .ok_or_else(|| Error::new(Kind::Invalid, "invalid-scope", "This client does not have every scope that was asked for."))?,
        };
        self.sign(client_id, client_id, role, &scopes.to_string(), None, CLIENT_TOKEN_S).await
    }

    /// Issues a token to a member.
    pub(crate) async fn member_token(&self, caller: &Caller, member: MemberId, minted_by: Option<PartnerId>) -> Result<TokenAnswer, Error> {
        self.sign(&member.to_string(), &caller.client_id, Role::Member, MEMBER_SCOPE, minted_by, MEMBER_TOKEN_S).await
    }

    async fn sign(
        &self,
        sub: &str,
        client_id: &str,
        role: Role,
        scope: &str,
        partner: Option<PartnerId>,
        life_s: i64,
    ) -> Result<TokenAnswer, Error> {
        let issuer = &self.config().issuer;
        let test = self.settings().await?.test;
        let now_s = self.wall_now().0.div_euclid(1000);
        let claims = Claims {
            iss: issuer.clone(),
            aud: issuer.clone(),
            sub: sub.to_owned(),
            client_id: client_id.to_owned(),
            iat: now_s,
            exp: now_s + life_s,
            jti: self.new_id().to_string(),
            scope: scope.to_owned(),
            role,
            partner,
            test,
        };
        let keyring = self.keyring(false).await?;
        let key = keyring.signer().ok_or_else(|| Error::internal(&"no key signs"))?;
        let header = Header { typ: Some(TYP.to_owned()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(|error| Error::internal(&error))?;
        Ok(TokenAnswer { access_token: Some(token), token_type: "Bearer", expires_in: life_s, scope: scope.to_owned(), test })
    }

    /// Who calls with this bearer token.
    ///
    /// # Errors
    /// 401, the same whatever is wrong with the token; 403 `partner-suspended` for a good token of a suspended partner; 503.
    pub async fn authenticate(&self, bearer: &str) -> Result<Caller, Error> {
        if bearer.len() > TOKEN_BYTES_MAX {
            return Err(Error::unauthenticated());
        }
        let hash = *blake3::hash(bearer.as_bytes()).as_bytes();
        let known = locked(&self.0.memory.tokens).get(&hash);
        let verified = match known {
            Some(verified) => verified,
            None => {
                let verified = Arc::new(self.verify_token(bearer).await?);
                locked(&self.0.memory.tokens).insert(hash, Arc::clone(&verified));
                verified
            }
        };
        if verified.exp <= self.wall_now().0.div_euclid(1000) {
            return Err(Error::unauthenticated());
        }
        let (client_id, standing, member) = match &verified.subject {
            Subject::Client { id } => (id, self.client_standing(id).await?, None),
            Subject::Member { id, minted_by, name } => (name, self.member_standing(*id, *minted_by).await?, Some(*minted_by)),
        };
        let actor = match (standing, member) {
            (Standing::Operator, None) => Actor::Operator,
            (Standing::Partner(id), None) => Actor::Partner(id),
            (Standing::Member(id), Some(minted_by)) => Actor::Member { id, minted_by },
            (Standing::Suspended, _) => {
                return Err(Error::new(Kind::Forbidden, "partner-suspended", "The partner is suspended: the operator can say why."));
            }
            _ => return Err(Error::unauthenticated()),
        };
        Ok(Caller { client_id: Arc::clone(client_id), actor, scopes: verified.scopes })
    }

    /// Checks everything about a token that never changes.
    async fn verify_token(&self, bearer: &str) -> Result<Verified, Error> {
        let header = jsonwebtoken::decode_header(bearer).map_err(|_| Error::unauthenticated())?;
        let typ = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
        let kid = header.kid.as_deref().filter(|_| typ.strip_prefix("application/").unwrap_or(&typ) == TYP);
        let kid = kid.ok_or_else(Error::unauthenticated)?;
        let now = self.wall_now();
        let mut keyring = self.keyring(false).await?;
        if keyring.find(kid, now).is_none() {
            keyring = self.keyring(true).await?;
        }
        let key = keyring.find(kid, now).ok_or_else(Error::unauthenticated)?;
        let claims = read(bearer, &key.decoding, &self.config().issuer).ok_or_else(Error::unauthenticated)?;
        Self::verified(claims).ok_or_else(Error::unauthenticated)
    }

    fn verified(claims: Claims) -> Option<Verified> {
        let (subject, scopes) = match claims.role {
            Role::Member => {
                let id: MemberId = claims.sub.parse().ok()?;
                (Subject::Member { id, minted_by: claims.partner, name: claims.sub.into() }, Scopes::default())
            }
            Role::Operator | Role::Partner => (Subject::Client { id: claims.client_id.into() }, Scopes::parse(&claims.scope)?),
        };
        Some(Verified { exp: claims.exp, scopes, subject })
    }
}

/// The claims of a token that this key signed, for this audience, and that has not ended. The algorithm is the key's, whatever the
/// token's header says.
fn read(bearer: &str, key: &jsonwebtoken::DecodingKey, issuer: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = 0;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    jsonwebtoken::decode::<Claims>(bearer, key, &validation).ok().map(|token| token.claims)
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
