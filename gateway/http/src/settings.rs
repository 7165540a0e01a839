//! What bounds the HTTP server: sizes, times, rates. Every bound has its unit in its name.

use std::time::Duration;

/// The server's bounds. [`Settings::default`] holds the documented defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Threads that serve connections; one for each core by default.
    pub workers: usize,
    /// Requests under way at once, all connections together; beyond it 503.
    pub requests_max: usize,
    /// Connections for each worker; beyond it new ones wait to be accepted.
    pub connections_max: usize,
    /// Requests a second for each credential, in the mean and in a burst; beyond it 429.
    pub rate_per_s: u32,
    /// The largest JSON body of a single call.
    pub body_bytes_max: usize,
    /// The largest batch.
    pub batch_bytes_max: usize,
    /// The largest plugin.
    pub component_bytes_max: usize,
    /// How long a client may take for the head of a request.
    pub head_timeout: Duration,
    /// How long a client may take for the body of a single call.
    pub body_timeout: Duration,
    /// How long a client may take for a batch or a plugin.
    pub upload_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long requests under way may take to end once the server is told to stop.
    pub drain_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            requests_max: 16_384,
            connections_max: 10_000,
            rate_per_s: 20_000,
            body_bytes_max: 64 * 1024,
            batch_bytes_max: 4 * 1024 * 1024,
            component_bytes_max: 16 * 1024 * 1024,
            head_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(10),
            upload_timeout: Duration::from_secs(60),
            keep_alive: Duration::from_secs(75),
            drain_timeout: Duration::from_secs(30),
        }
    }
}
