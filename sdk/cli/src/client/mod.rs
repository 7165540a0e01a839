//! The gateway as the commands see it: send a request, get an [`Answer`] or a [`CliError`] that says what to do.
//!
//! Tokens are fetched when needed and kept until shortly before they end ([`token`]); a refused one is fetched anew once.

pub mod problem;
pub mod token;

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::error::{CliError, Result};
use crate::profile::Profile;
use problem::Problem;
use token::Tokens;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(120);
/// How long an upload's may: a component that brings its engine compiles for minutes where the gateway is busy.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);
/// The longest `Retry-After` that is believed.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(300);

/// The media type of a component.
pub const COMPONENT: &str = "application/wasm";

/// What the gateway answered, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Whether it is the first answer of an earlier, equal request.
    pub replayed: bool,
    /// When to come again, if it said so.
    pub retry_after: Option<Duration>,
    /// The body; null when it was empty or not JSON.
    pub body: Value,
}

impl Answer {
    /// The body of a success, or the gateway's refusal as an error with exit code 3.
    ///
    /// # Errors
    /// When the status is not 2xx.
    pub fn success(self) -> Result<Value> {
        if self.status.is_success() { Ok(self.body) } else { Err(self.problem().into_error()) }
    }

    /// The problem in the body, or one made from the status.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem::read(self.status.as_u16(), &self.body)
    }
}

/// Why there is no answer: the request may or may not have arrived.
#[derive(Clone, Debug)]
pub struct NoAnswer {
    /// What went wrong, from outermost to the cause.
    pub why: String,
}

/// A request without a token yet.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    body: Option<(&'static str, Vec<u8>)>,
}

impl Request {
    /// Any method.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None }
    }

    /// GET.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None }
    }

    /// POST without a body.
    #[must_use]
    pub fn post(path: impl Into<String>) -> Self {
        Self { method: Method::POST, path: path.into(), body: None }
    }

    /// With a body of that media type.
    #[must_use]
    pub fn body(mut self, media_type: &'static str, bytes: Vec<u8>) -> Self {
        self.body = Some((media_type, bytes));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string().into_bytes())
    }
}

/// One gateway, as one client.
#[derive(Debug)]
pub struct Gateway {
    http: reqwest::Client,
    profile: Profile,
    tokens: Tokens,
}

impl Gateway {
    /// Prepares to talk; nothing is sent yet.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(profile: Profile) -> Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("coalition/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            // A redirect would carry the secret and the receipts to who knows where.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| CliError::machine(format!("can't set up HTTPS: {}", chain(&error))))?;
        Ok(Self { http, tokens: Tokens::new(&profile), profile })
    }

    /// The address it talks to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.profile.url
    }

    /// A fresh token from the gateway, which proves address and credentials. Answers its scope.
    ///
    /// # Errors
    /// When the gateway can't be reached or refuses the credentials.
    pub async fn sign_in(&self) -> Result<String> {
        self.tokens.fetch(&self.http, &self.profile).await.map(|token| token.scope).map_err(|error| error.into_error(self.url()))
    }

    /// Sends a request and reads the answer, whatever its status. A refused token is replaced once.
    ///
    /// # Errors
    /// [`Trouble::NoAnswer`] when the outcome is unknown, [`Trouble::Refused`] when there is no way to a token.
    pub async fn send(&self, request: &Request) -> std::result::Result<Answer, Trouble> {
        let token = self.tokens.get(&self.http, &self.profile).await?;
        let answer = self.send_with(request, &token.access_token).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // The clock moved, the keys rotated, the credentials were renewed: a new token tells.
        self.tokens.forget(&token).await;
        let token = self.tokens.get(&self.http, &self.profile).await?;
        self.send_with(request, &token.access_token).await
    }

    /// Sends a request once and wants a success.
    ///
    /// # Errors
    /// With exit code 3 when there is no answer or it is not 2xx.
    pub async fn call(&self, request: &Request) -> Result<Value> {
        self.answer(request).await?.success()
    }

    /// Sends a request once and wants an answer, whatever its status.
    ///
    /// # Errors
    /// With exit code 3 when there is none.
    pub async fn answer(&self, request: &Request) -> Result<Answer> {
        self.send(request).await.map_err(|trouble| trouble.into_error(self.url()))
    }

    async fn send_with(&self, request: &Request, token: &str) -> std::result::Result<Answer, Trouble> {
        let mut builder = self
            .http
            .request(request.method.clone(), format!("{}{}", self.profile.url, request.path))
            .header(ACCEPT, "application/json, application/problem+json")
            .bearer_auth(token);
        if let Some((media_type, bytes)) = &request.body {
            if *media_type == COMPONENT {
                builder = builder.timeout(UPLOAD_TIMEOUT);
            }
            builder = builder.header(CONTENT_TYPE, *media_type).body(bytes.clone());
        }
        let response = builder.send().await.map_err(no_answer)?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let replayed = response.headers().get("idempotency-replayed").is_some_and(|value| value.as_bytes() == b"true");
        let bytes = response.bytes().await.map_err(no_answer)?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() && body.is_null() && !bytes.is_empty() {
            // Some proxy's page. Not acknowledged, then.
            return Err(Trouble::NoAnswer(NoAnswer { why: "the answer is not the gateway's: it is no JSON".to_owned() }));
        }
        Ok(Answer { status, replayed, retry_after, body })
    }
}

/// Why a request has no answer.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Not reached, or the connection broke. To be tried again, since every write here is idempotent.
    NoAnswer(NoAnswer),
    /// The token endpoint is over its limit or not ready: come again.
    NotNow {
        /// What it said.
        problem: Problem,
        /// When to come again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The credentials are refused; trying again does not help.
    Refused(Problem),
}

impl Trouble {
    /// The error that the user reads, with exit code 3.
    #[must_use]
    pub fn into_error(self, url: &str) -> CliError {
        match self {
            Self::NoAnswer(no_answer) => CliError::gateway(format!("no answer from {url}: {}", no_answer.why))
                .fix("check that the gateway runs and the address is right (coalition profile show)"),
            Self::NotNow { problem, .. } => problem.into_error(),
            Self::Refused(problem) => {
                let mut error = problem.into_error();
                error.message = format!("{url} refused the client's credentials: {}", error.message);
                error.fix("coalition login --url URL --client-id ID with credentials that are in force")
            }
        }
    }
}

fn no_answer(error: reqwest::Error) -> Trouble {
    Trouble::NoAnswer(NoAnswer { why: chain(&error.without_url()) })
}

/// An error and its causes, outermost first: reqwest keeps what matters ("connection refused") at the bottom.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

/// `Retry-After` in seconds. The form with a date is not what the gateway sends; it counts as absent.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}

/// The runtime for commands that talk to a gateway.
///
/// # Errors
/// When the system refuses threads.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CliError::machine(format!("can't start threads: {error}")))
}

/// Makes a text safe as one segment of a path, so that an id with a slash in it can't name another call.
#[must_use]
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_one_segment() {
        assert_eq!(segment("plg_01abc"), "plg_01abc");
        assert_eq!(segment("../x?y"), "%2E%2E%2Fx%3Fy");
    }

    #[test]
    fn retry_after_is_believed_in_reason() {
        let headers = |value: &str| HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        assert_eq!(retry_after(&headers("2")), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(&headers("99999")), Some(RETRY_AFTER_MAX));
        assert_eq!(retry_after(&headers("Wed, 21 Oct 2026 07:28:00 GMT")), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
