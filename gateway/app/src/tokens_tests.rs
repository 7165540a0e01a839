//! Tokens forged, expired, confused, cut.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coalition_domain::Instant;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

const ISSUER: &str = "https://gateway.example";

struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Vec<u8>,
}

fn signer() -> Signer {
    let row = draw_key(Instant(0)).unwrap();
    let keyring = Keyring::new(std::slice::from_ref(&row)).unwrap();
    let key = keyring.find(&row.kid, Instant(1)).unwrap();
    Signer { encoding: key.encoding.clone(), decoding: key.decoding.clone(), public: row.public_key }
}

fn claims() -> Value {
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).unwrap();
    json!({
        "iss": ISSUER, "aud": ISSUER, "sub": "cli_x", "client_id": "cli_x", "iat": now, "exp": now + 60, "jti": "1",
        "scope": "transactions", "role": "partner",
    })
}

fn sign(signer: &Signer, claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &signer.encoding).unwrap()
}

#[test]
fn a_good_token_is_read() {
    let signer = signer();
    let read = read(&sign(&signer, &claims()), &signer.decoding, ISSUER).unwrap();
    assert_eq!((read.client_id.as_str(), read.role), ("cli_x", Role::Partner));
}

#[test]
fn claims_must_fit() {
    let signer = signer();
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).unwrap();
    let wrong = [
        ("iss", json!("https://other.example")),
        ("aud", json!("https://other.example")),
        ("exp", json!(now - 1)),
        ("exp", Value::Null),
        ("sub", Value::Null),
        ("role", json!("emperor")),
    ];
    for (name, value) in wrong {
        let mut claims = claims();
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
        assert!(read(&sign(&signer, &claims), &signer.decoding, ISSUER).is_none(), "{name}: {value}");
    }
}

#[test]
fn a_forged_token_is_refused() {
    let (signer, other) = (signer(), self::signer());
    let good = sign(&signer, &claims());
    assert!(read(&sign(&other, &claims()), &signer.decoding, ISSUER).is_none(), "another key");
    let (head, rest) = good.split_once('.').unwrap();
    let (body, tail) = rest.split_once('.').unwrap();
    let forged = |header: Value, tail: &str| format!("{}.{body}.{tail}", URL_SAFE_NO_PAD.encode(header.to_string()));
    assert!(read(&forged(json!({"alg": "none", "typ": TYP}), ""), &signer.decoding, ISSUER).is_none(), "none");
    assert!(read(&forged(json!({"alg": "EdDSA", "typ": TYP}), tail), &signer.decoding, ISSUER).is_none(), "another header");
    // The public key taken for the secret of an HMAC: the classic confusion.
    let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(), &EncodingKey::from_secret(&signer.public)).unwrap();
    assert!(read(&confused, &signer.decoding, ISSUER).is_none(), "HS256");
    let mut other_claims = claims();
    other_claims["role"] = json!("operator");
    let other_body = URL_SAFE_NO_PAD.encode(other_claims.to_string());
    assert!(read(&format!("{head}.{other_body}.{tail}"), &signer.decoding, ISSUER).is_none(), "another body");
    for text in ["", ".", "..", "a.b.c", "a.b.c.d", &good[1..], &good[..good.len() - 1]] {
        assert!(read(text, &signer.decoding, ISSUER).is_none(), "{text}");
    }
}

#[test]
fn a_member_s_token_names_a_member() {
    let mut told = claims();
    told["role"] = json!("member");
    assert!(App::verified(serde_json::from_value(told.clone()).unwrap()).is_none());
    let id = MemberId(uuid::Uuid::from_u128(5));
    told["sub"] = json!(id);
    let verified = App::verified(serde_json::from_value(told).unwrap()).unwrap();
    assert!(matches!(verified.subject, Subject::Member { id: found, minted_by: None, .. } if found == id));
    assert_eq!(verified.scopes, Scopes::default());
}

#[test]
fn keys_retire() {
    let mut row = draw_key(Instant(0)).unwrap();
    row.retires_at = Some(10);
    let young = draw_key(Instant(5)).unwrap();
    let (old_kid, kid) = (row.kid.clone(), young.kid.clone());
    let keyring = Keyring::new(&[young, row.clone()]).unwrap();
    assert_eq!(keyring.signer().unwrap().kid, kid);
    assert!(keyring.find(&old_kid, Instant(9)).is_some() && keyring.find(&old_kid, Instant(10)).is_none());
    row.public_key[0] ^= 1;
    assert!(Keyring::new(&[row]).is_err());
}
