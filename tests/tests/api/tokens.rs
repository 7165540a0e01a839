//! Client credentials and the tokens made from them; and every way in which a token can be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::database::Kind;
use coalition_tests::harness::http::Http;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

both_databases!(
    credentials_make_a_token_that_says_who_and_until_when,
    credentials_may_come_in_the_form,
    wrong_credentials_look_alike,
    a_refused_token_is_always_the_same_answer,
    another_grant_is_refused,
);

async fn credentials_make_a_token_that_says_who_and_until_when(coalition: Coalition) {
    let known = &coalition.credentials;
    let answer = coalition.stranger().ask_token(&known.client_id, &known.client_secret).await;
    let token = answer.ok(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(token["token_type"], "Bearer");
    let expires_in = token["expires_in"].as_i64().unwrap();
    assert!((1..=3600).contains(&expires_in), "short-lived: {expires_in} s");

    let [header, claims] = parts(token["access_token"].as_str().unwrap());
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("at+jwt"), Some("EdDSA")));
    for claim in ["iss", "aud", "exp", "iat", "jti", "sub"] {
        assert!(!claims[claim].is_null(), "no {claim} in {claims:#}");
    }
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!((expires_in - 1..=expires_in + 1).contains(&lifetime));

    let keys = coalition.stranger().get("/.well-known/jwks.json").await.ok(200);
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).expect("the key is published");
    assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
    assert!(key.get("d").is_none(), "the private half is not");
}

async fn credentials_may_come_in_the_form(coalition: Coalition) {
    let known = &coalition.credentials;
    let form = |id: &str, secret: &str| {
        coalition.stranger().post_empty("/oauth/token").form(&[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ])
    };
    form(&known.client_id, &known.client_secret).await.ok(200);
    assert!(matches!(form(&known.client_id, "wrong").await.status.as_u16(), 400 | 401));
}

async fn wrong_credentials_look_alike(coalition: Coalition) {
    let known = &coalition.credentials;
    let wrong_secret = coalition.stranger().ask_token(&known.client_id, "not-the-secret").await;
    let wrong_client = coalition.stranger().ask_token("nobody", &known.client_secret).await;
    assert_eq!(wrong_secret.status, 401);
    assert_eq!(wrong_client.status, 401);
    assert_eq!(wrong_secret.text(), wrong_client.text());
}

async fn another_grant_is_refused(coalition: Coalition) {
    let known = &coalition.credentials;
    let fields = [("grant_type", "password"), ("client_id", &known.client_id), ("client_secret", &known.client_secret)];
    let answer = coalition.stranger().post_empty("/oauth/token").form(&fields).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
}

async fn a_refused_token_is_always_the_same_answer(coalition: Coalition) {
    let good = coalition.operator.token().to_owned();
    let probe = async |http: Http| http.get("/v1/ledger/trial-balance").await;
    assert_eq!(probe(coalition.operator.clone()).await.status, 200);

    let nothing = probe(coalition.stranger()).await;
    nothing.any_problem(401);
    assert!(nothing.header("www-authenticate").unwrap_or_default().starts_with("Bearer"), "RFC 6750 wants the scheme named");
    for (name, token) in broken(&good, &foreign_token(&coalition).await) {
        let answer = probe(coalition.operator.with_token(&token)).await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.text());
        assert_eq!(answer.text(), nothing.text(), "{name}");
    }
    let other_scheme = coalition.stranger().get("/v1/ledger/trial-balance").header("authorization", &format!("Basic {good}")).await;
    assert_eq!(other_scheme.text(), nothing.text());
}

/// A token that another coalition made, good in all but that.
async fn foreign_token(coalition: &Coalition) -> String {
    assert!(matches!(coalition.database.kind(), Kind::Sqlite | Kind::Postgres));
    let other = Coalition::start(Kind::Sqlite).await.expect("another coalition starts").expect("SQLite is always there");
    other.operator.token().to_owned()
}

fn broken(good: &str, foreign: &str) -> Vec<(&'static str, String)> {
    let [header, claims] = parts(good);
    let signature = good.rsplit_once('.').unwrap().1;
    let with = |name: &str, value: Value| {
        let mut changed = claims.clone();
        changed[name] = value;
        changed
    };
    let hour_ago = claims["iat"].as_i64().unwrap() - 3600;
    let mut unsigned = header.clone();
    unsigned["alg"] = json!("none");
    vec![
        ("text", "not-a-token".to_owned()),
        ("empty parts", "..".to_owned()),
        ("cut", good[..good.len() - 4].to_owned()),
        ("claims changed", format!("{}.{}.{signature}", encode(&header), encode(&with("sub", json!("somebody-else"))))),
        ("alg none, no signature", format!("{}.{}.", encode(&unsigned), encode(&claims))),
        ("alg none, old signature", format!("{}.{}.{signature}", encode(&unsigned), encode(&claims))),
        ("a shared secret in place of the key", signed_by_secret(&header, &claims)),
        ("another key under the same id", signed_by_stranger(&header, &claims)),
        ("another key, an hour past its end", signed_by_stranger(&header, &with("exp", json!(hour_ago)))),
        ("of another coalition", foreign.to_owned()),
        ("huge", format!("{good}{}", "A".repeat(4_000))),
    ]
}

fn parts(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url"));
    [(); 2].map(|()| serde_json::from_slice(&parts.next().expect("a part")).expect("JSON"))
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed_by_secret(header: &Value, claims: &Value) -> String {
    let mut forged = Header::new(Algorithm::HS256);
    forged.typ = Some("at+jwt".to_owned());
    forged.kid = header["kid"].as_str().map(str::to_owned);
    jsonwebtoken::encode(&forged, claims, &EncodingKey::from_secret(b"coalition")).unwrap()
}

fn signed_by_stranger(header: &Value, claims: &Value) -> String {
    // An Ed25519 private key as PKCS #8: its fixed head (RFC 8410), then the seed.
    let mut key = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    key.extend([7; 32]);
    let mut forged = Header::new(Algorithm::EdDSA);
    forged.typ = Some("at+jwt".to_owned());
    forged.kid = header["kid"].as_str().map(str::to_owned);
    jsonwebtoken::encode(&forged, claims, &EncodingKey::from_ed_der(&key)).unwrap()
}
