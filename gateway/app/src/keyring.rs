//! The keys that sign access tokens: Ed25519 (RFC 8032), published as a JWK set (RFC 7517, RFC 8037), rotated with overlap.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coalition_domain::Instant;
use coalition_store::{Store, StoreError, entities};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::error::Error;
use crate::secrets;
use crate::tokens::MEMBER_TOKEN_S;

/// How old the keys in memory may be. A token that names an unknown key has them read again sooner.
const AGE_MAX: Duration = Duration::from_secs(30);
/// How often unknown keys may have them read again.
const UNKNOWN_AGE_MAX: Duration = Duration::from_secs(1);
/// How much longer than its last token a key is published: gateways that have not heard of its successor sign with it for a while.
const RETIREMENT_SLACK_S: i64 = 300;
/// How long a key signs before the gateway draws another by itself, days.
pub(crate) const KEY_LIFE_D: i64 = 90;
/// PKCS#8 (RFC 8410) of an Ed25519 key is this before its 32 bytes.
pub(crate) const PKCS8_PREFIX: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key in memory.
pub(crate) struct Key {
    pub(crate) kid: String,
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
    /// The public key in base64url.
    x: String,
    created_at: Instant,
    retires_at: Option<Instant>,
}

/// All keys that are good, newest first.
pub(crate) struct Keyring(Vec<Key>);

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Jwk {
    /// `OKP`.
    pub kty: &'static str,
    /// `Ed25519`.
    pub crv: &'static str,
    /// The key's 32 bytes in base64url.
    pub x: String,
    /// As in the tokens' header.
    pub kid: String,
    /// `EdDSA`.
    pub alg: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
}

/// The public keys that tokens are checked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Jwks {
    /// The one that signs comes first.
    pub keys: Vec<Jwk>,
}

/// Draws a key.
pub(crate) fn draw_key(now: Instant) -> Result<entities::signing_keys::Model, Error> {
    let private = secrets::random::<32>()?;
    let public = SigningKey::from_bytes(&private).verifying_key().to_bytes();
    let name = blake3::hash(&public);
    let kid = URL_SAFE_NO_PAD.encode(name.as_bytes().first_chunk::<12>().map_or(&[][..], |chunk| chunk.as_slice()));
    Ok(entities::signing_keys::Model {
        kid,
        private_key: private.to_vec(),
        public_key: public.to_vec(),
        created_at: now.0,
        retires_at: None,
    })
}

impl Keyring {
    pub(crate) fn new(rows: &[entities::signing_keys::Model]) -> Result<Self, StoreError> {
        rows.iter().map(Key::new).collect::<Result<_, _>>().map(Self)
    }

    /// The key that signs: the newest that is not to retire.
    pub(crate) fn signer(&self) -> Option<&Key> {
        self.0.iter().find(|key| key.retires_at.is_none())
    }

    /// The key of this name, unless it has retired.
    pub(crate) fn find(&self, kid: &str, now: Instant) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid && key.retires_at.is_none_or(|end| now < end))
    }

    fn jwks(&self, now: Instant) -> Jwks {
        let good = self.0.iter().filter(|key| key.retires_at.is_none_or(|end| now < end));
        let keys = good
            .map(|key| Jwk { kty: "OKP", crv: "Ed25519", x: key.x.clone(), kid: key.kid.clone(), alg: "EdDSA", usage: "sig" })
            .collect();
        Jwks { keys }
    }
}

impl Key {
    fn new(row: &entities::signing_keys::Model) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("signing key {}", row.kid));
        let private: [u8; 32] = row.private_key.as_slice().try_into().map_err(|_| corrupt())?;
        let public = SigningKey::from_bytes(&private).verifying_key().to_bytes();
        if public.as_slice() != row.public_key {
            return Err(corrupt());
        }
        Ok(Self {
            kid: row.kid.clone(),
            encoding: EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), &private].concat()),
            decoding: DecodingKey::from_ed_der(&public),
            x: URL_SAFE_NO_PAD.encode(public),
            created_at: Instant(row.created_at),
            retires_at: row.retires_at.map(Instant),
        })
    }
}

impl App {
    pub(crate) async fn keyring(&self, unknown_kid: bool) -> Result<Arc<Keyring>, Error> {
        let age_max = if unknown_kid { UNKNOWN_AGE_MAX } else { AGE_MAX };
        Ok(self.0.memory.keyring.get(age_max, read_keyring(self.store())).await?)
    }

    /// The public keys.
    ///
    /// # Errors
    /// 503.
    pub async fn jwks(&self) -> Result<Jwks, Error> {
        Ok(self.keyring(false).await?.jwks(self.wall_now()))
    }

    /// Draws a new key that signs from now on; the ones before are good until the last token they signed has ended.
    ///
    /// # Errors
    /// 503.
    pub async fn rotate_key(&self) -> Result<(), Error> {
        self.rotate_key_older_than(None).await.map(|_| ())
    }

    /// Draws a new key when the one that signs is older than [`KEY_LIFE_D`]. Whether it did.
    pub(crate) async fn rotate_old_key(&self) -> Result<bool, Error> {
        let oldest = self.wall_now().plus_ms(-KEY_LIFE_D * 86_400_000);
        if self.keyring(false).await?.signer().is_some_and(|key| key.created_at >= oldest) {
            return Ok(false);
        }
        self.rotate_key_older_than(Some(oldest)).await
    }

    async fn rotate_key_older_than(&self, oldest: Option<Instant>) -> Result<bool, Error> {
        let now = self.wall_now();
        let key = draw_key(now)?;
        let txn = self.store().begin().await?;
        // Gateways that come at the same time queue here; the second finds nothing to do.
        coalition_store::program::lock(&txn).await?;
        let keys = coalition_store::keys::all(&txn).await?;
        let signs_since = keys.iter().find(|key| key.retires_at.is_none()).map(|key| Instant(key.created_at));
        if oldest.is_some_and(|oldest| signs_since.is_some_and(|since| since >= oldest)) {
            return Ok(false);
        }
        coalition_store::keys::retire_all(&txn, now.plus_ms((MEMBER_TOKEN_S + RETIREMENT_SLACK_S) * 1000).0).await?;
        coalition_store::keys::insert(&txn, key).await?;
        txn.commit().await.map_err(StoreError::from)?;
        self.0.memory.keyring.forget();
        Ok(true)
    }
}

async fn read_keyring(store: &Store) -> Result<Arc<Keyring>, StoreError> {
    Ok(Arc::new(Keyring::new(&coalition_store::keys::all(store.read()).await?)?))
}
