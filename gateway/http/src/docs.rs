//! The API's page, whole in itself: no script, style or font comes from elsewhere, so it works where there is no internet.

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::call::OpenCall;

/// The page may load its own two files and the document, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(document).map(|config| config.service(page).service(script).service(style));
}

/// This document.
#[utoipa::path(operation_id = "openapi", tag = "Health", security(()), responses((status = 200, description = "OpenAPI 3.1.", body = Object)))]
#[get("/openapi.json")]
async fn document(call: OpenCall) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(call.shared.document.clone())
}

#[get("/docs")]
async fn page() -> HttpResponse {
    file("text/html; charset=utf-8", include_str!("docs/index.html"))
}

#[get("/docs/page.js")]
async fn script() -> HttpResponse {
    file("text/javascript; charset=utf-8", include_str!("docs/page.js"))
}

#[get("/docs/page.css")]
async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("docs/page.css"))
}

fn file(content_type: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type(content_type).insert_header((header::CONTENT_SECURITY_POLICY, POLICY)).body(body)
}
