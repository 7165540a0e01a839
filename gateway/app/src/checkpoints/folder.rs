//! The folder of checkpoints: the private key, the public keys, and the log. Only its owner may enter it.

use std::fs::{DirBuilder, File};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coalition_domain::evidence::CheckpointKey;
use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};

use crate::keyring::PKCS8_PREFIX;

/// The private key: PKCS#8 (RFC 8410) in PEM, as `openssl genpkey -algorithm ed25519` makes it.
const KEY_FILE: &str = "signing-key.pem";
/// The public keys of all checkpoints in the log, as a JWK set; to be given to whoever checks.
const KEYS_FILE: &str = "keys.json";
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// The key that checkpoints are signed with.
pub(crate) struct Signer {
    key: SigningKey,
    pub(crate) public: CheckpointKey,
}

#[derive(Default, Serialize, Deserialize)]
struct KeySet {
    keys: Vec<CheckpointKey>,
}

impl Signer {
    /// Reads the key; makes the folder and draws the key where there is none.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let path = folder.join(KEY_FILE);
        if !has_key(folder) {
            let private = crate::secrets::random::<32>().map_err(Error::other)?;
            // Another gateway that draws one at the same time: the first stays.
            put(folder, KEY_FILE, pem(&private).as_bytes(), false)?;
        }
        let text = std::fs::read_to_string(&path)?;
        let private =
            parse(&text).ok_or_else(|| Error::new(ErrorKind::InvalidData, format!("{} is no Ed25519 key in PKCS#8", path.display())))?;
        let key = SigningKey::from_bytes(&private);
        let public = CheckpointKey::of(&key.verifying_key().to_bytes());
        let mut known = keys(folder)?;
        if !known.contains(&public) {
            known.insert(0, public.clone());
            let text = serde_json::to_vec_pretty(&KeySet { keys: known })?;
            put(folder, KEYS_FILE, &text, true)?;
        }
        Ok(Self { key, public })
    }

    /// 64 bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

/// Whether a key was drawn here.
pub(crate) fn has_key(folder: &Path) -> bool {
    folder.join(KEY_FILE).exists()
}

/// The public keys of this folder, the newest first; none where it has none.
pub(crate) fn keys(folder: &Path) -> Result<Vec<CheckpointKey>> {
    match std::fs::read(folder.join(KEYS_FILE)) {
        Ok(bytes) => Ok(serde_json::from_slice::<KeySet>(&bytes)?.keys),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Writes a file whole, to the disk, for its owner only; in place of one that is there, or not at all.
fn put(folder: &Path, name: &str, bytes: &[u8], replace: bool) -> Result<()> {
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    let path = folder.join(name);
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    match kept {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => return Err(error.error),
        _ => {}
    }
    File::open(folder)?.sync_all()
}

fn pem(private: &[u8; 32]) -> String {
    format!("{PEM_BEGIN}\n{}\n{PEM_END}\n", STANDARD.encode([PKCS8_PREFIX.as_slice(), private].concat()))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let (_, rest) = text.split_once(PEM_BEGIN)?;
    let (body, _) = rest.split_once(PEM_END)?;
    let bytes = STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()?;
    bytes.strip_prefix(PKCS8_PREFIX.as_slice())?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_drawn_once_and_kept_from_others() {
        let top = tempfile::tempdir().unwrap();
        let folder = top.path().join("deep/checkpoints");
        let first = Signer::open(&folder).unwrap();
        let again = Signer::open(&folder).unwrap();
        assert_eq!(first.public, again.public);
        assert_eq!(keys(&folder).unwrap(), std::slice::from_ref(&first.public));
        let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("."), mode(KEY_FILE)), (0o700, 0o600));

        std::fs::remove_file(folder.join(KEY_FILE)).unwrap();
        let second = Signer::open(&folder).unwrap();
        assert_eq!(keys(&folder).unwrap(), [second.public, first.public]);
        std::fs::write(folder.join(KEY_FILE), "no key").unwrap();
        assert!(Signer::open(&folder).is_err());
    }

    #[test]
    fn a_key_of_openssl_is_read() {
        // RFC 8410, section 10.3.
        let text =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let private = parse(text).unwrap();
        assert_eq!(private.first_chunk::<4>(), Some(&[0xd4, 0xee, 0x72, 0xdb]));
        assert_eq!(pem(&private), text);
    }
}
