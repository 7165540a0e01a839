//! Around every request: the bound on requests under way, the request's id, the headers that all answers carry, counters and the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest};
use tracing::Instrument as _;

use crate::problem::Problem;
use crate::shared::Shared;

/// The id under which a request stands in the log; a client's own is kept where it is sound.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Says that the program is a test program.
pub const TEST: HeaderName = HeaderName::from_static("coalition-test");
/// The longest request id that is taken from a client.
const REQUEST_ID_LEN_MAX: usize = 64;

/// The middleware.
///
/// # Errors
/// What lies within fails as answers; an error of the framework itself passes.
pub async fn edge<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let shared = Shared::of(request.request())?;
    let started = Instant::now();
    let id = request_id(request.request(), &shared);
    // Where GET is served, HEAD is: HTTP/1 leaves the body out by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let method = request.method().clone();
    let span = tracing::error_span!("request", request.id = id);
    let mut response = match Shared::enter(&shared) {
        Some(_under_way) => {
            let answered = next.call(request).instrument(span.clone()).await?;
            answered.map_into_left_body()
        }
        None => request.error_response(Problem::overloaded()).map_into_right_body(),
    };
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or("unknown");
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    span.in_scope(|| log(&method, route, status, elapsed));
    count(&method, route, status, elapsed);
    let is_file = route.starts_with("/docs") || route == "/openapi.json" || route.starts_with("/.well-known");
    add_headers(&mut response, &id, &shared, is_file);
    Ok(response)
}

fn request_id(request: &HttpRequest, shared: &Shared) -> String {
    let is_sound = |id: &&str| {
        (1..=REQUEST_ID_LEN_MAX).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let own = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(is_sound);
    own.map_or_else(|| shared.request_id(), str::to_owned)
}

fn log(method: &Method, route: &str, status: u16, elapsed: std::time::Duration) {
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(http.method = %method, http.route = route, http.status = status, elapsed_us, "answered");
    } else {
        tracing::debug!(http.method = %method, http.route = route, http.status = status, elapsed_us, "answered");
    }
}

fn count(method: &Method, route: &str, status: u16, elapsed: std::time::Duration) {
    let class = match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    let labels = [("method", method.as_str().to_owned()), ("route", route.to_owned()), ("status", class.to_owned())];
    metrics::histogram!("coalition_http_request_seconds", &labels).record(elapsed);
}

fn add_headers<B>(response: &mut ServiceResponse<B>, id: &str, shared: &Data<Shared>, is_file: bool) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !is_file {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if shared.is_test {
        headers.insert(TEST, HeaderValue::from_static("true"));
    }
}
