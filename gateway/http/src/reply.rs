//! What handlers answer: a view as JSON, or a ready answer of a use case that writes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use coalition_app::{Answer, Error};
use serde::Serialize;

use crate::problem::{Problem, REPLAYED};

/// What a handler gives back.
pub type Reply = Result<HttpResponse, Problem>;

/// 200 with a view.
///
/// # Errors
/// 500 where it can't be written as JSON: a bug.
pub fn view(view: &impl Serialize) -> Reply {
    let body = serde_json::to_string(view).map_err(|error| Error::internal(&error))?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(body))
}

/// The same, of what a use case may refuse.
///
/// # Errors
/// The use case's.
pub fn shown<V: Serialize>(result: Result<V, Error>) -> Reply {
    view(&result?)
}

/// 204.
#[must_use]
pub fn nothing() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// 201 or 200 with a ready body; a stored answer says that it is one.
#[must_use]
pub fn answer(answer: Answer) -> HttpResponse {
    respond(answer, None)
}

/// The same; what was made is found under `path` by its id.
#[must_use]
pub fn answer_under(path: &str, answer: Answer) -> HttpResponse {
    let location = (answer.created).then(|| id_of(&answer.body)).flatten().map(|id| format!("{path}/{id}"));
    respond(answer, location)
}

fn respond(answer: Answer, location: Option<String>) -> HttpResponse {
    let mut response = HttpResponse::build(if answer.created { StatusCode::CREATED } else { StatusCode::OK });
    response.content_type(ContentType::json());
    if answer.replayed {
        response.insert_header((REPLAYED, "true"));
    }
    if let Some(location) = location {
        response.insert_header((header::LOCATION, location));
    }
    response.body(answer.body)
}

/// The id that a view begins with. Reading the body again as JSON would cost more than the rest of the answer.
fn id_of(body: &str) -> Option<&str> {
    body.strip_prefix("{\"id\":\"")?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_has_a_location() {
        let made = |created| Answer { created, replayed: !created, body: r#"{"id":"mbr_1","card":"a"}"#.to_owned() };
        let response = answer_under("/v1/members", made(true));
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers().get("location").unwrap(), "/v1/members/mbr_1");
        assert!(response.headers().get("idempotency-replayed").is_none());
        let again = answer_under("/v1/members", made(false));
        assert_eq!(again.status(), 200);
        assert!(again.headers().get("location").is_none());
        assert_eq!(again.headers().get("idempotency-replayed").unwrap(), "true");
    }
}
