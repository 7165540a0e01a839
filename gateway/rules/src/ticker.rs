//! The clock behind the deadlines: a thread that counts the engines' epochs on, a millisecond at a time, while anything runs.
//! When nothing has run for a while it sleeps, so that an idle gateway is idle.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

const TICK: Duration = Duration::from_millis(1);
/// Ticks without a call after which the thread sleeps.
const IDLE_TICKS: u32 = 100;

struct Shared {
    engines: Mutex<Vec<EngineWeak>>,
    running: AtomicU32,
    asleep: AtomicBool,
    stop: AtomicBool,
}

/// Owns the thread; it ends when this is dropped.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            engines: Mutex::new(Vec::new()),
            running: AtomicU32::new(0),
            asleep: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        });
        let thread = thread::Builder::new().name("rules-epoch".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || tick(&shared)
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    pub(crate) fn watch(&self, engine: &Engine) {
        self.shared.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine.weak());
    }

    /// While the guard lives, epochs are counted.
    pub(crate) fn running(&self) -> Running<'_> {
        // Paired with the thread's "asleep, then look again": one of the two sees the other, so no call runs without a clock.
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        if self.shared.asleep.load(Ordering::SeqCst)
            && let Some(thread) = &self.thread
        {
            thread.thread().unpark();
        }
        Running(&self.shared.running)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It can't have panicked; and if it had, there would be nothing left to end.
            let _ = thread.join();
        }
    }
}

pub(crate) struct Running<'a>(&'a AtomicU32);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn tick(shared: &Shared) {
    let mut idle = 0;
    while !shared.stop.load(Ordering::SeqCst) {
        if shared.running.load(Ordering::SeqCst) > 0 {
            idle = 0;
        } else {
            idle += 1;
        }
        if idle > IDLE_TICKS {
            shared.asleep.store(true, Ordering::SeqCst);
            if shared.running.load(Ordering::SeqCst) == 0 && !shared.stop.load(Ordering::SeqCst) {
                thread::park();
            }
            shared.asleep.store(false, Ordering::SeqCst);
            idle = 0;
            continue;
        }
        thread::sleep(TICK);
        for engine in shared.engines.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
            }
        }
    }
}
