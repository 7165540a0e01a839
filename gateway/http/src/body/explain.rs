//! What is wrong with a body, in words that help: which field, and what it should be.

use serde_json::error::Category;
use serde_path_to_error::Segment;

use super::scan::{DEPTH_MAX, Flaw, push_segment};
use crate::problem::Problem;

/// A message may quote what was sent, up to so many characters.
const MESSAGE_CHARS_MAX: usize = 240;

/// What the look over the document found.
pub fn flaw(flaw: Flaw) -> Problem {
    match flaw {
        Flaw::TooDeep => Problem::invalid("", format!("is nested deeper than {DEPTH_MAX}")),
        Flaw::DuplicateKey { pointer } => Problem::invalid(pointer, "stands twice in this object"),
    }
}

/// What the parser found. It has to read again to tell where, so only bad bodies pay for it.
pub fn parse_error(
    text: &str,
    error: &serde_json::Error,
    located: impl Fn(&str) -> Option<serde_path_to_error::Error<serde_json::Error>>,
) -> Problem {
    match error.classify() {
        Category::Data => match located(text) {
            None => Problem::invalid("", message(error)),
            Some(located) => field(&pointer(located.path()), &message(located.inner())),
        },
        Category::Eof if text.trim().is_empty() => Problem::invalid("", "is empty: send JSON"),
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::invalid("", format!("is not JSON: {} at line {}, column {}", message(error), error.line(), error.column()))
        }
    }
}

/// A field error of a form or a query, located by the same means.
pub fn located<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> Problem {
    field(&pointer(error.path()), &shortened(&error.inner().to_string()))
}

/// serde says that a field is unknown or missing at the object around it: the pointer is better at the field.
fn field(pointer: &str, message: &str) -> Problem {
    let name = |before: &str| message.strip_prefix(before)?.split_once('`').map(|(name, _)| name);
    let at = |name: &str| {
        let mut own = String::new();
        push_segment(&mut own, name);
        if pointer.ends_with(&own) { pointer.to_owned() } else { format!("{pointer}{own}") }
    };
    if let Some(name) = name("missing field `") {
        return Problem::invalid(at(name), "is required");
    }
    if let Some(name) = name("unknown field `") {
        let expected = message
            .split_once(", expected ")
            .map_or(String::new(), |(_, expected)| format!("; known: {}", expected.replace("one of ", "")));
        return Problem::invalid(at(name), format!("is not known here{expected}"));
    }
    if let Some(name) = name("duplicate field `") {
        return Problem::invalid(at(name), "stands twice");
    }
    // What a program is made of is no help to those who call it.
    if let Some((before, _)) = message.split_once("expected struct ") {
        return Problem::invalid(pointer, format!("{before}expected an object"));
    }
    if message.ends_with("untagged enum Scalar") {
        return Problem::invalid(pointer, "is a text, a whole number, true or false");
    }
    Problem::invalid(pointer, message)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push_segment(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_segment(&mut pointer, key),
            // The name of a variant is no place in the document.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The parser's message without its own position.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    shortened(text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use crate::body::parse;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Line {
        sku: String,
        amount: i64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Receipt {
        total: i64,
        #[serde(default)]
        lines: Vec<Line>,
        #[serde(default)]
        attributes: BTreeMap<String, String>,
    }

    fn refused(body: &[u8]) -> (String, String) {
        let problem = parse::<Receipt>(body).unwrap_err();
        assert_eq!(problem.status(), 400);
        let document: Value = serde_json::from_str(&problem.body()).unwrap();
        let error = &document["errors"][0];
        (error["pointer"].as_str().unwrap().to_owned(), error["detail"].as_str().unwrap().to_owned())
    }

    #[test]
    fn good_bodies_pass() {
        assert!(parse::<Receipt>(br#"{"total": 5, "lines": [{"sku": "a", "amount": 5}], "attributes": {"x": "y"}}"#).is_ok());
    }

    #[test]
    fn errors_point_at_their_field() {
        let at = |body: Value| refused(body.to_string().as_bytes());
        assert_eq!(at(json!({})), ("/total".to_owned(), "is required".to_owned()));
        assert_eq!(at(json!({"total": 1, "totl": 2})).0, "/totl");
        assert!(at(json!({"total": 1, "totl": 2})).1.starts_with("is not known here; known: `total`"));
        assert_eq!(at(json!({"total": "1"})), ("/total".to_owned(), "invalid type: string \"1\", expected i64".to_owned()));
        assert_eq!(at(json!({"total": 1.5})).0, "/total");
        assert_eq!(at(json!({"total": 1, "lines": [{"sku": "a", "amount": 1}, {"sku": "b"}]})).0, "/lines/1/amount");
        assert_eq!(at(json!({"total": 1, "lines": [{"sku": "a", "amount": 1, "a/b": 1}]})).0, "/lines/0/a~1b");
        assert_eq!(at(json!({"total": 1, "attributes": {"x": 1}})).0, "/attributes/x");
        assert_eq!(at(json!([])).0, "");
        assert!(at(json!({"total": "x".repeat(10_000)})).1.len() < 400);
    }

    #[test]
    fn what_is_no_json_is_told_as_such() {
        for (body, says) in [
            (&b""[..], "is empty"),
            (b"{", "is not JSON"),
            (b"{\"total\": 1} x", "is not JSON"),
            (b"\xff\xfe", "is not UTF-8"),
            (b"{\"total\": 1, \"total\": 2}", "stands twice"),
            (b"{\"total\": 99999999999999999999}", "invalid type"),
            (b"{\"total\": 1, \"attributes\": {\"a\": \"1\", \"a\": \"2\"}}", "stands twice"),
        ] {
            let (_, detail) = refused(body);
            assert!(detail.contains(says), "{says}: {detail}");
        }
    }
}
