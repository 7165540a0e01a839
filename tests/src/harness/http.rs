//! A small HTTP client for stories: calls that read like the contract, and answers that can be asked what they are.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;

/// How long one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// One caller of one gateway: its address, and its access token where it has one.
#[derive(Clone, Debug)]
pub struct Http {
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl Http {
    /// A caller without a token. `base` is `http://HOST:PORT`.
    pub fn new(base: &str) -> Http {
        // Two TLS providers are in the tree; whoever comes first names the one to use.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(ANSWER_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client without any certificate can be built");
        Http { base: base.to_owned(), token: None, client }
    }

    /// The same gateway, asked with this token.
    pub fn with_token(&self, token: &str) -> Http {
        Http { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same gateway, asked without a token.
    pub fn anonymous(&self) -> Http {
        Http { token: None, ..self.clone() }
    }

    /// The same caller at another gateway (of the same database).
    pub fn at(&self, base: &str) -> Http {
        Http { base: base.to_owned(), ..self.clone() }
    }

    /// The token, for those who want to break it.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("this caller has no token")
    }

    /// The gateway's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A call of any method.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Call { request }
    }

    /// `GET path`.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// `POST path` with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// `POST path` without a body.
    pub fn post_empty(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// `POST path` with whatever body.
    pub fn post_raw(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Call {
        self.call(Method::POST, path).body(content_type, body)
    }

    /// `PUT path` with a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    /// `PATCH path` with a JSON body.
    pub fn patch(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PATCH, path).json(body)
    }

    /// `DELETE path`.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Client credentials for a token, by HTTP Basic; the raw answer.
    pub fn ask_token(&self, client_id: &str, client_secret: &str) -> Call {
        let request = self.client.post(format!("{}/oauth/token", self.base));
        Call { request: request.basic_auth(client_id, Some(client_secret)).form(&[("grant_type", "client_credentials")]) }
    }

    /// The same caller with a token for these credentials.
    pub async fn login(&self, client_id: &str, client_secret: &str) -> Http {
        let answer = self.anonymous().ask_token(client_id, client_secret).await.ok(200);
        self.with_token(answer["access_token"].as_str().expect("an access token"))
    }
}

/// A call that is not sent yet; `.await` sends it.
#[derive(Debug)]
pub struct Call {
    request: reqwest::RequestBuilder,
}

impl Call {
    /// With a JSON body.
    pub fn json(self, body: &Value) -> Call {
        Call { request: self.request.json(body) }
    }

    /// With a body of any type.
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Call {
        Call { request: self.request.header("content-type", content_type).body(body.into()) }
    }

    /// With one header more.
    pub fn header(self, name: &str, value: &str) -> Call {
        Call { request: self.request.header(name, value) }
    }

    /// Waits so long for its answer.
    pub fn patient(self, timeout: Duration) -> Call {
        Call { request: self.request.timeout(timeout) }
    }

    /// With an `Idempotency-Key`.
    pub fn key(self, key: &str) -> Call {
        self.header("Idempotency-Key", key)
    }

    /// With form fields.
    pub fn form(self, fields: &[(&str, &str)]) -> Call {
        Call { request: self.request.form(fields) }
    }

    /// Sends it. An error means that no whole answer came.
    pub async fn send(self) -> Result<Answer, reqwest::Error> {
        let response = self.request.send().await?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.bytes().await?.to_vec();
        Ok(Answer { status, headers, body })
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await.expect("the gateway answers") })
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// A header's text, where the answer has it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is empty.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// Whether this is a stored answer given again.
    pub fn is_replay(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// The body, when the status is this one; else the story ends here.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }

    /// Ends the story where the status is another one, of an answer without a body.
    #[track_caller]
    pub fn ok_empty(&self, status: u16) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
    }

    /// The problem, when it is this one, whole as RFC 9457 and the contract have it; else the story ends here.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.any_problem(status);
        assert_eq!(problem["code"], code, "{problem:#}");
        problem
    }

    /// Any problem of this status, whole as RFC 9457 and the contract have it; else the story ends here.
    #[track_caller]
    pub fn any_problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let media = self.header("content-type").unwrap_or_default();
        assert!(media.starts_with("application/problem+json"), "an error of type {media}: {}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], status, "{problem:#}");
        let code = problem["code"].as_str().unwrap_or_default();
        assert!(!code.is_empty(), "a problem without a code: {problem:#}");
        assert!(problem["type"].as_str().unwrap_or_default().ends_with(code), "type and code differ: {problem:#}");
        for field in ["title", "detail"] {
            assert!(!problem[field].as_str().unwrap_or_default().is_empty(), "a problem without {field}: {problem:#}");
        }
        problem
    }
}
