//! Batches: cut into items before any is understood, so that a bad item never spoils its neighbours.

use std::borrow::Cow;

use actix_web::dev::Payload;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse};
use coalition_app::{Answer, Error, Kind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{expect_media_type, explain, parse_text, read};
use crate::call::Input;
use crate::problem::Problem;
use crate::shared::Shared;

/// Items of one batch.
pub const ITEMS_MAX: usize = 1_000;
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// The items of a batch, each read or refused on its own.
#[derive(Debug)]
pub struct Batch<T>(pub Vec<Result<T, Error>>);

impl<T: DeserializeOwned + 'static> Input for Batch<T> {
    async fn take(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<Self, Problem> {
        let media_type = expect_media_type(request.headers(), &[JSON, LINES])?;
        let bytes = read(request, payload, shared.settings.batch_bytes_max, shared.settings.upload_timeout).await?;
        let bytes_max = shared.settings.body_bytes_max;
        if media_type == JSON { items(&bytes, bytes_max) } else { lines(&bytes, bytes_max) }.map(Batch)
    }
}

/// `{"items": […]}`, with each item left as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Items<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

/// An item of `{"items": […]}`.
///
/// # Errors
/// 400 where the batch itself is not of that form, or has none or too many items.
fn items<T: DeserializeOwned>(bytes: &[u8], bytes_max: usize) -> Result<Vec<Result<T, Error>>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::invalid("", "is not UTF-8"))?;
    // serde would take a list of lists for it.
    if text.trim_start().starts_with('[') {
        return Err(Problem::invalid("", "is an object: {\"items\": […]}"));
    }
    let batch: Items<'_> = serde_json::from_str(text).map_err(|error| explain::parse_error(text, &error, |_| None))?;
    counted(batch.items.len())?;
    Ok(batch.items.into_iter().map(|item| one(item.get(), bytes_max)).collect())
}

/// One item a line; empty lines don't count.
///
/// # Errors
/// 400 where there are none or too many.
fn lines<T: DeserializeOwned>(bytes: &[u8], bytes_max: usize) -> Result<Vec<Result<T, Error>>, Problem> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect();
    counted(lines.len())?;
    let read = |line: &[u8]| match std::str::from_utf8(line) {
        Ok(text) => one(text, bytes_max),
        Err(_) => Err(Error::invalid("", "is not UTF-8")),
    };
    Ok(lines.into_iter().map(read).collect())
}

fn counted(items: usize) -> Result<(), Problem> {
    if (1..=ITEMS_MAX).contains(&items) {
        Ok(())
    } else {
        Err(Problem::invalid("/items", format!("has 1 to {ITEMS_MAX} items, not {items}")))
    }
}

/// An item is bounded as the body of a single call is.
fn one<T: DeserializeOwned>(text: &str, bytes_max: usize) -> Result<T, Error> {
    if text.len() > bytes_max {
        return Err(Error::new(Kind::TooLarge, "too-large", format!("An item may have at most {bytes_max} bytes.")));
    }
    parse_text(text).map_err(Problem::into_error)
}

/// `{"results": […]}`: each a ready answer or a problem. An answer that was given before says so, as the header of a single post does.
pub fn results(results: Vec<Result<Answer, Error>>) -> HttpResponse {
    let mut body = String::with_capacity(results.len() * 512 + 16);
    body.push_str("{\"results\":[");
    for (at, result) in results.into_iter().enumerate() {
        if at > 0 {
            body.push(',');
        }
        match result {
            Ok(answer) => body.push_str(&marked(&answer)),
            Err(error) => body.push_str(&Problem::from(error).body()),
        }
    }
    body.push_str("]}");
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}

fn marked(answer: &Answer) -> Cow<'_, str> {
    match answer.body.strip_suffix('}') {
        Some(open) if answer.replayed => Cow::Owned(format!("{open},\"replayed\":true}}")),
        _ => Cow::Borrowed(&answer.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        n: u8,
    }

    fn numbers(items: Result<Vec<Result<Item, Error>>, Problem>) -> Vec<Option<u8>> {
        items.unwrap().into_iter().map(|item| item.ok().map(|item| item.n)).collect()
    }

    #[test]
    fn a_bad_item_spoils_only_itself() {
        let deep = format!("{{\"n\":{}1{}}}", "[".repeat(100), "]".repeat(100));
        let body = format!(r#"{{"items": [{{"n":1}}, {{"n":"x"}}, {{"m":1}}, 7, {deep}, {{"n":1,"n":2}}, {{"n":300}}, {{"n":2}}]}}"#);
        let expected = [Some(1), None, None, None, None, None, None, Some(2)];
        assert_eq!(numbers(items(body.as_bytes(), 1000)), expected);
        let body = b"{\"n\":1}\r\n\n{\"n\":\nnonsense\n\xff\xfe\n  {\"n\":2}  \n";
        assert_eq!(numbers(lines(body, 1000)), [Some(1), None, None, None, Some(2)]);
    }

    #[test]
    fn only_an_answer_that_was_given_before_says_so() {
        let answer = |replayed| Answer { created: false, replayed, body: r#"{"id":1}"#.to_owned() };
        assert_eq!(marked(&answer(false)), r#"{"id":1}"#);
        assert_eq!(marked(&answer(true)), r#"{"id":1,"replayed":true}"#);
    }

    #[test]
    fn batches_and_items_are_bounded() {
        let status = |body: String| items::<Item>(body.as_bytes(), 1000).unwrap_err().status().as_u16();
        let many = |count: usize| format!("{{\"items\":[{}]}}", vec!["{\"n\":1}"; count].join(","));
        assert_eq!(items::<Item>(many(ITEMS_MAX).as_bytes(), 1000).unwrap().len(), ITEMS_MAX);
        for body in [
            many(0),
            many(ITEMS_MAX + 1),
            "[]".to_owned(),
            "{}".to_owned(),
            "{\"items\":{}}".to_owned(),
            "{\"items\":[],\"x\":1}".to_owned(),
        ] {
            assert_eq!(status(body), 400);
        }
        assert!(lines::<Item>(b"\n \n", 1000).is_err());
        let error = items::<Item>(many(1).as_bytes(), 5).unwrap().pop().unwrap().unwrap_err();
        assert_eq!(error.kind, Kind::TooLarge);
    }
}
