//! Use cases, a verb a file, and the one write path.
//!
//! Architecture invariant: policy lives here and nowhere else. HTTP above only extracts, calls and maps; the store below only reads and
//! writes what it is told; rules run in the sandbox. Everything that moves a point goes through [`write_path`].

mod about;
pub mod activate;
pub mod activities;
pub mod adjustments;
mod alias;
pub mod analytics;
mod announcements;
pub mod answer;
mod audit;
pub mod balances;
pub mod caller;
pub mod campaigns;
mod chance;
mod check;
pub mod checkpoints;
pub mod clients;
pub mod clock;
pub mod consents;
mod cursor;
pub mod decisions;
pub mod error;
mod facts;
pub mod figures;
mod fresh;
pub mod households;
mod housekeeping;
mod idempotency;
pub mod init;
mod jobs;
pub mod keyring;
pub mod live;
pub mod me_codes;
mod member_input;
pub mod members;
mod memory;
pub mod merges;
mod offers;
pub mod partners;
mod past;
pub mod plugins;
pub mod program;
pub mod proofs;
pub mod provenance;
pub mod purchase;
mod redemption_bodies;
pub mod redemptions;
pub mod refunds;
pub mod relations;
pub mod reports;
mod rollback;
mod schedule;
pub mod schema;
mod secrets;
pub mod sequel;
mod sessions;
mod settings;
mod standing;
pub mod stock;
pub mod subscriptions;
mod suspend;
mod terms;
pub mod tiers;
pub mod tokens;
mod told;
pub mod transactions;
pub mod transfers;
pub mod verify;
pub mod views;
pub mod voucher_use;
pub mod waiting;
mod write_path;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// The folder of checkpoints; without one none are signed.
    pub checkpoints: Option<std::path::PathBuf>,
    /// How often the head is signed, where it has moved.
    pub checkpoint_every: std::time::Duration,
}

impl Default for AppConfig {
    fn default() -> Self {
        Self {
            issuer: "https://coalition.invalid".to_owned(),
            queue_max: 16_384,
            batch_max: 256,
            checkpoints: None,
            checkpoint_every: std::time::Duration::from_secs(60),
        }
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
    /// Caches and guards of everything but the write path.
    pub(crate) memory: memory::Memory,
    pub(crate) write_path: write_path::WritePath,
    pub(crate) draining: AtomicBool,
    pub(crate) checkpoints: checkpoints::Checkpoints,
    /// Where long work is done: not on a thread that serves connections.
    pub(crate) runtime: tokio::runtime::Handle,
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
        if coalition_store::program::find(store.read()).await?.is_none() {
            return Err(Error::conflict("not-initialised", "This database holds no program: run `coalition-gateway init` first."));
        }
        let ids = IdSource::default();
        let (write_path, events) = write_path::WritePath::new(config.queue_max);
        let memory = memory::Memory::new();
        let checkpoints = checkpoints::Checkpoints::new(config.checkpoints.clone(), config.checkpoint_every);
        let draining = AtomicBool::new(false);
        let runtime = tokio::runtime::Handle::current();
        let app = Self(Arc::new(Inner { store, sandbox, config, ids, memory, write_path, draining, checkpoints, runtime }));
        app.start_write_path(events);
        app.keep_house();
        app.keep_books();
        app.keep_checkpoints();
        Ok(app)
    }

    /// Ends in good order: takes no new commands and answers those in flight.
    pub async fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
        let (told, drained) = tokio::sync::oneshot::channel();
        self.0.write_path.tell(write_path::Event::Drain(told));
        // An error says that the write path has ended before: there is nothing left to wait for.
        let _ = drained.await;
        if let Err(error) = self.write_figures().await {
            tracing::warn!(%error, "run figures could not be written");
        }
        self.checkpoint().await;
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn write_path(&self) -> &write_path::WritePath {
        &self.0.write_path
    }

    /// Commands that wait or are being worked on.
    #[must_use]
    pub fn commands_waiting(&self) -> usize {
        self.0.write_path.waiting()
    }

    /// Whether it can take work: the database answers and is up to date.
    ///
    /// # Errors
    /// 503.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store().ping().await?;
        if self.is_draining() { Err(Error::unavailable()) } else { Ok(()) }
    }

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
        self.0.ids.next(now, chance::bits())
    }
}
