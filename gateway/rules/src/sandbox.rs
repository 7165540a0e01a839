//! The sandbox: one for a process. It owns the pools of instances, the clock behind the deadlines and the cache of compiled code.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::component::Component;

use crate::admit::{self, Admitted};
use crate::cache::Cache;
use crate::compile::{self, CompileError, Compiler};
use crate::digest::Digest;
use crate::engine::{self, Pool};
use crate::limits::{Class, Limits};
use crate::program::Program;
use crate::scan::Violation;
use crate::ticker::Ticker;

/// Instances of the class that brings its own engine: each takes megabytes, and few partners have one.
const ENGINE_INSTANCES_MAX: u32 = 16;

/// How the sandbox is set up.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// What rules may use.
    pub limits: Limits,
    /// Where compiled code is kept; it must be a folder that only this user can write to. None: it is compiled at every start.
    pub cache_dir: Option<PathBuf>,
    /// Calls that can run at once; more wait. Each takes 4 GiB of addresses (not of memory).
    pub pool_instances: u32,
    /// Who compiles.
    pub compiler: Compiler,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self { limits: Limits::default(), cache_dir: None, pool_instances: 64, compiler: Compiler::default() }
    }
}

/// Why the sandbox could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SandboxError {
    /// The engine could not be set up on this machine.
    #[error("the sandbox can't run on this machine: {0}")]
    Engine(String),
    /// The folder for compiled code can't be used.
    #[error("the folder for compiled code, {folder}, can't be used: {detail}")]
    Cache {
        /// Which.
        folder: PathBuf,
        /// Why.
        detail: String,
    },
    /// The component is not the one that was asked for.
    #[error("the component's digest is {found}, not {expected}")]
    Digest {
        /// What was asked for.
        expected: Digest,
        /// What was given.
        found: Digest,
    },
    /// The component was never one that would be admitted.
    #[error("{}", .0.iter().map(|violation| violation.detail.as_str()).collect::<Vec<_>>().join("; "))]
    Rejected(Vec<Violation>),
    /// It could not be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// It was compiled, but is no program of this contract, or doesn't start.
    #[error("not a program of this contract: {0}")]
    Unfit(String),
}

/// The sandbox. Cheap to clone; its clock ends with the last clone and the last program.
#[derive(Clone)]
pub struct Sandbox(Arc<Shared>);

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("limits", self.limits()).finish_non_exhaustive()
    }
}

pub(crate) struct Shared {
    pub(crate) limits: Arc<Limits>,
    pub(crate) ticker: Ticker,
    native: Arc<Pool>,
    /// Made when the first component of that class is loaded.
    engine: Mutex<Option<Arc<Pool>>>,
    engine_instances: u32,
    compiler: Compiler,
    cache: Option<Cache>,
    /// One compilation at a time: its limits on time and memory are then the machine's.
    compiling: Mutex<()>,
}

impl Sandbox {
    /// Sets the sandbox up: reserves the instances and starts the clock.
    ///
    /// # Errors
    /// When the machine can't give what it needs, or the cache's folder isn't ours alone.
    pub fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        let failed = |error: &dyn std::fmt::Display| SandboxError::Engine(format!("{error:#}"));
        let native = Pool::new(Class::Native, config.pool_instances, &config.limits).map_err(|error| failed(&error))?;
        let ticker = Ticker::start().map_err(|error| failed(&error))?;
        ticker.watch(&native.engine);
        let cache = config.cache_dir.map(|folder| {
            let fingerprint = engine::fingerprint(&native.engine);
            Cache::open(&folder, fingerprint, config.limits.compiled_bytes_max)
                .map_err(|error| SandboxError::Cache { folder, detail: error.to_string() })
        });
        Ok(Self(Arc::new(Shared {
            limits: Arc::new(config.limits),
            ticker,
            native: Arc::new(native),
            engine: Mutex::new(None),
            engine_instances: config.pool_instances.min(ENGINE_INSTANCES_MAX),
            compiler: config.compiler,
            cache: cache.transpose()?,
            compiling: Mutex::new(()),
        })))
    }

    /// The bounds it keeps.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Everything that an upload is checked for. Blocking: seconds.
    ///
    /// # Errors
    /// Every violation that was found. One that [`Violation::is_ours`] is not the upload's fault.
    pub fn admit(&self, component: &[u8]) -> Result<Admitted, Vec<Violation>> {
        admit::admit(&self.0, component)
    }

    /// Loads a component that was admitted before: from the cache of compiled code, or by compiling it. Blocking: up to seconds.
    ///
    /// # Errors
    /// When the bytes are not those of the digest, or it can't be compiled or started.
    pub fn load(&self, digest: &Digest, component: &[u8]) -> Result<Program, SandboxError> {
        let found = Digest::of(component);
        if found != *digest {
            return Err(SandboxError::Digest { expected: *digest, found });
        }
        let class = Class::of(component.len(), &self.0.limits)
            .ok_or_else(|| SandboxError::Rejected(vec![Violation::new("too-large", format!("{} bytes", component.len()))]))?;
        self.0.load(digest, class, component)
    }
}

impl Shared {
    pub(crate) fn load(self: &Arc<Self>, digest: &Digest, class: Class, component: &[u8]) -> Result<Program, SandboxError> {
        let pool = self.pool(class)?;
        let code = self.code(digest, class, component)?;
        let component = deserialize(&pool, &code).map_err(|error| SandboxError::Unfit(format!("{error:#}")))?;
        Program::new(Arc::clone(self), pool, *digest, class, &component)
    }

    /// Compiled code: from the cache, or made now by the limited process. From nowhere else.
    fn code(&self, digest: &Digest, class: Class, component: &[u8]) -> Result<Vec<u8>, SandboxError> {
        let cached = || self.cache.as_ref().and_then(|cache| cache.get(digest));
        if let Some(code) = cached() {
            return Ok(code);
        }
        let _one = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have compiled it while we waited.
        if let Some(code) = cached() {
            return Ok(code);
        }
        // It costs little beside compiling, and guards also what was admitted under other limits.
        crate::scan::scan(component, &self.limits).map_err(SandboxError::Rejected)?;
        let code = compile::compile(&self.compiler, component, class, &self.limits)?;
        if let Some(cache) = &self.cache {
            cache.put(digest, &code);
        }
        Ok(code)
    }

    fn pool(&self, class: Class) -> Result<Arc<Pool>, SandboxError> {
        if class == Class::Native {
            return Ok(Arc::clone(&self.native));
        }
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = &*engine {
            return Ok(Arc::clone(pool));
        }
        let pool =
            Pool::new(Class::Engine, self.engine_instances, &self.limits).map_err(|error| SandboxError::Engine(format!("{error:#}")))?;
        self.ticker.watch(&pool.engine);
        Ok(Arc::clone(engine.insert(Arc::new(pool))))
    }
}

#[expect(unsafe_code, reason = "wasmtime runs what it is given here as machine code, unchecked")]
fn deserialize(pool: &Pool, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: `code` comes from `Shared::code` alone: written by our own compiling process, directly or by way of a file that was whole,
    // that only this user could write, and that was made by the same build of the compiler. wasmtime checks its version and settings again.
    unsafe { Component::deserialize(&pool.engine, code) }
}
