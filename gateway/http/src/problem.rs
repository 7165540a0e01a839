//! The one place where an error becomes an answer: RFC 9457 problems, and the headers that belong to their status.
//!
//! A problem's `type` is [`TYPE_BASE`] followed by its code. The code is what programs compare; title and detail are for people.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use coalition_app::{Error, FieldError, Kind};
use serde::Serialize;

/// What every problem's `type` begins with. A name, not an address: nothing need be served there, and it never changes.
pub const TYPE_BASE: &str = "https://coalition.example/problems/";
/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The header that marks a stored answer given again.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer that says no.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<FieldError>,
    /// RFC 6749's code, at the token endpoint only.
    oauth: Option<&'static str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A problem as it is sent.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
}

impl Problem {
    /// A problem of HTTP itself, or of a kind that the application does not know.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code: Cow::Borrowed(code), detail: detail.into(), errors: Vec::new(), oauth: None, headers: Vec::new() }
    }

    /// 400: this field is wrong; an empty pointer means the whole body.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Error::invalid(pointer, detail).into()
    }

    /// 404, the same for an unknown path, an unknown id and a foreign one.
    #[must_use]
    pub fn not_found() -> Self {
        Error::not_found().into()
    }

    /// 405, with what the path does take.
    #[must_use]
    pub fn method_not_allowed(allowed: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", format!("This path takes {allowed}.")).with(header::ALLOW, allowed)
    }

    /// 408: the body did not arrive in time.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request-timeout", "The body did not arrive in time; nothing was done. Send it again.")
            .with(header::CONNECTION, "close")
    }

    /// 413: the body is over the limit.
    #[must_use]
    pub fn too_large(bytes_max: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("The body may have at most {bytes_max} bytes."))
            .with(header::CONNECTION, "close")
    }

    /// 415: the body is of another type than the ones taken here.
    #[must_use]
    pub fn unsupported_media_type(accepted: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            format!("Send the body as {accepted}, without a content encoding."),
        )
        .with(header::ACCEPT, accepted)
    }

    /// 429: this credential is over its rate.
    #[must_use]
    pub fn rate_limited(retry_after_s: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate-limited",
            "Too many requests with this credential; come again after `Retry-After` seconds.",
        )
        .retry_after(retry_after_s)
    }

    /// 503: too much is under way.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", "Too many requests are under way; nothing was done. Try again.")
            .retry_after(1)
    }

    /// A refusal of the token endpoint: RFC 6749, section 5.2, as a problem.
    #[must_use]
    pub fn oauth(status: StatusCode, code: &'static str, oauth: &'static str, detail: &'static str) -> Self {
        Self { oauth: Some(oauth), ..Self::new(status, code, detail) }
    }

    /// With one header more. A value that can't be a header is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    fn retry_after(self, seconds: u64) -> Self {
        self.with(header::RETRY_AFTER, &seconds.to_string())
    }

    /// As the application has it: what the items of a batch are refused with. Headers are lost, and what HTTP alone knows is invalid.
    #[must_use]
    pub fn into_error(self) -> Error {
        let kind = if self.status == StatusCode::PAYLOAD_TOO_LARGE { Kind::TooLarge } else { Kind::Invalid };
        Error { kind, code: self.code, detail: self.detail, errors: self.errors, retry_after_s: None, replayed: false }
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The document as it is sent; an item of a batch carries it as it is.
    #[must_use]
    pub fn body(&self) -> String {
        let document = Document {
            r#type: format!("{TYPE_BASE}{}", self.code),
            title: title(&self.code),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: &self.code,
            errors: &self.errors,
            error: self.oauth,
            error_description: self.oauth.map(|_| self.detail.as_str()),
        };
        // Texts and numbers only: writing them as JSON can't fail.
        serde_json::to_string(&document).unwrap_or_default()
    }
}

/// `out-of-stock` → `Out of stock`.
fn title(code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| if letter == '-' { ' ' } else { letter })).collect()
}

/// The status of each kind of refusal.
#[must_use]
pub const fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        // Whatever was wrong with a token, the answer is the same.
        let error = if error.kind == Kind::Unauthenticated { Error::unauthenticated() } else { error };
        let mut problem = Self {
            status: status_of(error.kind),
            code: error.code,
            detail: error.detail,
            errors: error.errors,
            oauth: None,
            headers: Vec::new(),
        };
        if error.kind == Kind::Unauthenticated {
            problem = problem.with(header::WWW_AUTHENTICATE, "Bearer");
        }
        if let Some(seconds) = error.retry_after_s {
            problem = problem.retry_after(u64::from(seconds));
        }
        if error.replayed {
            problem = problem.with(REPLAYED, "true");
        }
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type(MEDIA_TYPE);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn document(problem: &Problem) -> Value {
        serde_json::from_str(&problem.body()).unwrap()
    }

    #[test]
    fn a_problem_is_whole() {
        let problem = Problem::invalid("/lines/0/amount", "must not be negative");
        assert_eq!(
            document(&problem),
            json!({
                "type": "https://coalition.example/problems/invalid-request", "title": "Invalid request", "status": 400,
                "detail": "/lines/0/amount: must not be negative", "code": "invalid-request",
                "errors": [{"pointer": "/lines/0/amount", "detail": "must not be negative"}],
            })
        );
        let response = problem.error_response();
        assert_eq!(response.headers().get("content-type").unwrap(), MEDIA_TYPE);
    }

    #[test]
    fn a_refused_token_always_reads_the_same() {
        let expired = Error::new(Kind::Unauthenticated, "expired", "The token has expired.");
        let (one, other) = (Problem::from(expired), Problem::from(Error::unauthenticated()));
        assert_eq!(one.body(), other.body());
        assert_eq!(one.error_response().headers().get("www-authenticate").unwrap(), "Bearer");
    }

    #[test]
    fn headers_follow_the_error() {
        let mut error = Error::conflict("insufficient-points", "Earn some more.");
        error.replayed = true;
        error.retry_after_s = Some(7);
        let response = Problem::from(error).error_response();
        assert_eq!(response.status(), 409);
        assert_eq!(response.headers().get("idempotency-replayed").unwrap(), "true");
        assert_eq!(response.headers().get("retry-after").unwrap(), "7");
        assert_eq!(Problem::method_not_allowed("GET, HEAD").error_response().headers().get("allow").unwrap(), "GET, HEAD");
    }

    #[test]
    fn the_token_endpoint_speaks_oauth_too() {
        let problem = Problem::oauth(StatusCode::UNAUTHORIZED, "invalid-client", "invalid_client", "Unknown client.");
        assert_eq!(document(&problem)["error"], "invalid_client");
        assert_eq!(document(&problem)["code"], "invalid-client");
        assert_eq!(document(&problem)["error_description"], "Unknown client.");
    }
}
