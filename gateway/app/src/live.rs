//! The rules that decide for a partner now, loaded and ready to be asked. Cached by the partner's plugin epoch, which every activation
//! raises: whoever commits compares the epoch, so that a cache that is behind can only cost another round.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use coalition_domain::{PartnerId, PluginId};
use coalition_rules::contract::Manifest;
use coalition_rules::{Digest, Program};
use coalition_store::entities::plugins;
use tokio::sync::OnceCell;

use crate::App;
use crate::error::{Error, Kind};
use crate::fresh::{Recent, locked};

/// Loaded components that are kept, at least.
const PROGRAMS_MAX: usize = 256;
/// How long a component that could not be loaded is not tried again: compiling it in vain takes seconds.
const FAILED_FOR: Duration = Duration::from_secs(20);

/// A partner's rules as they decide now.
#[derive(Clone)]
pub struct LiveRules {
    /// The version.
    pub plugin_id: PluginId,
    /// Its component.
    pub digest: Digest,
    /// Ready to be asked.
    pub program: Program,
    /// What it is, for this configuration.
    pub manifest: Arc<Manifest>,
    /// JSON text.
    pub config: Arc<str>,
    /// What the configuration is stored under.
    pub config_id: Arc<[u8]>,
    /// The partner's plugin epoch that this was read for.
    pub epoch: i64,
}

impl std::fmt::Debug for LiveRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveRules").field("plugin_id", &self.plugin_id).field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

type Loaded = Arc<OnceCell<Option<Arc<LiveRules>>>>;

/// Live rules by partner, and loaded components by digest.
pub(crate) struct LiveCache {
    partners: Mutex<HashMap<PartnerId, (i64, Loaded)>>,
    programs: Mutex<Recent<Digest, Program>>,
    failed: Mutex<Recent<Digest, Instant>>,
}

impl Default for LiveCache {
    fn default() -> Self {
        let (programs, failed) = (Recent::new(PROGRAMS_MAX), Recent::new(PROGRAMS_MAX));
        Self { partners: Mutex::default(), programs: Mutex::new(programs), failed: Mutex::new(failed) }
    }
}

fn not_loadable() -> Error {
    let error = Error::new(Kind::Unavailable, "rules-unavailable", "The rules can't be loaded now. Try again.");
    Error { retry_after_s: Some(5), ..error }
}

impl App {
    /// The rules that decide for a partner whose plugin epoch was read as `epoch`; None where it has none. Of several calls at once, one
    /// loads them.
    ///
    /// # Errors
    /// 503, with the code `rules-unavailable` where it is not the database that can't be used.
    pub(crate) async fn live(&self, partner: PartnerId, epoch: i64) -> Result<Option<Arc<LiveRules>>, Error> {
        let (epoch, loaded) = {
            let mut partners = locked(&self.0.memory.live.partners);
            let entry = partners.entry(partner).or_insert_with(|| (epoch, Loaded::default()));
            if entry.0 < epoch {
                *entry = (epoch, Loaded::default());
            }
            (entry.0, Arc::clone(&entry.1))
        };
        // The epoch was read before the activation is: if that has moved on meanwhile, the label is the older one, and no commit takes it.
        loaded.get_or_try_init(|| self.load_live(partner, epoch)).await.cloned()
    }

    async fn load_live(&self, partner: PartnerId, epoch: i64) -> Result<Option<Arc<LiveRules>>, Error> {
        let conn = self.store().read();
        let Some(active) = coalition_store::plugins::live(conn, partner.uuid()).await? else {
            return Ok(None);
        };
        let missing = |what: &str| Error::internal(&format!("an activation without its {what}"));
        let plugin = coalition_store::plugins::find_any(conn, active.plugin_id).await?.ok_or_else(|| missing("plugin"))?;
        let config = coalition_store::plugins::config(conn, &active.config_id).await?.ok_or_else(|| missing("configuration"))?;
        let manifest: Manifest = serde_json::from_str(&active.manifest).map_err(|error| Error::internal(&error))?;
        let program = self.program_of(&plugin).await?;
        Ok(Some(Arc::new(LiveRules {
            plugin_id: PluginId(plugin.id),
            digest: *program.digest(),
            program,
            manifest: Arc::new(manifest),
            config: config.into(),
            config_id: active.config_id.into(),
            epoch,
        })))
    }

    /// A version's component, loaded. Compiles it where no compiled code is kept: up to seconds, on a thread of its own.
    ///
    /// # Errors
    /// 503 `rules-unavailable` where the sandbox can't load it.
    pub(crate) async fn program_of(&self, plugin: &plugins::Model) -> Result<Program, Error> {
        let corrupt = |what: &dyn std::fmt::Display| Error::internal(&format!("plugin {}: {what}", PluginId(plugin.id)));
        let digest: [u8; 32] = plugin.digest.as_slice().try_into().map_err(|error| corrupt(&error))?;
        let digest = Digest::from_bytes(digest);
        let cache = &self.0.memory.live;
        if let Some(program) = locked(&cache.programs).get(&digest) {
            return Ok(program);
        }
        if locked(&cache.failed).get(&digest).is_some_and(|failed_at| failed_at.elapsed() < FAILED_FOR) {
            return Err(not_loadable());
        }
        let bytes = coalition_store::plugins::artifact(self.store().read(), digest.as_bytes()).await?;
        let bytes = bytes.ok_or_else(|| corrupt(&"its component is missing"))?;
        let sandbox = self.sandbox().clone();
        let loaded = tokio::task::spawn_blocking(move || sandbox.load(&digest, &bytes)).await.map_err(|error| corrupt(&error))?;
        match loaded {
            Ok(program) => {
                self.keep_program(&program);
                Ok(program)
            }
            Err(error) => {
                tracing::error!(plugin.id = %PluginId(plugin.id), %error, "a component can't be loaded");
                locked(&cache.failed).insert(digest, Instant::now());
                Err(not_loadable())
            }
        }
    }

    /// Keeps a loaded component for whoever asks next.
    pub(crate) fn keep_program(&self, program: &Program) {
        locked(&self.0.memory.live.programs).insert(*program.digest(), program.clone());
    }
}
