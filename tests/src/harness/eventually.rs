//! Waiting for what the gateway does by itself, such as deciding an event that nobody waits for.

use std::time::{Duration, Instant};

/// How long anything may take; far above what it does, so that time decides no story.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until there is something; panics with `what` was waited for when nothing comes.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
