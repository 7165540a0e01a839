//! Secrets: drawn from the system's randomness, kept only as hashes, compared in constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::Error;

/// Crockford's base 32 in capitals: nothing in it is read for something else at a till.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 50 bits: not to be guessed in the two minutes that a code lives.
const CODE_LEN: usize = 10;
/// 75 bits: not to be guessed in the years that a voucher lives.
const VOUCHER_LEN: usize = 15;
/// Letters between hyphens.
const GROUP_LEN: usize = 5;

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(&error))?;
    Ok(bytes)
}

/// A client's id, such as `cli_5kJ0…`.
pub(crate) fn client_id() -> Result<String, Error> {
    Ok(format!("cli_{}", URL_SAFE_NO_PAD.encode(random::<12>()?)))
}

/// A secret of 256 bits.
pub(crate) fn client_secret() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// What is kept of a client's secret. It is random and long, so that a plain hash can't be searched.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether `secret` is the one that `kept` is the hash of, in the same time whatever it is.
pub(crate) fn matches(secret: &str, kept: &[u8]) -> bool {
    hash(secret).as_slice().ct_eq(kept).into()
}

/// A one-time code of ten letters and digits, shown as `ABCDE-FGHJK`.
pub(crate) fn code() -> Result<String, Error> {
    letters::<CODE_LEN>()
}

/// A voucher's code of fifteen letters and digits, shown as `ABCDE-FGHJK-MNPQR`.
pub(crate) fn voucher_code() -> Result<String, Error> {
    letters::<VOUCHER_LEN>()
}

fn letters<const N: usize>() -> Result<String, Error> {
    let mut text = String::with_capacity(N + N / GROUP_LEN);
    for (at, byte) in random::<N>()?.into_iter().enumerate() {
        if at > 0 && at % GROUP_LEN == 0 {
            text.push('-');
        }
        text.push(char::from(CODE_LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'0')));
    }
    Ok(text)
}

/// What is kept of a one-time code: a hash keyed by the program's secret, since codes are short. Letters that people confuse, small
/// letters, spaces and hyphens are read as what was meant.
pub(crate) fn code_hash(program_secret: &[u8; 32], code: &str) -> [u8; 32] {
    let key = blake3::derive_key("coalition gateway: one-time codes of members", program_secret);
    let plain: String = code
        .chars()
        .filter(|letter| !matches!(letter, '-' | ' '))
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    *blake3::keyed_hash(&key, plain.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (client_secret().unwrap(), client_secret().unwrap());
        assert_ne!(one, other);
        assert_eq!(URL_SAFE_NO_PAD.decode(&one).unwrap().len(), 32);
        assert!(client_id().unwrap().starts_with("cli_"));
    }

    #[test]
    fn only_the_secret_matches() {
        let secret = client_secret().unwrap();
        let kept = hash(&secret);
        assert!(matches(&secret, &kept));
        assert!(!matches("", &kept) && !matches(&secret[1..], &kept) && !matches(&secret, &kept[..31]) && !matches(&secret, &[]));
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let secret = [7; 32];
        let code = code().unwrap();
        assert_eq!(code.len(), 11);
        assert_eq!(code_hash(&secret, &code), code_hash(&secret, &code.to_lowercase().replace('-', " ")));
        assert_eq!(code_hash(&secret, "OIL00-00000"), code_hash(&secret, "0110000000"));
        assert_ne!(code_hash(&secret, &code), code_hash(&[8; 32], &code));
    }
}
