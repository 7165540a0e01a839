//! What use cases give back, and the paging of lists.

use serde::Serialize;

/// An answer ready to be sent, and to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 201 where something was made, 200 where not.
    pub created: bool,
    /// Whether this is the stored answer to an earlier request.
    pub replayed: bool,
    /// JSON.
    pub body: String,
}

impl Answer {
    /// Something was made.
    ///
    /// # Errors
    /// 500 where `view` can't be written as JSON: a bug.
    pub fn created(view: &impl Serialize) -> Result<Self, crate::Error> {
        Ok(Self { created: true, ..Self::ok(view)? })
    }

    /// Nothing was made.
    ///
    /// # Errors
    /// 500 where `view` can't be written as JSON: a bug.
    pub fn ok(view: &impl Serialize) -> Result<Self, crate::Error> {
        let body = serde_json::to_string(view).map_err(|error| crate::Error::internal(&error))?;
        Ok(Self { created: false, replayed: false, body })
    }
}

/// An `Idempotency-Key` header, and what it was sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyClaim {
    /// 1–255 visible ASCII characters.
    pub key: String,
    /// Method and path, such as `POST /v1/partners`.
    pub scope: String,
    /// blake3 of the body as parsed: `serde_json::to_vec` of the typed input.
    pub body_hash: [u8; 32],
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// 1–200.
    pub limit: u32,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: 50, cursor: None }
    }
}

/// A page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Listing<T> {
    /// Up to `limit`.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}
