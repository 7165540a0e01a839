//! A call as handlers get it: who calls, and what was sent, already checked.
//!
//! The order is fixed: the token first, then the caller's rate, then the query and the body. So a stranger learns nothing from how a
//! bad body is refused.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use coalition_app::{App, Caller, Error, IdempotencyClaim};
use serde::Serialize;

use crate::problem::Problem;
use crate::query;
use crate::shared::Shared;

/// The longest idempotency key.
const KEY_LEN_MAX: usize = 255;

/// What a call takes besides its path: nothing, a query, or a body.
pub trait Input: Sized + 'static {
    /// Whether it reads the query; where not, any parameter is refused.
    const TAKES_QUERY: bool = false;

    /// Reads it from the request.
    fn take(request: &HttpRequest, payload: Payload, shared: &Shared) -> impl Future<Output = Result<Self, Problem>>;
}

impl Input for () {
    async fn take(_request: &HttpRequest, _payload: Payload, _shared: &Shared) -> Result<Self, Problem> {
        Ok(())
    }
}

/// A call by somebody with a good token.
#[derive(Debug)]
pub struct Call<T = ()> {
    /// Who calls.
    pub caller: Caller,
    /// The query or the body.
    pub input: T,
    /// Path and headers.
    pub request: HttpRequest,
    /// The gateway.
    pub shared: Data<Shared>,
}

/// A call that needs no token.
#[derive(Debug)]
pub struct OpenCall<T = ()> {
    /// The query or the body.
    pub input: T,
    /// Path and headers.
    pub request: HttpRequest,
    /// The gateway.
    pub shared: Data<Shared>,
}

impl<T> Call<T> {
    /// The use cases.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.shared.app
    }

    /// The `{id}` of the path. What can't be an id is as unknown as one that isn't there.
    ///
    /// # Errors
    /// 404; 405 where the path is a fixed one that takes other methods, such as `/v1/plugins/rollback`.
    pub fn id<I: FromStr>(&self) -> Result<I, Problem> {
        let unknown = |_| self.shared.allowed.fixed(self.request.path()).map_or_else(Problem::not_found, Problem::method_not_allowed);
        self.segment("id").parse().map_err(unknown)
    }

    /// A named part of the path.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// The `Idempotency-Key`, if one was sent, with what it was sent with.
    ///
    /// # Errors
    /// 400 for a key that isn't 1–255 visible ASCII characters, or that was sent twice.
    pub fn claim<B: Serialize>(&self, body: &B) -> Result<Option<IdempotencyClaim>, Problem> {
        let Some(key) = self.key()? else { return Ok(None) };
        let body = serde_json::to_vec(body).map_err(|error| Error::internal(&error))?;
        Ok(Some(self.claim_of(key, &body)))
    }

    /// The same, for a body that is no JSON.
    ///
    /// # Errors
    /// 400 as above.
    pub fn claim_bytes(&self, body: &[u8]) -> Result<Option<IdempotencyClaim>, Problem> {
        Ok(self.key()?.map(|key| self.claim_of(key, body)))
    }

    fn claim_of(&self, key: String, body: &[u8]) -> IdempotencyClaim {
        let scope = format!("{} {}", self.request.method(), self.request.path());
        IdempotencyClaim { key, scope, body_hash: *blake3::hash(body).as_bytes() }
    }

    fn key(&self) -> Result<Option<String>, Problem> {
        let mut keys = self.request.headers().get_all("idempotency-key");
        let Some(key) = keys.next() else { return Ok(None) };
        let bytes = key.as_bytes();
        let is_good = (1..=KEY_LEN_MAX).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic) && keys.next().is_none();
        match key.to_str() {
            Ok(key) if is_good => Ok(Some(key.to_owned())),
            _ => Err(Problem::invalid("/Idempotency-Key", format!("is one header of 1 to {KEY_LEN_MAX} visible ASCII characters"))),
        }
    }
}

impl<T: Input> FromRequest for Call<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let shared = Shared::of(&request)?;
            let token = bearer(&request).ok_or_else(Error::unauthenticated)?;
            let caller = shared.app.authenticate(token).await?;
            shared.limiter.admit(&caller.client_id)?;
            let input = input(&request, payload, &shared).await?;
            Ok(Self { caller, input, request, shared })
        })
    }
}

impl<T: Input> FromRequest for OpenCall<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let shared = Shared::of(&request)?;
            let input = input(&request, payload, &shared).await?;
            Ok(Self { input, request, shared })
        })
    }
}

async fn input<T: Input>(request: &HttpRequest, payload: Payload, shared: &Shared) -> Result<T, Problem> {
    if !T::TAKES_QUERY {
        query::refuse(request.query_string())?;
    }
    T::take(request, payload, shared).await
}

/// The token of the one `Authorization: Bearer …` header.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let (scheme, token) = headers.next()?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && headers.next().is_none();
    is_bearer.then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_token_stands_behind_bearer() {
        let token = |value: &'static str| {
            let request = TestRequest::default().insert_header(("authorization", value)).to_http_request();
            bearer(&request).map(str::to_owned)
        };
        assert_eq!(token("Bearer abc"), Some("abc".to_owned()));
        assert_eq!(token("bearer  abc "), Some("abc".to_owned()));
        for bad in ["Basic abc", "Bearer", "abc", ""] {
            assert_eq!(token(bad), None, "{bad}");
        }
        let two = TestRequest::default()
            .append_header(("authorization", "Bearer a"))
            .append_header(("authorization", "Bearer b"))
            .to_http_request();
        assert_eq!(bearer(&two), None);
    }
}
