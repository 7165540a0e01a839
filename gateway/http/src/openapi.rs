//! The OpenAPI document: generated from the handlers, and completed with what holds for every call, so that no handler repeats it.

use actix_web::App;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Type};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::AppExt as _;

use crate::problem::MEDIA_TYPE;
use crate::routes;

/// A problem, as RFC 9457 has it.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "only described")]
pub(crate) struct ProblemSchema {
    /// A stable URI that ends in the code. It names the problem; nothing need be served there.
    #[schema(example = "https://coalition.example/problems/invalid-request")]
    r#type: String,
    /// The code, in words.
    #[schema(example = "Invalid request")]
    title: String,
    /// The status, again.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    status: u16,
    /// What to do about it.
    detail: String,
    /// What programs compare.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "invalid-request")]
    code: String,
    /// Field by field, where fields are to blame; or every violation of a refused plugin.
    #[schema(required = false)]
    errors: Vec<FieldErrorSchema>,
    /// At the token endpoint only: the code of RFC 6749.
    #[schema(required = false, nullable = false, example = "invalid_client")]
    error: Option<String>,
    /// At the token endpoint only: the detail again.
    #[schema(required = false, nullable = false)]
    error_description: Option<String>,
}

/// What is wrong with one field.
#[derive(ToSchema)]
#[schema(as = FieldError)]
#[expect(dead_code, reason = "only described")]
pub(crate) struct FieldErrorSchema {
    /// A JSON pointer (RFC 6901) into the body; `/name` for a parameter or a header; empty for the whole.
    #[schema(example = "/lines/0/amount")]
    pointer: String,
    /// What to do about it.
    detail: String,
}

/// The header that makes a call safe to repeat.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described")]
pub struct IdempotencyKey {
    /// Of the client's making, unique to this operation. The same key and body again get the stored answer, for 7 days.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]{1,255}$",
        example = "b0f1c7d2"
    )]
    idempotency_key: String,
}

/// The answers that calls share: status, name, and what it means.
const SHARED: [(&str, &str, &str); 11] = [
    ("400", "Invalid", "The request is wrong; `errors` says where."),
    ("401", "Unauthenticated", "No good token. The body is the same whatever was wrong with it."),
    ("403", "Forbidden", "A good token without the right."),
    ("404", "NotFound", "Not there, or not the caller's to see."),
    ("408", "TooSlow", "The body did not arrive in time; nothing was done."),
    ("413", "TooLarge", "The body is over the limit."),
    ("415", "UnsupportedMediaType", "The body is of another media type."),
    ("429", "RateLimited", "Too many calls with this credential."),
    ("500", "Internal", "Our fault; it is in the gateway's log under the answer's `X-Request-Id`."),
    ("503", "Unavailable", "The database or a queue can't take it now; nothing was done."),
    ("422", "IdempotencyMismatch", "`idempotency-mismatch`: the key was sent before with another body."),
];

/// The document of a gateway; a test program has a call more.
#[must_use]
pub fn document(is_test: bool) -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(frame()).configure(|config| routes::configure(config, is_test));
    let (_, mut document) = app.split_for_parts();
    document.paths.paths.values_mut().flat_map(operations).for_each(complete);
    let components = document.components.get_or_insert_default();
    add_shared(components);
    document
}

/// The document as it is served.
#[must_use]
pub fn json(document: &OpenApi) -> String {
    // Made of texts and numbers only: writing it can't fail.
    document.to_pretty_json().unwrap_or_default()
}

fn frame() -> OpenApi {
    let tag = |name: &str, description: &str| TagBuilder::new().name(name).description(Some(description)).build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Coalition gateway")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Merchants who share one points currency. Points are whole numbers; money is in integer minor units; times are RFC 3339, \
                     answered in UTC. Errors are RFC 9457 problems: programs compare `code`. Unknown fields and parameters are refused.",
                ))
                .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
                .build(),
        )
        .tags(Some([
            tag("Credentials", "Tokens, and the keys that sign them."),
            tag("Program", "The coalition as a whole; the operator's."),
            tag("Partners", "Merchants; the operator's."),
            tag("Adjustments", "Points given or taken by hand; the operator's."),
            tag("Campaigns", "Promotions that several partners fund."),
            tag("Members", "People, their points and what they were given."),
            tag("Me", "The same for a member's own token."),
            tag("Households", "Members who spend as one."),
            tag("Transactions", "Purchases, posted by partners."),
            tag("Activities", "What members do other than buying, posted by partners."),
            tag("Redemptions", "Offers, holds, and spending."),
            tag("Plugins", "Partners' rules, as WebAssembly components."),
            tag("Decisions", "What rules saw and said."),
            tag("Ledger", "The books, and their check; the operator's."),
            tag("Analytics", "Figures by partner and period; the operator's."),
            tag("Health", "For whoever runs the gateway."),
        ]))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]))
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().filter_map(Option::as_mut)
}

/// Adds the answers that follow from what a call takes.
fn complete(operation: &mut Operation) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has = |place: ParameterIn, name: Option<&str>| {
        parameters.iter().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == place && name.is_none_or(|name| parameter.name == name),
            RefOr::Ref(_) => false,
        })
    };
    // A public call says `security(())`; the others have what holds for the whole document.
    let is_public = operation.security.is_some();
    let has_path = has(ParameterIn::Path, None);
    let has_key = has(ParameterIn::Header, Some("Idempotency-Key"));
    let has_body = operation.request_body.is_some();
    let given = &mut operation.responses.responses;
    for (status, name, _) in SHARED {
        let holds = match status {
            "401" | "403" | "429" => !is_public,
            "404" => has_path,
            "408" | "413" | "415" => has_body,
            "422" => has_key,
            _ => true,
        };
        if holds && !given.contains_key(status) {
            given.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
        }
    }
    if has_key && !given.contains_key("409") {
        given.insert("409".to_owned(), RefOr::Ref(Ref::from_response_name("InFlight")));
    }
    for (status, response) in given {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
        {
            response.content.insert(MEDIA_TYPE.to_owned(), RefOr::T(problem_content()));
        }
    }
}

fn problem_content() -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

fn problem(description: &str, headers: &[(&str, &str)]) -> Response {
    let text = || ObjectBuilder::new().schema_type(Type::String).build();
    let header = |description: &str| HeaderBuilder::new().schema(Some(text())).description(Some(description)).build();
    let response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, problem_content());
    headers.iter().fold(response, |response, (name, description)| response.header(*name, header(description))).build()
}

fn add_shared(components: &mut Components) {
    let mut schemas = Vec::new();
    <ProblemSchema as ToSchema>::schemas(&mut schemas);
    schemas.push(("Problem".to_owned(), <ProblemSchema as utoipa::PartialSchema>::schema()));
    schemas.push(("FieldError".to_owned(), <FieldErrorSchema as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    let retry = ("Retry-After", "Seconds after which to try again.");
    for (status, name, description) in SHARED {
        let headers = match status {
            "401" => vec![("WWW-Authenticate", "`Bearer`.")],
            "429" | "503" => vec![retry],
            _ => Vec::new(),
        };
        components.responses.insert(name.to_owned(), RefOr::T(problem(description, &headers)));
    }
    let in_flight = problem("`idempotency-in-flight`: the first call with this key isn't answered yet.", &[retry]);
    components.responses.insert("InFlight".to_owned(), RefOr::T(in_flight));
    components.security_schemes.extend(security_schemes());
}

fn security_schemes() -> [(String, RefOr<SecurityScheme>); 3] {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("A token of `POST /oauth/token`, or a member's session."))
        .build();
    let scopes = ["transactions", "redemptions", "members", "plugins", "webhooks", "statements"];
    let scopes = scopes
        .into_iter()
        .flat_map(|scope| [(scope.to_owned(), "To read and write.".to_owned()), (format!("{scope}:read"), "To read.".to_owned())]);
    let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::from_iter(scopes)));
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some("A client's id and secret.")).build();
    [
        ("bearer".to_owned(), RefOr::T(SecurityScheme::Http(bearer))),
        ("oauth2".to_owned(), RefOr::T(SecurityScheme::OAuth2(OAuth2::new([flow])))),
        ("client".to_owned(), RefOr::T(SecurityScheme::Http(basic))),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn each(is_test: bool) -> Vec<(String, Operation)> {
        let mut document = document(is_test);
        let paths = document.paths.paths.iter_mut();
        paths.flat_map(|(path, item)| operations(item).map(|operation| (path.clone(), operation.clone())).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn every_operation_tells_what_it_is_and_can_answer() {
        let mut ids = BTreeSet::new();
        for (path, operation) in each(true) {
            let id = operation.operation_id.clone().unwrap_or_default();
            assert!(!id.is_empty() && ids.insert(id.clone()), "{path}: the operation id {id:?} is missing or taken");
            assert!(operation.summary.is_some_and(|summary| !summary.is_empty()), "{id} has no summary");
            assert!(operation.tags.is_some_and(|tags| tags.len() == 1), "{id} has no tag");
            let answers = &operation.responses.responses;
            let mut wanted = vec!["400", "500", "503"];
            if operation.security.is_none() {
                wanted.extend(["401", "403", "429"]);
            }
            if path.contains('{') {
                wanted.push("404");
            }
            if operation.request_body.is_some() {
                wanted.extend(["408", "413", "415"]);
            }
            for status in wanted {
                assert!(answers.contains_key(status), "{id} does not tell of {status}");
            }
            assert!(answers.keys().any(|status| status.starts_with('2')), "{id} never succeeds");
            for (status, answer) in answers {
                if let RefOr::T(answer) = answer
                    && status.starts_with('4')
                {
                    assert!(answer.content.contains_key(MEDIA_TYPE), "{id}: {status} is no problem");
                }
            }
        }
    }

    #[test]
    fn only_a_test_program_has_a_clock() {
        let paths = |is_test| each(is_test).into_iter().map(|(path, _)| path).collect::<BTreeSet<_>>();
        let difference: Vec<_> = paths(true).difference(&paths(false)).cloned().collect();
        assert_eq!(difference, ["/v1/test/clock"]);
    }

    #[test]
    fn whatever_is_referred_to_is_there() {
        let text = json(&document(true));
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        for reference in text.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}
