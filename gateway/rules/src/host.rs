//! What a rule finds outside itself: its member's state and its log, and the walls around its memory. Nothing else is linked.
//! Every call of a host function costs fuel, so that a flood of them ends by fuel and not by the clock.

use std::sync::Arc;

use wasmtime::component::{ComponentType, Lift, Linker, Lower};
use wasmtime::{Engine, ResourceLimiter, StoreContextMut, Trap};

use crate::limits::Limits;
use crate::run::{Level, LogLine};
use crate::state::State;

/// The names of what may be imported, and of what must be exported. A component is matched by these very names, not by semantic
/// version: a grown record would be found out only when it is instantiated.
pub(crate) const STATE: &str = "coalition:rules/state@1.0.0";
pub(crate) const LOG: &str = "coalition:rules/log@1.0.0";
pub(crate) const TYPES: &str = "coalition:rules/types@1.0.0";
pub(crate) const PROGRAM: &str = "coalition:rules/program@1.0.0";

/// The data of one call's store.
pub(crate) struct Host {
    limits: Arc<Limits>,
    pub(crate) state: State,
    pub(crate) logs: Vec<LogLine>,
    pub(crate) memory_bytes: usize,
    pub(crate) memory_refused: bool,
    writable: bool,
    log_bytes: usize,
    log_dropped: u32,
    table_elements: usize,
    table_elements_max: usize,
}

#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(enum)]
#[repr(u8)]
enum StateError {
    #[component(name = "full")]
    Full,
    #[component(name = "read-only")]
    ReadOnly,
}

impl Host {
    pub(crate) fn new(limits: Arc<Limits>, state: State, writable: bool, table_elements_max: usize) -> Self {
        Self {
            limits,
            state,
            logs: Vec::new(),
            memory_bytes: 0,
            memory_refused: false,
            writable,
            log_bytes: 0,
            log_dropped: 0,
            table_elements: 0,
            table_elements_max,
        }
    }

    /// The log, with a last line that says what had no room.
    pub(crate) fn take_logs(&mut self) -> Vec<LogLine> {
        if self.log_dropped > 0 {
            let text = format!("{} more lines had no room: a call's log is {} bytes", self.log_dropped, self.limits.log_bytes_max);
            self.logs.push(LogLine { level: Level::Warn, text });
        }
        std::mem::take(&mut self.logs)
    }

    fn log(&mut self, level: Level, mut text: String) {
        let room = self.limits.log_bytes_max.saturating_sub(self.log_bytes);
        if self.logs.len() >= self.limits.log_lines_max || room == 0 {
            self.log_dropped = self.log_dropped.saturating_add(1);
            return;
        }
        text.truncate(text.floor_char_boundary(room));
        text.shrink_to_fit();
        self.log_bytes += text.len();
        self.logs.push(LogLine { level, text });
    }
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if total > self.limits.memory_bytes_max {
            // The guest sees that the memory did not grow, and may do without: an engine collects its garbage and tries again.
            self.memory_refused = true;
            return Ok(false);
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.table_elements.saturating_add(desired.saturating_sub(current));
        let fits = total <= self.table_elements_max;
        if fits {
            self.table_elements = total;
        }
        Ok(fits)
    }
}

/// Takes the fuel of one host call that was handed `bytes` bytes.
fn charge(store: &mut StoreContextMut<'_, Host>, bytes: usize) -> wasmtime::Result<()> {
    let limits = &store.data().limits;
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    let cost = limits.fuel_hostcall.saturating_add(limits.fuel_hostcall_byte.saturating_mul(bytes));
    match store.get_fuel()?.checked_sub(cost) {
        Some(left) => store.set_fuel(left),
        None => {
            store.set_fuel(0)?;
            Err(Trap::OutOfFuel.into())
        }
    }
}

/// Links the imports of the contract, and nothing else.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    // Types alone show up as an import that has no functions.
    linker.instance(TYPES)?;

    let mut state = linker.instance(STATE)?;
    state.func_wrap("get", |mut store: StoreContextMut<'_, Host>, (key,): (String,)| {
        charge(&mut store, key.len())?;
        let value = store.data().state.get(&key).map(<[u8]>::to_vec);
        charge(&mut store, value.as_ref().map_or(0, Vec::len))?;
        Ok((value,))
    })?;
    state.func_wrap("put", |mut store: StoreContextMut<'_, Host>, (key, value): (String, Vec<u8>)| {
        charge(&mut store, key.len().saturating_add(value.len()))?;
        let host = store.data_mut();
        let answer = if !host.writable {
            Err(StateError::ReadOnly)
        } else if host.state.put(key, value, &host.limits) {
            Ok(())
        } else {
            Err(StateError::Full)
        };
        Ok((answer,))
    })?;
    state.func_wrap("delete", |mut store: StoreContextMut<'_, Host>, (key,): (String,)| {
        charge(&mut store, key.len())?;
        let host = store.data_mut();
        let answer = if host.writable {
            host.state.delete(&key);
            Ok(())
        } else {
            Err(StateError::ReadOnly)
        };
        Ok((answer,))
    })?;

    let mut log = linker.instance(LOG)?;
    log.func_wrap("write", |mut store: StoreContextMut<'_, Host>, (level, text): (Level, String)| {
        charge(&mut store, text.len())?;
        store.data_mut().log(level, text);
        Ok(())
    })?;
    Ok(linker)
}
