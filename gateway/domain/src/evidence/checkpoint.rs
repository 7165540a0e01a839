//! Checkpoints: signed statements of how far the chain had come, by a key that the database does not hold.
//!
//! What is signed (Ed25519, RFC 8032) are canonical bytes as [`crate::chain::canonical`] has them: the text `coalition checkpoint 1`, then
//! `program` as the 16 bytes of its UUID, `name`, `after`, `height`, `hash`, `blocks_root`, `recorded_at` and `signed_at` in milliseconds, `kid`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::Hex;
use crate::calendar::Instant;
use crate::chain::canonical::Canonical;
use crate::ids::PartnerId;

/// The head of the chain, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkpoint {
    /// Which program: the id of its operator, which no other has.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "prt_01h455vb4pex5vsknk084sn02q"))]
    pub program: PartnerId,
    /// What the program was called then.
    pub name: String,
    /// The height of the checkpoint before; 0 for the first.
    pub after: i64,
    /// The height of the newest block that it covers.
    pub height: i64,
    /// That block's hash. It depends on every block before.
    pub hash: Hex,
    /// The Merkle root over the hashes of the blocks above `after`, up to `height`, in their order: short proofs end here.
    pub blocks_root: Hex,
    /// When that block was sealed, by the gateway's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Instant,
    /// When this was signed, by the gateway's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub signed_at: Instant,
    /// The key.
    pub kid: String,
    /// 64 bytes in base64url.
    pub signature: String,
}

impl Checkpoint {
    /// What is signed.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        let bytes = Canonical::of("coalition checkpoint 1").id(self.program.uuid()).text(&self.name).int(self.after).int(self.height);
        let bytes = bytes.bytes(&self.hash.0).bytes(&self.blocks_root.0).int(self.recorded_at.0).int(self.signed_at.0).text(&self.kid);
        bytes.as_bytes().to_vec()
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self, keys: &Keys) -> Result<(), String> {
        let key = keys
            .0
            .get(&self.kid)
            .ok_or_else(|| format!("checkpoint {} is signed by a key that is not known: {}", self.height, self.kid))?;
        let wrong = || format!("checkpoint {} is not signed by {}: it was changed, or forged", self.height, self.kid);
        let signature: [u8; 64] = URL_SAFE_NO_PAD.decode(&self.signature).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
        key.verify_strict(&self.signed_bytes(), &Signature::from_bytes(&signature)).map_err(|_| wrong())
    }
}

/// The public key that checkpoints are checked with, as a JWK (RFC 7517, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckpointKey {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The key's 32 bytes in base64url.
    pub x: String,
    /// Its name, which follows from its bytes.
    pub kid: String,
    /// `EdDSA`.
    pub alg: String,
    /// `sig`.
    #[serde(rename = "use")]
    pub usage: String,
}

/// A key's name: the first 12 bytes of its BLAKE3 hash, in base64url.
#[must_use]
pub fn key_id(public: &[u8; 32]) -> String {
    let hash = blake3::hash(public);
    URL_SAFE_NO_PAD.encode(hash.as_bytes().first_chunk::<12>().map_or(&[][..], |chunk| chunk.as_slice()))
}

impl CheckpointKey {
    /// Of these bytes.
    #[must_use]
    pub fn of(public: &[u8; 32]) -> Self {
        let [kty, crv, alg, usage] = ["OKP", "Ed25519", "EdDSA", "sig"].map(str::to_owned);
        Self { kty, crv, x: URL_SAFE_NO_PAD.encode(public), kid: key_id(public), alg, usage }
    }

    fn key(&self) -> Result<VerifyingKey, String> {
        let wrong = || format!("the key {} is no Ed25519 key whose name follows from its bytes", self.kid);
        let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(&self.x).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
        if *self != Self::of(&bytes) {
            return Err(wrong());
        }
        VerifyingKey::from_bytes(&bytes).map_err(|_| wrong())
    }
}

/// Keys to check with, by name.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<String, VerifyingKey>);

impl Keys {
    /// Reads them.
    ///
    /// # Errors
    /// Names the first that is no good.
    pub fn new(keys: &[CheckpointKey]) -> Result<Self, String> {
        keys.iter().map(|key| Ok((key.kid.clone(), key.key()?))).collect::<Result<_, String>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    #[test]
    fn a_signature_covers_every_field() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = CheckpointKey::of(&key.verifying_key().to_bytes());
        let mut good = Checkpoint {
            program: PartnerId(uuid::Uuid::from_u128(1)),
            name: "Coalition".to_owned(),
            after: 0,
            height: 3,
            hash: Hex([1; 32]),
            blocks_root: Hex([2; 32]),
            recorded_at: Instant(5),
            signed_at: Instant(6),
            kid: public.kid.clone(),
            signature: String::new(),
        };
        good.signature = URL_SAFE_NO_PAD.encode(key.sign(&good.signed_bytes()).to_bytes());
        let keys = Keys::new(std::slice::from_ref(&public)).unwrap();
        assert_eq!(good.check(&keys), Ok(()));
        let changes: [fn(&mut Checkpoint); 9] = [
            |point| point.program = PartnerId(uuid::Uuid::from_u128(2)),
            |point| point.name.push('x'),
            |point| point.after = 1,
            |point| point.height = 4,
            |point| point.hash = Hex([3; 32]),
            |point| point.blocks_root = Hex([3; 32]),
            |point| point.recorded_at = Instant(7),
            |point| point.signed_at = Instant(7),
            |point| point.kid.push('x'),
        ];
        for change in changes {
            let mut bad = good.clone();
            change(&mut bad);
            assert!(bad.check(&keys).is_err(), "{bad:?}");
        }
        assert!(good.check(&Keys::default()).unwrap_err().contains("not known"));
        assert!(Keys::new(&[CheckpointKey { kid: "other".to_owned(), ..public }]).is_err());
    }
}
