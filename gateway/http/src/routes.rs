//! Every endpoint, once: what is served and what the OpenAPI document tells come from this one list.

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::Problem;
use crate::shared::Shared;
use crate::{docs, health, oauth, v1, well_known};

/// All endpoints. Those that only a test program has are there where `is_test`.
pub fn configure(config: &mut ServiceConfig, is_test: bool) {
    // A request is compared with one path after the other: those of the tills go first.
    v1::configure(config);
    health::configure(config);
    docs::configure(config);
    oauth::configure(config);
    well_known::configure(config);
    if is_test {
        v1::test::configure(config);
    }
}

/// Which methods each path takes: to tell 405 from 404.
#[derive(Debug)]
pub struct Allowed(Vec<(ResourceDef, String)>);

impl Allowed {
    /// As the document has it.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)));
        Self(paths.collect())
    }

    fn at(&self, path: &str) -> Option<&str> {
        // A fixed path goes before a pattern: `/v1/transactions/batch` before `/v1/transactions/{id}`.
        self.fixed(path).or_else(|| self.0.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, methods)| methods.as_str()))
    }

    /// The methods of a path that stands in the document letter by letter.
    pub(crate) fn fixed(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(pattern, _)| pattern.pattern() == Some(path)).map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let operations = [
        (Method::GET, &item.get),
        (Method::HEAD, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    let names: Vec<&str> = operations.iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method.as_str()).collect();
    names.join(", ")
}

/// What no endpoint takes: 405 where the path is known, else 404.
///
/// # Errors
/// Always.
pub async fn unmatched(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let shared = Shared::of(&request)?;
    Err(shared.allowed.at(request.path()).map_or_else(Problem::not_found, Problem::method_not_allowed))
}
