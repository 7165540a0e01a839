//! Access tokens by the OAuth 2 client credentials grant, kept in memory and in a private cache file until shortly before they end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::problem::{Problem, passing};
use super::{NoAnswer, Trouble, no_answer, retry_after};
use crate::paths;
use crate::profile::Profile;

/// A token this close to its end is fetched anew: a request that waits in a queue must still be in time.
const MARGIN_S: i64 = 30;

/// A token and when it ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Sent as the bearer.
    pub access_token: String,
    /// What it may do, as the gateway said.
    pub scope: String,
    /// From here on it is not used.
    pub renew_at: Timestamp,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("scope", &self.scope).field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}

impl Token {
    fn in_force(&self) -> bool {
        Timestamp::now() < self.renew_at
    }
}

/// The tokens of one client.
#[derive(Debug)]
pub struct Tokens {
    held: Mutex<Option<Token>>,
    key: String,
    /// None where the home folder is unknown: then tokens live as long as the process.
    file: Option<PathBuf>,
}

impl Tokens {
    /// Of that profile. The secret is part of the key, so that new credentials never use an old client's token.
    #[must_use]
    pub fn new(profile: &Profile) -> Self {
        let key: String = Sha256::digest(format!("{}\n{}\n{}", profile.url, profile.client_id, profile.client_secret))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let file = paths::cache_dir().ok().map(|dir| dir.join("tokens.json"));
        Self { held: Mutex::new(None), key, file }
    }

    /// A token in force: from memory, from the cache file, or from the gateway.
    ///
    /// # Errors
    /// When it takes the gateway and it doesn't give one.
    pub async fn get(&self, http: &reqwest::Client, profile: &Profile) -> Result<Token, Trouble> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.as_ref().filter(|token| token.in_force()) {
            return Ok(token.clone());
        }
        if let Some(token) = self.read().remove(&self.key) {
            *held = Some(token.clone());
            return Ok(token);
        }
        let token = request(http, profile).await?;
        self.write(Some(&token));
        *held = Some(token.clone());
        Ok(token)
    }

    /// A token from the gateway, whatever is cached.
    ///
    /// # Errors
    /// When the gateway doesn't give one.
    pub async fn fetch(&self, http: &reqwest::Client, profile: &Profile) -> Result<Token, Trouble> {
        let mut held = self.held.lock().await;
        let token = request(http, profile).await?;
        self.write(Some(&token));
        *held = Some(token.clone());
        Ok(token)
    }

    /// Drops a token that was refused, unless somebody has replaced it meanwhile.
    pub async fn forget(&self, refused: &Token) {
        let mut held = self.held.lock().await;
        if held.as_ref() == Some(refused) {
            *held = None;
            self.write(None);
        }
    }

    /// The cached tokens that are in force. A cache that can't be read is empty.
    fn read(&self) -> BTreeMap<String, Token> {
        let bytes = self.file.as_ref().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
        let mut tokens: BTreeMap<String, Token> = serde_json::from_slice(&bytes).unwrap_or_default();
        tokens.retain(|_, token| token.in_force());
        tokens
    }

    /// Sets or removes this client's entry. A cache that can't be written costs a request next time, no more.
    fn write(&self, token: Option<&Token>) {
        let Some(file) = &self.file else { return };
        let mut tokens = self.read();
        match token {
            Some(token) => tokens.insert(self.key.clone(), token.clone()),
            None => tokens.remove(&self.key),
        };
        if let Ok(bytes) = serde_json::to_vec(&tokens) {
            let _not_cached = paths::write_private(file, &bytes);
        }
    }
}

async fn request(http: &reqwest::Client, profile: &Profile) -> Result<Token, Trouble> {
    let response = http
        .post(format!("{}/oauth/token", profile.url))
        .basic_auth(&profile.client_id, Some(&profile.client_secret))
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await
        .map_err(no_answer)?;
    let status = response.status();
    let retry_after = retry_after(response.headers());
    let bytes = response.bytes().await.map_err(no_answer)?;
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if status != StatusCode::OK {
        let problem = problem(status.as_u16(), &body);
        return Err(if passing(status.as_u16()) { Trouble::NotNow { problem, retry_after } } else { Trouble::Refused(problem) });
    }
    granted(&body, Timestamp::now()).ok_or_else(|| {
        Trouble::NoAnswer(NoAnswer { why: "its token endpoint did not answer with a token; is this a gateway's address?".to_owned() })
    })
}

/// RFC 6749 errors are not problems: `error` is the code, `error_description` the words.
fn problem(status: u16, body: &Value) -> Problem {
    let mut problem = Problem::read(status, body);
    if let Some(code) = body.get("error").and_then(Value::as_str) {
        problem.code = code.to_owned();
        if let Some(words) = body.get("error_description").and_then(Value::as_str) {
            problem.detail = words.to_owned();
        }
    }
    problem
}

fn granted(body: &Value, now: Timestamp) -> Option<Token> {
    let access_token = body.get("access_token")?.as_str()?.to_owned();
    let expires_in_s = body.get("expires_in").and_then(Value::as_i64).unwrap_or(0).clamp(0, 86_400);
    // A token too short-lived for the margin is used for half its life.
    let used_s = if expires_in_s > 2 * MARGIN_S { expires_in_s - MARGIN_S } else { expires_in_s / 2 };
    let renew_at = now.checked_add(Duration::from_secs(u64::try_from(used_s).ok()?)).ok()?;
    let scope = body.get("scope").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Token { access_token, scope, renew_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_are_renewed_before_they_end() {
        let now = Timestamp::UNIX_EPOCH;
        let life = |seconds: i64| {
            let token = granted(&json!({"access_token": "t", "expires_in": seconds, "scope": "plugins"}), now).unwrap();
            token.renew_at.as_second()
        };
        assert_eq!(life(900), 870);
        assert_eq!(life(20), 10);
        assert_eq!(life(-5), 0);
        assert!(granted(&json!({"token": "t"}), now).is_none());
    }

    #[test]
    fn oauth_errors_are_read() {
        let problem = problem(401, &json!({"error": "invalid_client", "error_description": "no such client"}));
        assert_eq!((problem.code.as_str(), problem.sentence().as_str()), ("invalid_client", "no such client"));
    }
}
