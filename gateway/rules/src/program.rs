//! A component that is loaded and can be asked. Every question gets an instance of its own: nothing outlives it but the state it
//! hands back.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, InstancePre, Lift, Lower,
};
use wasmtime::{Store, Trap};

use crate::answer;
use crate::contract::{
    self, Context, Effect, Event, Manifest, Member, Offer, Problem, Quotation, QuoteRequest,
    Refusal,
};
use crate::digest::Digest;
use crate::engine::Pool;
use crate::host::{Host, PROGRAM};
use crate::limits::Class;
use crate::manifest;
use crate::run::{Failure, Run, Usage};
use crate::sandbox::{SandboxError, Shared};
use crate::state::State;
use crate::weight::Weigh;

/// Manifests that are kept, one a configuration: a version has one live, perhaps one in canary and one in shadow.
const MANIFESTS_MAX: usize = 8;
/// A run whose result doesn't wait for anybody may take so many times as long.
const PATIENCE: u64 = 20;

/// A loaded component. Cheap to clone; may be asked by many threads at once.
#[derive(Clone)]
pub struct Program {
    inner: Arc<Inner>,
    patience: u64,
}

struct Inner {
    digest: Digest,
    class: Class,
    shared: Arc<Shared>,
    pool: Arc<Pool>,
    pre: InstancePre<Host>,
    exports: Exports,
    manifests: RwLock<Vec<(Box<str>, Arc<Manifest>)>>,
}

struct Exports {
    describe: ComponentExportIndex,
    on_event: ComponentExportIndex,
    offers: ComponentExportIndex,
    quote: ComponentExportIndex,
}

type Described = Result<Manifest, Vec<Problem>>;
type Decided = Result<Vec<Effect>, Refusal>;
type Quoted = Result<Quotation, Refusal>;

/// What one call may do besides computing.
struct Call<'a> {
    state: &'a State,
    writable: bool,
    lines: usize,
    input_bytes: usize,
}

impl Program {
    pub(crate) fn new(
        shared: Arc<Shared>,
        pool: Arc<Pool>,
        digest: Digest,
        class: Class,
        component: &Component,
    ) -> Result<Self, SandboxError> {
        let unfit = |error: wasmtime::Error| SandboxError::Unfit(format!("{error:#}"));
        let pre = pool.linker.instantiate_pre(component).map_err(unfit)?;
        let program = component
            .get_export_index(None, PROGRAM)
            .ok_or_else(|| SandboxError::Unfit(format!("it doesn't export {PROGRAM}")))?;
        let export = |name: &str| {
            component
                .get_export_index(Some(&program), name)
                .ok_or_else(|| SandboxError::Unfit(format!("{PROGRAM} has no function `{name}`")))
        };
        let exports = Exports {
            describe: export("describe")?,
            on_event: export("on-event")?,
            offers: export("offers")?,
            quote: export("quote")?,
        };
        let program = Self {
            inner: Arc::new(Inner {
                digest,
                class,
                shared,
                pool,
                pre,
                exports,
                manifests: RwLock::new(Vec::new()),
            }),
            patience: 1,
        };
        program.check_types().map_err(unfit)?;
        Ok(program)
    }

    /// The component's SHA-256.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.inner.digest
    }

    /// What it was taken for.
    #[must_use]
    pub fn class(&self) -> Class {
        self.inner.class
    }

    /// The version of the contract it was built for.
    #[must_use]
    pub fn contract(&self) -> &'static str {
        contract::CONTRACT
    }

    /// The same program for runs that nobody waits for, such as a replay: the wall clock hardly matters, only fuel does.
    /// The clock is not switched off, since copying memory takes time that fuel doesn't see.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            patience: PATIENCE,
        }
    }

    /// What the program is for a configuration (JSON text), or what is wrong with that configuration. A manifest that isn't sound is a [`Failure::Answer`].
    #[must_use]
    pub fn describe(&self, config: &str) -> Run<Described> {
        let mut run = self.describe_unchecked(config);
        if let Ok(Ok(manifest)) = &run.outcome {
            let violations = manifest::check(manifest);
            if violations.is_empty() {
                self.remember(config, manifest);
            } else {
                let details: Vec<_> = violations
                    .into_iter()
                    .map(|violation| violation.detail)
                    .collect();
                run.outcome = Err(Failure::Answer {
                    detail: format!("the manifest: {}", details.join("; ")),
                });
            }
        }
        run
    }

    pub(crate) fn describe_unchecked(&self, config: &str) -> Run<Described> {
        let call = Call {
            state: &State::default(),
            writable: false,
            lines: 0,
            input_bytes: config.len(),
        };
        self.call(&self.inner.exports.describe, &call, (config,))
    }

    /// Decides an event. The effects are checked against the manifest for this configuration; a refusal has no effects and leaves the state as it was.
    #[must_use]
    pub fn on_event(
        &self,
        event: &Event,
        member: &Member,
        config: &str,
        state: &State,
    ) -> Run<Decided> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let lines = event
            .body
            .purchase()
            .map_or(0, |purchase| purchase.lines.len());
        let input_bytes = event
            .weight()
            .saturating_add(member.weight())
            .saturating_add(config.len());
        let call = Call {
            state,
            writable: true,
            lines,
            input_bytes,
        };
        let mut run: Run<Decided> =
            self.call(&self.inner.exports.on_event, &call, (event, member, config));
        self.check(&mut run, |answer, limits| {
            answer::decision(answer, event, &manifest, limits)
        });
        if !matches!(run.outcome, Ok(Ok(_))) {
            run.state = None;
        }
        run
    }

    /// What the member can get now.
    #[must_use]
    pub fn offers(
        &self,
        context: &Context,
        member: &Member,
        config: &str,
        state: &State,
    ) -> Run<Vec<Offer>> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let input_bytes = context
            .weight()
            .saturating_add(member.weight())
            .saturating_add(config.len());
        let call = Call {
            state,
            writable: false,
            lines: 0,
            input_bytes,
        };
        let mut run: Run<Vec<Offer>> =
            self.call(&self.inner.exports.offers, &call, (context, member, config));
        self.check(&mut run, |answer, limits| {
            answer::offers(answer, &manifest, limits)
        });
        run
    }

    /// What a reward would cost.
    #[must_use]
    pub fn quote(
        &self,
        request: &QuoteRequest,
        member: &Member,
        config: &str,
        state: &State,
    ) -> Run<Quoted> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let lines = request
            .basket
            .as_ref()
            .map_or(0, |basket| basket.lines.len());
        let input_bytes = request
            .weight()
            .saturating_add(member.weight())
            .saturating_add(config.len());
        let call = Call {
            state,
            writable: false,
            lines,
            input_bytes,
        };
        let mut run: Run<Quoted> =
            self.call(&self.inner.exports.quote, &call, (request, member, config));
        self.check(&mut run, |answer, _| answer::quote(answer, &manifest));
        run
    }

    fn check<T: Weigh>(
        &self,
        run: &mut Run<T>,
        check: impl FnOnce(&T, &crate::Limits) -> Result<(), String>,
    ) {
        let limits = &self.inner.shared.limits;
        let Ok(answer) = &run.outcome else { return };
        let bytes = answer.heap();
        let checked = if bytes > limits.output_bytes_max {
            Err(format!(
                "{bytes} bytes; an answer may have {}",
                limits.output_bytes_max
            ))
        } else {
            check(answer, limits)
        };
        if let Err(detail) = checked {
            run.outcome = Err(Failure::Answer { detail });
        }
    }

    /// The manifest for a configuration, which answers are checked against; asked for once.
    fn manifest(&self, config: &str) -> Result<Arc<Manifest>, Box<Run<Described>>> {
        let known = |manifests: &Vec<(Box<str>, Arc<Manifest>)>| {
            manifests
                .iter()
                .find(|(known, _)| **known == *config)
                .map(|(_, manifest)| Arc::clone(manifest))
        };
        let found = known(
            &self
                .inner
                .manifests
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if let Some(manifest) = found {
            return Ok(manifest);
        }
        let mut run = self.describe(config);
        match run.outcome {
            Ok(Ok(manifest)) => Ok(Arc::new(manifest)),
            Ok(Err(problems)) => {
                let details: Vec<_> = problems
                    .iter()
                    .take(8)
                    .map(|problem| format!("{}: {}", problem.pointer, problem.detail))
                    .collect();
                run.outcome = Err(Failure::Answer {
                    detail: format!("it refuses its configuration: {}", details.join("; ")),
                });
                Err(Box::new(run))
            }
            Err(_) => Err(Box::new(run)),
        }
    }

    fn remember(&self, config: &str, manifest: &Manifest) {
        let mut manifests = self
            .inner
            .manifests
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if manifests.iter().all(|(known, _)| **known != *config) {
            if manifests.len() >= MANIFESTS_MAX {
                manifests.remove(0);
            }
            manifests.push((config.into(), Arc::new(manifest.clone())));
        }
    }

    fn call<P, R>(&self, export: &ComponentExportIndex, call: &Call<'_>, params: P) -> Run<R>
    where
        P: ComponentNamedList + Lower,
        R: Send + Sync + 'static,
        (R,): ComponentNamedList + Lift,
    {
        let inner = &*self.inner;
        let limits = &inner.shared.limits;
        let fuel_limit = limits.fuel(inner.class, call.lines);
        if call.input_bytes > limits.input_bytes_max {
            let detail = format!(
                "it would be given {} bytes; {} are the most",
                call.input_bytes, limits.input_bytes_max
            );
            return Run {
                outcome: Err(Failure::Input { detail }),
                usage: Usage {
                    fuel_limit,
                    ..Usage::default()
                },
                logs: Vec::new(),
                state: None,
            };
        }
        let slot = inner.pool.slot();
        let running = inner.shared.ticker.running();
        let started = Instant::now();
        let deadline_ms = limits
            .deadline_ms(inner.class)
            .saturating_mul(self.patience);
        let (outcome, fuel, mut host) = {
            let mut store = inner.store(call.state.clone(), call.writable, fuel_limit, deadline_ms);
            let outcome = inner
                .pre
                .instantiate(&mut store)
                .and_then(|instance| instance.get_typed_func::<P, (R,)>(&mut store, export))
                .and_then(|function| function.call(&mut store, params));
            let left = store.get_fuel().unwrap_or_default();
            (outcome, fuel_limit.saturating_sub(left), store.into_data())
        };
        let usage = Usage {
            fuel,
            fuel_limit,
            memory_bytes: u64::try_from(host.memory_bytes).unwrap_or(u64::MAX),
            elapsed: started.elapsed(),
        };
        drop(running);
        drop(slot);
        let outcome = match outcome {
            Ok((answer,)) => Ok(answer),
            Err(error) => Err(inner.failure(&error, &host, fuel_limit, deadline_ms)),
        };
        let state = (call.writable && outcome.is_ok() && host.state != *call.state)
            .then(|| std::mem::take(&mut host.state));
        Run {
            outcome,
            usage,
            logs: host.take_logs(),
            state,
        }
    }

    /// That the four functions are what the contract says, so that no later call finds out.
    fn check_types(&self) -> wasmtime::Result<()> {
        let inner = &*self.inner;
        let _slot = inner.pool.slot();
        let _running = inner.shared.ticker.running();
        let limits = &inner.shared.limits;
        let mut store = inner.store(
            State::default(),
            false,
            limits.fuel(inner.class, 0),
            limits.deadline_ms(inner.class).saturating_mul(PATIENCE),
        );
        let instance = inner.pre.instantiate(&mut store)?;
        let exports = &inner.exports;
        instance.get_typed_func::<(&str,), (Described,)>(&mut store, &exports.describe)?;
        instance
            .get_typed_func::<(&Event, &Member, &str), (Decided,)>(&mut store, &exports.on_event)?;
        instance.get_typed_func::<(&Context, &Member, &str), (Vec<Offer>,)>(
            &mut store,
            &exports.offers,
        )?;
        instance.get_typed_func::<(&QuoteRequest, &Member, &str), (Quoted,)>(
            &mut store,
            &exports.quote,
        )?;
        Ok(())
    }
}

impl Inner {
    fn store(&self, state: State, writable: bool, fuel: u64, deadline_ms: u64) -> Store<Host> {
        let limits = &self.shared.limits;
        let host = Host::new(
            Arc::clone(limits),
            state,
            writable,
            self.pool.table_elements_max,
        );
        let mut store = Store::new(&self.pool.engine, host);
        store.limiter(|host| host);
        // Fails only where fuel is switched off, which it isn't; the store then has none, and the call says so.
        let _ = store.set_fuel(fuel);
        store.set_hostcall_fuel(limits.hostcall_bytes_max);
        // One more, since the first tick may come at once.
        store.set_epoch_deadline(deadline_ms.saturating_add(1));
        store
    }

    fn failure(
        &self,
        error: &wasmtime::Error,
        host: &Host,
        fuel_limit: u64,
        deadline_ms: u64,
    ) -> Failure {
        let limits = &self.shared.limits;
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Failure::OutOfFuel { limit: fuel_limit },
            Some(Trap::Interrupt) => Failure::Deadline {
                limit_ms: deadline_ms,
            },
            Some(Trap::StackOverflow) => Failure::StackOverflow,
            _ if host.memory_refused => Failure::OutOfMemory {
                limit_bytes: limits.memory_bytes_max,
            },
            Some(trap) => Failure::Trap {
                detail: self.trap(*trap, host),
            },
            None if error
                .downcast_ref::<wasmtime::PoolConcurrencyLimitError>()
                .is_some() =>
            {
                Failure::Sandbox {
                    detail: format!("{error:#}"),
                }
            }
            None => Failure::Hostcall {
                detail: format!("{error:#}"),
            },
        }
    }

    /// The last error that the rule logged tells more than the instruction it stopped at: a Rust panic logs its message and then traps.
    fn trap(&self, trap: Trap, host: &Host) -> String {
        match host
            .logs
            .iter()
            .rev()
            .find(|line| line.level == crate::run::Level::Error)
        {
            Some(line) => format!(
                "{trap}; its last logged error: {}",
                line.text.chars().take(500).collect::<String>()
            ),
            None => trap.to_string(),
        }
    }
}

impl<T> Run<T> {
    /// A run of something else that failed before it came to the question.
    fn failed<U>(self) -> Run<U> {
        let outcome = match self.outcome {
            Err(failure) => Err(failure),
            Ok(_) => Err(Failure::Sandbox {
                detail: "a run without a failure was taken for one".to_owned(),
            }),
        };
        Run {
            outcome,
            usage: self.usage,
            logs: self.logs,
            state: None,
        }
    }
}
