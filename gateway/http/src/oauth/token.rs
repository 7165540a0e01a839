//! `POST /oauth/token`: a client's id and secret for an access token (RFC 6749, sections 2.3.1, 4.4 and 5).

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coalition_app::Kind;
use coalition_app::tokens::TokenAnswer;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

use crate::body::{expect_media_type, explain, read};
use crate::call::{Input, OpenCall};
use crate::problem::Problem;
use crate::reply::{Reply, view};
use crate::shared::Shared;

/// The longest id or secret; real ones are far shorter.
const CREDENTIAL_LEN_MAX: usize = 256;

/// What a client sends. Fields that RFC 6749 does not name are ignored, as it asks.
#[derive(Debug, Deserialize, ToSchema)]
struct TokenForm {
    /// `client_credentials`.
    #[serde(default)]
    #[schema(required = true, pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: String,
    /// The scopes wanted, with spaces between; all that the client has where it isn't given.
    #[schema(nullable = false, example = "transactions members:read")]
    scope: Option<String>,
    /// The client, where it does not use HTTP Basic.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// Its secret, where it does not use HTTP Basic.
    #[schema(nullable = false)]
    client_secret: Option<String>,
}

struct Form(TokenForm);

impl Input for Form {
    async fn take(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<Self, Problem> {
        expect_media_type(request.headers(), &["application/x-www-form-urlencoded"])?;
        let bytes = read(request, payload, shared.settings.body_bytes_max, shared.settings.body_timeout).await?;
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(&bytes));
        serde_path_to_error::deserialize(pairs).map(Form).map_err(|error| explain::located(&error))
    }
}

/// Gives an access token for a client's credentials, by HTTP Basic or in the form.
#[utoipa::path(operation_id = "issueToken", tag = "Credentials", security(("client" = []), ()),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token.", body = TokenAnswer),
        (status = 400, description = "`invalid-request`, `unsupported-grant-type`, `invalid-scope`; `error` has RFC 6749's code."),
        (status = 401, description = "`invalid-client`: unknown, or the secret is wrong."),
        (status = 429, description = "Too many calls with this credential."),
    ))]
#[post("/oauth/token")]
pub async fn issue(call: OpenCall<Form>) -> Reply {
    let Form(form) = call.input;
    let (client_id, client_secret) = credentials(&call.request, &form)?;
    if form.grant_type != "client_credentials" {
        return Err(unsupported_grant(&form.grant_type));
    }
    call.shared.limiter.admit(&Arc::from(client_id.as_str()))?;
    let issued = call.shared.app.issue_token(&client_id, &client_secret, form.scope.as_deref()).await;
    let token = issued.map_err(|error| match error.kind {
        Kind::Unauthenticated => invalid_client(),
        Kind::Invalid => Problem::oauth(StatusCode::BAD_REQUEST, "invalid-scope", "invalid_scope", "The client has no such scope."),
        _ => error.into(),
    })?;
    uncached(view(&token)?)
}

/// RFC 6749 asks for both headers on whatever carries a token.
fn uncached(mut response: HttpResponse) -> Reply {
    response.headers_mut().insert(header::PRAGMA, header::HeaderValue::from_static("no-cache"));
    Ok(response)
}

fn credentials(request: &HttpRequest, form: &TokenForm) -> Result<(String, String), Problem> {
    let basic = basic(request)?;
    let (id, secret) = match (basic, &form.client_id, &form.client_secret) {
        (Some(_), _, Some(_)) => return Err(invalid_request("Send the credentials one way: HTTP Basic, or the form.")),
        (Some((id, _)), Some(other), None) if id != *other => {
            return Err(invalid_request("The form names another client than HTTP Basic."));
        }
        (Some(pair), _, None) => pair,
        (None, Some(id), Some(secret)) => (id.clone(), secret.clone()),
        (None, _, _) => return Err(invalid_client()),
    };
    let is_sound = |text: &str| !text.is_empty() && text.len() <= CREDENTIAL_LEN_MAX;
    if is_sound(&id) && is_sound(&secret) { Ok((id, secret)) } else { Err(invalid_client()) }
}

/// Id and secret are form-encoded within HTTP Basic (RFC 6749, section 2.3.1).
fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let read = || {
        let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
        let bytes = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok())??;
        let text = String::from_utf8(bytes).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some((form_decoded(id), form_decoded(secret)))
    };
    read().map(Some).ok_or_else(invalid_client)
}

fn form_decoded(text: &str) -> String {
    // A lone value of a form: no `&` or `=` in it is a separator.
    let value = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(value.as_bytes()).next().map(|(value, _)| value.into_owned()).unwrap_or_default()
}

fn invalid_client() -> Problem {
    let problem = Problem::oauth(
        StatusCode::UNAUTHORIZED,
        "invalid-client",
        "invalid_client",
        "No client has this id and secret, or it is no longer in force.",
    );
    problem.with(header::WWW_AUTHENTICATE, "Basic realm=\"coalition\", charset=\"UTF-8\"")
}

fn invalid_request(detail: &'static str) -> Problem {
    Problem::oauth(StatusCode::BAD_REQUEST, "invalid-request", "invalid_request", detail)
}

fn unsupported_grant(grant_type: &str) -> Problem {
    if grant_type.is_empty() {
        return invalid_request("`grant_type` is missing: it is `client_credentials`.");
    }
    Problem::oauth(
        StatusCode::BAD_REQUEST,
        "unsupported-grant-type",
        "unsupported_grant_type",
        "The only grant type is `client_credentials`.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn form(id: Option<&str>, secret: Option<&str>) -> TokenForm {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        TokenForm { grant_type: "client_credentials".to_owned(), scope: None, client_id: owned(id), client_secret: owned(secret) }
    }

    fn request(authorization: Option<&str>) -> HttpRequest {
        let request = TestRequest::default();
        authorization.map_or_else(TestRequest::default, |value| request.insert_header(("authorization", value))).to_http_request()
    }

    fn basic_of(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn credentials_come_one_way() {
        let pair = |id: &str, secret: &str| (id.to_owned(), secret.to_owned());
        assert_eq!(credentials(&request(Some(&basic_of("a%3Ab:s+e&c=r%26t"))), &form(None, None)).unwrap(), pair("a:b", "s e&c=r&t"));
        assert_eq!(credentials(&request(None), &form(Some("a"), Some("b"))).unwrap(), pair("a", "b"));
        assert_eq!(credentials(&request(Some(&basic_of("a:b"))), &form(Some("a"), None)).unwrap(), pair("a", "b"));
        let status =
            |authorization: Option<&str>, form: &TokenForm| credentials(&request(authorization), form).unwrap_err().status().as_u16();
        assert_eq!(status(Some(&basic_of("a:b")), &form(Some("a"), Some("b"))), 400);
        assert_eq!(status(Some(&basic_of("a:b")), &form(Some("c"), None)), 400);
        assert_eq!(status(None, &form(Some("a"), None)), 401);
        assert_eq!(status(Some("Basic ???"), &form(None, None)), 401);
        assert_eq!(status(Some("Bearer abc"), &form(None, None)), 401);
        assert_eq!(status(Some(&basic_of(&format!("a:{}", "x".repeat(300)))), &form(None, None)), 401);
    }
}
