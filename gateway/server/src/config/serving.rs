//! What `serve` and `doctor` take: where to listen, and the bounds of the server, the write path and the sandbox.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use coalition_app::AppConfig;
use coalition_http::Settings;
use coalition_rules::{Limits, SandboxConfig};
use serde::Deserialize;

/// Settings of a gateway that serves.
#[derive(Debug, Default, Args, Deserialize)]
pub struct Serving {
    /// Where to listen; port 0 takes a free one. Default: `127.0.0.1:8080`.
    #[arg(long, env = "COALITION_LISTEN", value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// `iss` and `aud` of tokens; the same at every gateway of a program. Default: `https://coalition.invalid`.
    #[arg(long, env = "COALITION_ISSUER", value_name = "URI")]
    pub issuer: Option<String>,
    /// Where compiled plugins are kept; no other user may be able to write there. Default: `coalition-gateway` in the user's cache folder.
    #[arg(long, env = "COALITION_CACHE_DIR", value_name = "FOLDER")]
    pub cache_dir: Option<PathBuf>,
    /// Threads that serve connections. Default: one for each core.
    #[arg(long, env = "COALITION_WORKERS", value_name = "COUNT")]
    pub workers: Option<usize>,
    /// Requests under way at once; beyond it 503. Default: 16384.
    #[arg(long, env = "COALITION_REQUESTS_MAX", value_name = "COUNT")]
    pub requests_max: Option<usize>,
    /// Connections for each worker. Default: 10000.
    #[arg(long, env = "COALITION_CONNECTIONS_MAX", value_name = "COUNT")]
    pub connections_max: Option<usize>,
    /// Requests a second for each credential; beyond it 429. Default: 20000.
    #[arg(long, env = "COALITION_RATE_PER_S", value_name = "COUNT")]
    pub rate_per_s: Option<u32>,
    /// The largest JSON body of a single call, and the largest item of a batch. Default: 65536.
    #[arg(long, env = "COALITION_BODY_BYTES_MAX", value_name = "BYTES")]
    pub body_bytes_max: Option<usize>,
    /// The largest batch. Default: 4194304.
    #[arg(long, env = "COALITION_BATCH_BYTES_MAX", value_name = "BYTES")]
    pub batch_bytes_max: Option<usize>,
    /// How long a client may take for the head of a request. Default: 5.
    #[arg(long, env = "COALITION_HEAD_TIMEOUT_S", value_name = "SECONDS")]
    pub head_timeout_s: Option<u64>,
    /// How long a client may take for the body of a single call. Default: 10.
    #[arg(long, env = "COALITION_BODY_TIMEOUT_S", value_name = "SECONDS")]
    pub body_timeout_s: Option<u64>,
    /// How long a client may take for a batch or a plugin. Default: 60.
    #[arg(long, env = "COALITION_UPLOAD_TIMEOUT_S", value_name = "SECONDS")]
    pub upload_timeout_s: Option<u64>,
    /// How long an idle connection is kept. Default: 75.
    #[arg(long, env = "COALITION_KEEP_ALIVE_S", value_name = "SECONDS")]
    pub keep_alive_s: Option<u64>,
    /// How long requests under way may take to end after SIGTERM. Default: 30.
    #[arg(long, env = "COALITION_DRAIN_TIMEOUT_S", value_name = "SECONDS")]
    pub drain_timeout_s: Option<u64>,
    /// Postings that may wait for the write path; beyond it 503. Default: 16384.
    #[arg(long, env = "COALITION_QUEUE_MAX", value_name = "COUNT")]
    pub queue_max: Option<usize>,
    /// Postings in one database transaction. Default: 256.
    #[arg(long, env = "COALITION_BATCH_MAX", value_name = "COUNT")]
    pub batch_max: Option<usize>,
    /// How often the head of the chain is signed, where it has moved. Default: 60.
    #[arg(long, env = "COALITION_CHECKPOINT_EVERY_S", value_name = "SECONDS")]
    pub checkpoint_every_s: Option<u64>,
    /// Fuel of one decision, for up to 200 lines. Default: 11000000.
    #[arg(long, env = "COALITION_FUEL_MAX", value_name = "UNITS")]
    pub fuel_max: Option<u64>,
    /// The same for plugins that bring their own engine. Default: 110000000.
    #[arg(long, env = "COALITION_FUEL_ENGINE_MAX", value_name = "UNITS")]
    pub fuel_engine_max: Option<u64>,
    /// The backstop on a decision's wall time. On a machine that is short of processors, a longer one defers fewer purchases. Default: 50.
    #[arg(long, env = "COALITION_DECISION_DEADLINE_MS", value_name = "MILLISECONDS")]
    pub decision_deadline_ms: Option<u64>,
}

impl Serving {
    /// These settings where they are given, else the other ones.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            issuer: self.issuer.or(other.issuer),
            cache_dir: self.cache_dir.or(other.cache_dir),
            workers: self.workers.or(other.workers),
            requests_max: self.requests_max.or(other.requests_max),
            connections_max: self.connections_max.or(other.connections_max),
            rate_per_s: self.rate_per_s.or(other.rate_per_s),
            body_bytes_max: self.body_bytes_max.or(other.body_bytes_max),
            batch_bytes_max: self.batch_bytes_max.or(other.batch_bytes_max),
            head_timeout_s: self.head_timeout_s.or(other.head_timeout_s),
            body_timeout_s: self.body_timeout_s.or(other.body_timeout_s),
            upload_timeout_s: self.upload_timeout_s.or(other.upload_timeout_s),
            keep_alive_s: self.keep_alive_s.or(other.keep_alive_s),
            drain_timeout_s: self.drain_timeout_s.or(other.drain_timeout_s),
            queue_max: self.queue_max.or(other.queue_max),
            batch_max: self.batch_max.or(other.batch_max),
            checkpoint_every_s: self.checkpoint_every_s.or(other.checkpoint_every_s),
            fuel_max: self.fuel_max.or(other.fuel_max),
            fuel_engine_max: self.fuel_engine_max.or(other.fuel_engine_max),
            decision_deadline_ms: self.decision_deadline_ms.or(other.decision_deadline_ms),
        }
    }

    /// Where to listen.
    #[must_use]
    pub fn listen(&self) -> &str {
        self.listen.as_deref().unwrap_or("127.0.0.1:8080")
    }

    /// Where compiled plugins are kept; None where the user has no home: then each start compiles anew.
    #[must_use]
    pub fn cache_dir(&self) -> Option<PathBuf> {
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let caches = || folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
        self.cache_dir.clone().or_else(|| caches().map(|caches| caches.join("coalition-gateway")))
    }

    /// The server's bounds.
    #[must_use]
    pub fn http(&self) -> Settings {
        let default = Settings::default();
        let seconds = |given: Option<u64>, default| given.map_or(default, Duration::from_secs);
        Settings {
            workers: self.workers.unwrap_or(default.workers).max(1),
            requests_max: self.requests_max.unwrap_or(default.requests_max),
            connections_max: self.connections_max.unwrap_or(default.connections_max),
            rate_per_s: self.rate_per_s.unwrap_or(default.rate_per_s),
            body_bytes_max: self.body_bytes_max.unwrap_or(default.body_bytes_max),
            batch_bytes_max: self.batch_bytes_max.unwrap_or(default.batch_bytes_max),
            component_bytes_max: self.sandbox().limits.component_engine_bytes_max,
            head_timeout: seconds(self.head_timeout_s, default.head_timeout),
            body_timeout: seconds(self.body_timeout_s, default.body_timeout),
            upload_timeout: seconds(self.upload_timeout_s, default.upload_timeout),
            keep_alive: seconds(self.keep_alive_s, default.keep_alive),
            drain_timeout: seconds(self.drain_timeout_s, default.drain_timeout),
        }
    }

    /// The write path's bounds, and the checkpoints'.
    #[must_use]
    pub fn app(&self, checkpoints: PathBuf) -> AppConfig {
        let default = AppConfig::default();
        AppConfig {
            issuer: self.issuer.clone().unwrap_or(default.issuer),
            queue_max: self.queue_max.unwrap_or(default.queue_max),
            batch_max: self.batch_max.unwrap_or(default.batch_max),
            checkpoints: Some(checkpoints),
            checkpoint_every: self.checkpoint_every_s.map_or(default.checkpoint_every, Duration::from_secs),
        }
    }

    /// The sandbox's bounds.
    #[must_use]
    pub fn sandbox(&self) -> SandboxConfig {
        let default = Limits::default();
        let limits = Limits {
            fuel_max: self.fuel_max.unwrap_or(default.fuel_max),
            fuel_engine_max: self.fuel_engine_max.unwrap_or(default.fuel_engine_max),
            deadline_ms: self.decision_deadline_ms.unwrap_or(default.deadline_ms),
            ..default
        };
        SandboxConfig { limits, cache_dir: self.cache_dir(), ..SandboxConfig::default() }
    }
}
