//! The one error of the application: cut by what the caller can do about it, with a stable code and what to do next.

use std::borrow::Cow;

use coalition_store::StoreError;
use serde::{Deserialize, Serialize};

/// What sort of refusal it is; HTTP has one status for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The request itself is wrong: 400.
    Invalid,
    /// No token, or one that is not good: 401.
    Unauthenticated,
    /// A good token without the right: 403.
    Forbidden,
    /// Absent, or not the caller's to see: 404.
    NotFound,
    /// It contradicts what is there: 409.
    Conflict,
    /// It was there, and its time is over: 410.
    Gone,
    /// Too large: 413.
    TooLarge,
    /// Well formed, but not acceptable: 422.
    Unprocessable,
    /// Too often: 429.
    RateLimited,
    /// Our fault: 500.
    Internal,
    /// The database or the queue can't take it now; nothing was done: 503.
    Unavailable,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body (RFC 6901); a query parameter or header by its name.
    pub pointer: String,
    /// What to do about it.
    pub detail: String,
}

/// A refusal. Nothing was done unless `code` says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Error {
    /// Which status.
    pub kind: Kind,
    /// Stable, in kebab-case; the problem's `type` ends in it.
    pub code: Cow<'static, str>,
    /// What to do about it, for people.
    pub detail: String,
    /// Field by field, where fields are to blame.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// Seconds after which to try again.
    #[serde(default)]
    pub retry_after_s: Option<u32>,
    /// Whether this is the stored answer to an earlier request.
    #[serde(skip)]
    pub replayed: bool,
}

impl Error {
    /// A refusal of that kind, with its code and what to do about it.
    #[must_use]
    pub fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, code: Cow::Borrowed(code), detail: detail.into(), errors: Vec::new(), retry_after_s: None, replayed: false }
    }

    /// 400: one field is wrong.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }

    /// 400: these fields are wrong.
    #[must_use]
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}", if only.pointer.is_empty() { "body" } else { &only.pointer }, only.detail),
            _ => "Several fields are wrong; each is listed in `errors`.".to_owned(),
        };
        Self { errors, ..Self::new(Kind::Invalid, "invalid-request", detail) }
    }

    /// 404, the same for what is absent and for what is not the caller's to see.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not-found", "There is nothing here that this token may see.")
    }

    /// 404: a body names a member that the coalition doesn't have.
    #[must_use]
    pub fn member_not_found() -> Self {
        Self::new(Kind::NotFound, "member-not-found", "No member has this id, card or alias: enrol them first.")
    }

    /// 409.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, detail)
    }

    /// 422.
    #[must_use]
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Unprocessable, code, detail)
    }

    /// 403.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden", "This token does not carry the right that this call needs.")
    }

    /// 401, the same whatever was wrong with the token.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "unauthenticated", "Send a valid access token: `Authorization: Bearer …`, from POST /oauth/token.")
    }

    /// 503: nothing was done, try again.
    #[must_use]
    pub fn unavailable() -> Self {
        Self {
            retry_after_s: Some(1),
            ..Self::new(Kind::Unavailable, "unavailable", "The gateway can't take this now; nothing was done. Try again.")
        }
    }

    /// 500. The cause goes to the log, not to the caller.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "internal error");
        Self::new(Kind::Internal, "internal", "Something went wrong on our side; it is in the log under this request's id.")
    }

    /// Whether it is an answer that a repeat must get again: a business denial, not a mistake or a passing fault.
    #[must_use]
    pub const fn is_denial(&self) -> bool {
        matches!(self.kind, Kind::Conflict | Kind::Gone)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Retry(_) => {
                tracing::warn!(%error, "the database can't be used now");
                Self::unavailable()
            }
            StoreError::Conflict | StoreError::Corrupt(_) | StoreError::Other(_) => Self::internal(&error),
        }
    }
}
