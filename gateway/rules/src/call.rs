//! One call of a component: an instance of its own, the walls around it, and what is made of the way it ended.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::component::{ComponentExportIndex, ComponentNamedList, InstancePre, Lift, Lower};
use wasmtime::{Store, Trap};

use crate::engine::Pool;
use crate::host::Host;
use crate::limits::Class;
use crate::run::{Failure, Level, Run, Usage};
use crate::sandbox::Shared;
use crate::state::State;

/// A component that is ready to be instantiated.
pub(crate) struct Callee {
    pub(crate) class: Class,
    pub(crate) shared: Arc<Shared>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) pre: InstancePre<Host>,
}

/// What one call is given besides its parameters.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    /// Whether it may change the state.
    pub(crate) writable: bool,
    /// Lines of the receipt that it sees; its fuel depends on them.
    pub(crate) lines: usize,
    pub(crate) input_bytes: usize,
    /// How many times its deadline it may take.
    pub(crate) patience: u64,
}

impl Callee {
    /// Calls an export on a fresh instance. The answer is not checked yet.
    pub(crate) fn call<P, R>(&self, export: &ComponentExportIndex, call: &Call<'_>, params: P) -> Run<R>
    where
        P: ComponentNamedList + Lower,
        R: Send + Sync + 'static,
        (R,): ComponentNamedList + Lift,
    {
        let limits = &self.shared.limits;
        let fuel_limit = limits.fuel(self.class, call.lines);
        if call.input_bytes > limits.input_bytes_max {
            let detail = format!("it would be given {} bytes; {} are the most", call.input_bytes, limits.input_bytes_max);
            return Run {
                outcome: Err(Failure::Input { detail }),
                usage: Usage { fuel_limit, ..Usage::default() },
                logs: Vec::new(),
                state: None,
            };
        }
        let slot = self.pool.slot();
        let running = self.shared.ticker.running();
        let started = Instant::now();
        let deadline_ms = limits.deadline_ms(self.class).saturating_mul(call.patience);
        let (outcome, fuel, mut host) = {
            let mut store = self.store(call.state.clone(), call.writable, fuel_limit, deadline_ms);
            let outcome = self
                .pre
                .instantiate(&mut store)
                .and_then(|instance| instance.get_typed_func::<P, (R,)>(&mut store, export))
                .and_then(|function| function.call(&mut store, params));
            let left = store.get_fuel().unwrap_or_default();
            (outcome, fuel_limit.saturating_sub(left), store.into_data())
        };
        let usage =
            Usage { fuel, fuel_limit, memory_bytes: u64::try_from(host.memory_bytes).unwrap_or(u64::MAX), elapsed: started.elapsed() };
        drop(running);
        drop(slot);
        let outcome = match outcome {
            Ok((answer,)) => Ok(answer),
            Err(error) => Err(self.failure(&error, &host, fuel_limit, deadline_ms)),
        };
        let changed = call.writable && outcome.is_ok() && host.state != *call.state;
        let state = changed.then(|| std::mem::take(&mut host.state));
        Run { outcome, usage, logs: host.take_logs(), state }
    }

    /// A store for one instance, with nothing in it yet.
    pub(crate) fn store(&self, state: State, writable: bool, fuel: u64, deadline_ms: u64) -> Store<Host> {
        let limits = &self.shared.limits;
        let host = Host::new(Arc::clone(limits), state, writable, self.pool.table_elements_max);
        let mut store = Store::new(&self.pool.engine, host);
        store.limiter(|host| host);
        // Fails only where fuel is switched off, which it isn't; the store then has none, and the call says so.
        let _ = store.set_fuel(fuel);
        store.set_hostcall_fuel(limits.hostcall_bytes_max);
        // One more, since the first tick may come at once.
        store.set_epoch_deadline(deadline_ms.saturating_add(1));
        store
    }

    fn failure(&self, error: &wasmtime::Error, host: &Host, fuel_limit: u64, deadline_ms: u64) -> Failure {
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Failure::OutOfFuel { limit: fuel_limit },
            Some(Trap::Interrupt) => Failure::Deadline { limit_ms: deadline_ms },
            Some(Trap::StackOverflow) => Failure::StackOverflow,
            _ if host.memory_refused => Failure::OutOfMemory { limit_bytes: self.shared.limits.memory_bytes_max },
            Some(trap) => Failure::Trap { detail: told(*trap, host) },
            None if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() => {
                Failure::Sandbox { detail: format!("{error:#}") }
            }
            None => Failure::Hostcall { detail: format!("{error:#}") },
        }
    }
}

/// The last error that the rule logged tells more than the instruction it stopped at: a Rust panic logs its message, then traps.
fn told(trap: Trap, host: &Host) -> String {
    match host.logs.iter().rev().find(|line| line.level == Level::Error) {
        Some(line) => format!("{trap}; its last logged error: {}", line.text.chars().take(500).collect::<String>()),
        None => trap.to_string(),
    }
}
