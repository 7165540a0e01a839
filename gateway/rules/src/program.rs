//! A component that is loaded and can be asked. Every question gets an instance of its own: nothing outlives it but the state it
//! hands back.

use std::sync::{Arc, PoisonError, RwLock};

use wasmtime::component::{Component, ComponentExportIndex};

use crate::answer;
use crate::call::{Call, Callee};
use crate::contract::{self, Context, Effect, Event, Manifest, Member, Offer, Problem, Quotation, QuoteRequest, Refusal};
use crate::digest::Digest;
use crate::engine::Pool;
use crate::host::PROGRAM;
use crate::limits::Class;
use crate::manifest;
use crate::run::{Failure, Run};
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

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("digest", self.digest()).field("class", &self.class()).finish_non_exhaustive()
    }
}

struct Inner {
    digest: Digest,
    callee: Callee,
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
        let program =
            component.get_export_index(None, PROGRAM).ok_or_else(|| SandboxError::Unfit(format!("it doesn't export {PROGRAM}")))?;
        let export = |name: &str| {
            component
                .get_export_index(Some(&program), name)
                .ok_or_else(|| SandboxError::Unfit(format!("{PROGRAM} has no function `{name}`")))
        };
        let exports =
            Exports { describe: export("describe")?, on_event: export("on-event")?, offers: export("offers")?, quote: export("quote")? };
        let program = Self {
            inner: Arc::new(Inner { digest, callee: Callee { class, shared, pool, pre }, exports, manifests: RwLock::new(Vec::new()) }),
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
        self.inner.callee.class
    }

    /// The version of the contract it was built for.
    #[must_use]
    pub fn contract(&self) -> &'static str {
        contract::CONTRACT
    }

    /// The same program for runs that nobody waits for, such as a replay: the wall clock hardly matters, only fuel does.
    /// The clock is not switched off: it is there for what fuel doesn't see.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), patience: PATIENCE }
    }

    /// What the program is for a configuration (JSON text), or what is wrong with that configuration. A manifest that isn't sound is a [`Failure::Answer`].
    #[must_use]
    pub fn describe(&self, config: &str) -> Run<Described> {
        let mut run = self.describe_unchecked(config);
        self.check(&mut run, |_, _| Ok(()));
        if let Ok(Ok(manifest)) = &run.outcome {
            let violations = manifest::check(manifest);
            if violations.is_empty() {
                self.remember(config, manifest);
            } else {
                let details: Vec<_> = violations.into_iter().map(|violation| violation.detail).collect();
                run.outcome = Err(Failure::Answer { detail: format!("the manifest: {}", details.join("; ")) });
            }
        }
        run
    }

    pub(crate) fn describe_unchecked(&self, config: &str) -> Run<Described> {
        let call = Call { state: &State::default(), writable: false, lines: 0, input_bytes: config.len(), patience: self.patience };
        self.inner.callee.call(&self.inner.exports.describe, &call, (config,))
    }

    /// Decides an event. The effects are checked against the manifest for this configuration; a refusal has no effects and leaves the state as it was.
    #[must_use]
    pub fn on_event(&self, event: &Event, member: &Member, config: &str, state: &State) -> Run<Decided> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let lines = event.body.purchase().map_or(0, |purchase| purchase.lines.len());
        let input_bytes = event.weight().saturating_add(member.weight()).saturating_add(config.len());
        let call = Call { state, writable: true, lines, input_bytes, patience: self.patience };
        let mut run: Run<Decided> = self.inner.callee.call(&self.inner.exports.on_event, &call, (event, member, config));
        self.check(&mut run, |answer, limits| answer::decision(answer, event, &manifest, limits));
        if !matches!(run.outcome, Ok(Ok(_))) {
            run.state = None;
        }
        run
    }

    /// What the member can get now.
    #[must_use]
    pub fn offers(&self, context: &Context, member: &Member, config: &str, state: &State) -> Run<Vec<Offer>> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let input_bytes = context.weight().saturating_add(member.weight()).saturating_add(config.len());
        let call = Call { state, writable: false, lines: 0, input_bytes, patience: self.patience };
        let mut run: Run<Vec<Offer>> = self.inner.callee.call(&self.inner.exports.offers, &call, (context, member, config));
        self.check(&mut run, |answer, limits| answer::offers(answer, &manifest, limits));
        run
    }

    /// What a reward would cost.
    #[must_use]
    pub fn quote(&self, request: &QuoteRequest, member: &Member, config: &str, state: &State) -> Run<Quoted> {
        let manifest = match self.manifest(config) {
            Ok(manifest) => manifest,
            Err(failed) => return failed.failed(),
        };
        let lines = request.basket.as_ref().map_or(0, |basket| basket.lines.len());
        let input_bytes = request.weight().saturating_add(member.weight()).saturating_add(config.len());
        let call = Call { state, writable: false, lines, input_bytes, patience: self.patience };
        let mut run: Run<Quoted> = self.inner.callee.call(&self.inner.exports.quote, &call, (request, member, config));
        self.check(&mut run, |answer, _| answer::quote(answer, &manifest));
        run
    }

    fn check<T: Weigh>(&self, run: &mut Run<T>, check: impl FnOnce(&T, &crate::Limits) -> Result<(), String>) {
        let limits = &self.inner.callee.shared.limits;
        let Ok(answer) = &run.outcome else { return };
        let bytes = answer.heap();
        let checked = if bytes > limits.output_bytes_max {
            Err(format!("{bytes} bytes; an answer may have {}", limits.output_bytes_max))
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
            manifests.iter().find(|(known, _)| **known == *config).map(|(_, manifest)| Arc::clone(manifest))
        };
        let found = known(&self.inner.manifests.read().unwrap_or_else(PoisonError::into_inner));
        if let Some(manifest) = found {
            return Ok(manifest);
        }
        let mut run = self.describe(config);
        match run.outcome {
            Ok(Ok(manifest)) => Ok(Arc::new(manifest)),
            Ok(Err(problems)) => {
                let details: Vec<_> = problems.iter().take(8).map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect();
                run.outcome = Err(Failure::Answer { detail: format!("it refuses its configuration: {}", details.join("; ")) });
                Err(Box::new(run))
            }
            Err(_) => Err(Box::new(run)),
        }
    }

    fn remember(&self, config: &str, manifest: &Manifest) {
        let mut manifests = self.inner.manifests.write().unwrap_or_else(PoisonError::into_inner);
        if manifests.iter().all(|(known, _)| **known != *config) {
            if manifests.len() >= MANIFESTS_MAX {
                manifests.remove(0);
            }
            manifests.push((config.into(), Arc::new(manifest.clone())));
        }
    }

    /// That the four functions are what the contract says, so that no later call finds out.
    fn check_types(&self) -> wasmtime::Result<()> {
        let Inner { callee, exports, .. } = &*self.inner;
        let limits = &callee.shared.limits;
        let deadline_ms = limits.deadline_ms(callee.class).saturating_mul(PATIENCE);
        let _slot = callee.pool.slot();
        let _running = callee.shared.ticker.running();
        let mut store = callee.store(State::default(), false, limits.fuel(callee.class, 0), deadline_ms);
        let instance = callee.pre.instantiate(&mut store)?;
        instance.get_typed_func::<(&str,), (Described,)>(&mut store, &exports.describe)?;
        instance.get_typed_func::<(&Event, &Member, &str), (Decided,)>(&mut store, &exports.on_event)?;
        instance.get_typed_func::<(&Context, &Member, &str), (Vec<Offer>,)>(&mut store, &exports.offers)?;
        instance.get_typed_func::<(&QuoteRequest, &Member, &str), (Quoted,)>(&mut store, &exports.quote)?;
        Ok(())
    }
}

impl<T> Run<T> {
    /// A run of something else that failed before it came to the question.
    fn failed<U>(self) -> Run<U> {
        let outcome = match self.outcome {
            Err(failure) => Err(failure),
            Ok(_) => Err(Failure::Sandbox { detail: "a run without a failure was taken for one".to_owned() }),
        };
        Run { outcome, usage: self.usage, logs: self.logs, state: None }
    }
}
