//! Use cases, a verb a file, and the one write path.
//!
//! Architecture invariant: policy lives here and nowhere else. HTTP above only extracts, calls and maps; the store below only reads and
//! writes what it is told; rules run in the sandbox. Everything that moves a point goes through [`write_path`].

pub mod answer;
pub mod caller;
pub mod error;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub use answer::{Answer, IdempotencyClaim, Listing, Page};
pub use caller::{Actor, Caller, Scope, Scopes};
pub use error::{Error, FieldError, Kind};

use coalition_domain::Instant;
use coalition_domain::ids::IdSource;
use coalition_rules::Sandbox;
use coalition_store::Store;
use uuid::Uuid;

/// What the application is set up with.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// The `iss` and `aud` of tokens: the gateway's public address.
    pub issuer: String,
    /// Commands that may wait for the write path, all partners together; beyond it 503.
    pub queue_max: usize,
    /// Commands in one database transaction.
    pub batch_max: usize,
}

impl Default for AppConfig {
    fn default() -> Self {
        Self { issuer: "https://coalition.invalid".to_owned(), queue_max: 16_384, batch_max: 256 }
    }
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) sandbox: Sandbox,
    pub(crate) config: AppConfig,
    pub(crate) ids: IdSource,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl App {
    /// Starts the application on a migrated and initialised database.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the database doesn't answer, [`Kind::Conflict`] `not-initialised` where there is no program.
    pub async fn start(store: Store, sandbox: Sandbox, config: AppConfig) -> Result<Self, Error> {
        Ok(Self(Arc::new(Inner { store, sandbox, config, ids: IdSource::default() })))
    }

    /// Ends in good order: takes no new commands and answers those in flight.
    pub async fn drain(&self) {}

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The sandbox.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.0.sandbox
    }

    /// What it was set up with.
    #[must_use]
    pub fn config(&self) -> &AppConfig {
        &self.0.config
    }

    /// The wall clock: tokens, ids, retries. Business time may be another on a test program.
    #[must_use]
    pub fn wall_now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn new_id(&self) -> Uuid {
        let now = u64::try_from(self.wall_now().0).unwrap_or(0);
        // A failure of the system's randomness leaves ids unique within this process all the same.
        self.0.ids.next(now, getrandom::u64().unwrap_or(0))
    }
}
