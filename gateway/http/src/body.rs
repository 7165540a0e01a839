//! Bodies: their media type, their size, their time, and JSON read once, straight into the type that the use case takes.

pub mod batch;
pub mod explain;
pub mod scan;
pub mod strict;

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use futures::StreamExt as _;
use serde::de::DeserializeOwned;

use self::strict::Strict;
use crate::call::Input;
use crate::problem::Problem;
use crate::shared::Shared;

/// What is reserved ahead for a body, bytes: a client's claim of a large one is believed only as it comes.
const RESERVED_BYTES_MAX: usize = 256 * 1024;

/// A JSON body. Unknown fields, keys that stand twice, depth and size over their bounds are refused.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> Input for Body<T> {
    async fn take(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<Self, Problem> {
        expect_media_type(request.headers(), &["application/json"])?;
        let bytes = read(request, payload, shared.settings.body_bytes_max, shared.settings.body_timeout).await?;
        parse(&bytes).map(Body)
    }
}

/// A WebAssembly component.
#[derive(Debug)]
pub struct Component(pub Bytes);

impl Input for Component {
    async fn take(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<Self, Problem> {
        expect_media_type(request.headers(), &["application/wasm"])?;
        read(request, payload, shared.settings.component_bytes_max, shared.settings.upload_timeout).await.map(Component)
    }
}

/// Which of these media types the body has. Parameters are ignored, but for a charset that isn't UTF-8.
///
/// # Errors
/// 415 for any other, for none, and for a body in a content encoding.
pub fn expect_media_type(headers: &HeaderMap, accepted: &[&'static str]) -> Result<&'static str, Problem> {
    let refused = || Problem::unsupported_media_type(&accepted.join(", "));
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text(header::CONTENT_ENCODING).is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(refused());
    }
    let mut parts = text(header::CONTENT_TYPE).unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is_utf_8 = |charset: &str| charset.trim_matches('"').eq_ignore_ascii_case("utf-8");
    let mut charsets = parts.filter_map(|parameter| parameter.split_once('=')).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    if !charsets.all(|(_, charset)| is_utf_8(charset)) {
        return Err(refused());
    }
    accepted.iter().find(|accepted| accepted.eq_ignore_ascii_case(media_type)).copied().ok_or_else(refused)
}

/// Reads the whole body: at most `bytes_max` of it, within `timeout`.
///
/// # Errors
/// 413, 408, or 400 where the connection breaks off.
pub async fn read(request: &HttpRequest, payload: Payload, bytes_max: usize, timeout: Duration) -> Result<Bytes, Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes_max) {
        return Err(Problem::too_large(bytes_max));
    }
    match tokio::time::timeout(timeout, collect(payload, bytes_max, announced)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::too_slow()),
    }
}

async fn collect(mut payload: Payload, bytes_max: usize, announced: Option<usize>) -> Result<Bytes, Problem> {
    let next = |chunk: Option<Result<Bytes, _>>| chunk.transpose().map_err(|_broken| Problem::invalid("", "the body broke off"));
    let Some(first) = next(payload.next().await)? else { return Ok(Bytes::new()) };
    // Most bodies come in one piece, which then needs no copy.
    if announced == Some(first.len()) {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(announced.unwrap_or_default().max(first.len()).min(RESERVED_BYTES_MAX));
    let mut chunk = Some(first);
    while let Some(bytes) = chunk {
        if whole.len() + bytes.len() > bytes_max {
            return Err(Problem::too_large(bytes_max));
        }
        whole.extend_from_slice(&bytes);
        chunk = next(payload.next().await)?;
    }
    Ok(whole.freeze())
}

/// Reads JSON into the type asked for.
///
/// # Errors
/// 400, with a pointer to the field where there is one to blame.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::invalid("", "is not UTF-8"))?;
    parse_text(text)
}

/// The same, of text.
///
/// # Errors
/// 400, with a pointer to the field where there is one to blame.
pub fn parse_text<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    scan::look_over(text).map_err(explain::flaw)?;
    read_json(text).map_err(|error| explain::parse_error(text, &error, read_located::<T>))
}

fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = T::deserialize(Strict(&mut reader))?;
    reader.end().map(|()| read)
}

/// The same, slower, and it knows where the error is.
fn read_located<T: DeserializeOwned>(text: &str) -> Option<serde_path_to_error::Error<serde_json::Error>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize::<_, T>(Strict(&mut reader)).err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn media_types_are_checked() {
        let json = &["application/json"];
        for good in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\"", "application/json; v=1"] {
            assert!(expect_media_type(&headers(&[("content-type", good)]), json).is_ok(), "{good}");
        }
        for bad in ["", "text/plain", "application/jsonx", "application/json; charset=latin1", "application/x-www-form-urlencoded"] {
            let problem = expect_media_type(&headers(&[("content-type", bad)]), json).unwrap_err();
            assert_eq!(problem.status(), 415, "{bad}");
        }
        assert!(expect_media_type(&headers(&[]), json).is_err());
        assert!(expect_media_type(&headers(&[("content-type", "application/json"), ("content-encoding", "gzip")]), json).is_err());
    }
}
