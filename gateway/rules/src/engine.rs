//! wasmtime, set so that a rule's result depends on its input alone, and that it can neither hold the processor nor the memory.
//! Two pools of instances, one a class: those that bring their own engine need larger tables and more core instances.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, WasmFeatures};

use crate::host::{self, Host};
use crate::limits::{Class, Limits};
use crate::scan;

/// The engine that runs decisions, recorded with each: fuel is the same only on the same engine.
pub const ENGINE: &str = "wasmtime-48.0.8";

/// Native stack that a rule may use; what needs more fails.
const WASM_STACK_BYTES_MAX: usize = 512 << 10;

/// Bytes of a memory that are wiped in place, page by page where they were written, rather than given back to the kernel:
/// only where the kernel can say which pages those are. Without that, wiping in place would copy every page in.
const KEEP_RESIDENT_BYTES: usize = 512 << 10;

/// Everything that the compiled code and the results depend on. The compiling child and the pools share it to the letter; only the
/// way that instances are allocated differs, which compiled code doesn't depend on.
fn config() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES_MAX)
        .cranelift_opt_level(OptLevel::Speed)
        .cranelift_nan_canonicalization(true)
        .concurrency_support(false)
        .memory_init_cow(true)
        .generate_address_map(false);
    // One set of features, whatever else the build of wasmtime is able to do.
    config.wasm_features(WasmFeatures::all() & !scan::features(), false);
    config.wasm_features(scan::features(), true);
    config
}

/// The engine that compiles: on demand, since a pool reserves gigabytes of addresses that a limited process doesn't have.
pub(crate) fn compiling() -> wasmtime::Result<Engine> {
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    Engine::new(&config)
}

/// What one class of instances may have.
struct Shape {
    core_instances: u32,
    tables: u32,
    table_elements: usize,
}

fn shape(class: Class) -> Shape {
    match class {
        // The module itself, and the two small ones that wit-component wraps around it.
        Class::Native => Shape { core_instances: 8, tables: 4, table_elements: 10_000 },
        // Python comes as 38 modules; a JavaScript engine has tables of more than 10 000 functions.
        Class::Engine => Shape { core_instances: 64, tables: 8, table_elements: 20_000 },
    }
}

/// Elements that the tables of one instance may have together.
pub(crate) fn table_elements_max(class: Class) -> usize {
    shape(class).table_elements
}

/// The instances of one class.
pub(crate) struct Pool {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<Host>,
    pub(crate) table_elements_max: usize,
    slots: Slots,
}

impl Pool {
    pub(crate) fn new(class: Class, instances: u32, limits: &Limits) -> wasmtime::Result<Self> {
        let instances = instances.max(1);
        let shape = shape(class);
        let mut pooling = PoolingAllocationConfig::new();
        pooling
            .total_component_instances(instances)
            .total_core_instances(instances.saturating_mul(shape.core_instances))
            .max_core_instances_per_component(shape.core_instances)
            .total_memories(instances)
            .max_memories_per_component(1)
            .max_memories_per_module(1)
            .total_tables(instances.saturating_mul(shape.tables))
            .max_tables_per_component(shape.tables)
            .max_tables_per_module(shape.tables)
            .table_elements(shape.table_elements)
            .max_memory_size(limits.memory_bytes_max);
        if PoolingAllocationConfig::is_pagemap_scan_available() {
            pooling.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(KEEP_RESIDENT_BYTES).table_keep_resident(KEEP_RESIDENT_BYTES);
        }
        let mut config = config();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling));
        let engine = Engine::new(&config)?;
        let linker = host::linker(&engine)?;
        let slots = Slots { free: Mutex::new(instances), freed: Condvar::new() };
        Ok(Self { engine, linker, table_elements_max: shape.table_elements, slots })
    }

    /// Waits until an instance is free: a pool that is used up is the caller's load, never a rule's failure.
    pub(crate) fn slot(&self) -> Slot<'_> {
        let mut free = self.slots.lock();
        while *free == 0 {
            free = self.slots.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Slot(&self.slots)
    }
}

struct Slots {
    free: Mutex<u32>,
    freed: Condvar,
}

impl Slots {
    fn lock(&self) -> MutexGuard<'_, u32> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to one instance, given back when dropped; drop it after the store.
pub(crate) struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.lock() += 1;
        self.0.freed.notify_one();
    }
}

/// What the compiled code depends on, as text for a file's name: wasmtime's version, its settings and the processor's features.
pub(crate) fn fingerprint(engine: &Engine) -> String {
    use std::hash::{Hash, Hasher};

    struct Blake(blake3::Hasher);
    impl Hasher for Blake {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut hasher = Blake(blake3::Hasher::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let hex = hasher.0.finalize().to_hex();
    hex.as_str().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_engine_is_the_one_that_is_built_in() {
        let lock = include_str!("../../../Cargo.lock");
        let version = lock.split("name = \"wasmtime\"\nversion = \"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(version.map(|version| format!("wasmtime-{version}")).as_deref(), Some(super::ENGINE));
    }
}
