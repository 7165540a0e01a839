//! What one gateway keeps in memory beside the write path: caches and guards. None of it is the truth; all of it is bounded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use coalition_domain::PartnerId;

use crate::figures::Figures;
use crate::fresh::{Fresh, Recent};
use crate::idempotency::KeysInFlight;
use crate::live::LiveCache;
use crate::settings::Settings;
use crate::standing::Standing;
use crate::tokens::{Keyring, Verified};
use crate::write_path::reopen::{PinnedKey, PinnedRules};

/// Verified tokens that are remembered, at least.
const TOKENS_MAX: usize = 20_000;
/// Clients and members whose standing is remembered, at least.
pub(crate) const STANDINGS_MAX: usize = 20_000;

/// Rules of decisions that are remembered, at least.
const PINNED_MAX: usize = 256;

/// One for each running gateway.
pub(crate) struct Memory {
    pub(crate) settings: Fresh<Arc<Settings>>,
    pub(crate) keyring: Fresh<Arc<Keyring>>,
    /// By blake3 of the token.
    pub(crate) tokens: Mutex<Recent<[u8; 32], Arc<Verified>>>,
    /// By client, or by member and minting partner.
    pub(crate) standings: Mutex<Recent<Arc<str>, Arc<Fresh<Standing>>>>,
    pub(crate) in_flight: KeysInFlight,
    pub(crate) live: LiveCache,
    /// Rules that decisions were made by, by version and configuration: refunds ask them again.
    pub(crate) pinned: Mutex<Recent<PinnedKey, Arc<PinnedRules>>>,
    /// Uploads of each partner: those at work and those that wait.
    pub(crate) uploads: Mutex<HashMap<PartnerId, u32>>,
    /// Components are checked one at a time: it takes a compiler's time and memory.
    pub(crate) admission: tokio::sync::Semaphore,
    pub(crate) figures: Figures,
    /// Partners' statements are read one at a time.
    pub(crate) statements: tokio::sync::Semaphore,
    /// Told where a commit has queued decisions that nobody waits for.
    pub(crate) queued: tokio::sync::Notify,
    /// The local day up to which this gateway has seen the calendar's work done.
    pub(crate) calendar_day: std::sync::atomic::AtomicI64,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            settings: Fresh::default(),
            keyring: Fresh::default(),
            tokens: Mutex::new(Recent::new(TOKENS_MAX)),
            standings: Mutex::new(Recent::new(STANDINGS_MAX)),
            in_flight: Arc::default(),
            live: LiveCache::default(),
            pinned: Mutex::new(Recent::new(PINNED_MAX)),
            uploads: Mutex::default(),
            admission: tokio::sync::Semaphore::new(1),
            figures: Figures::default(),
            statements: tokio::sync::Semaphore::new(1),
            queued: tokio::sync::Notify::new(),
            calendar_day: std::sync::atomic::AtomicI64::new(i64::MIN),
        }
    }
}
