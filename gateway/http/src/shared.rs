//! What all workers share: the use cases, the bounds, the counters, and the texts that are made once.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data};
use coalition_app::{App, Error};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::limiter::Limiter;
use crate::openapi;
use crate::problem::Problem;
use crate::routes::Allowed;
use crate::settings::Settings;

/// One gateway process, as its workers see it.
pub struct Shared {
    /// The use cases.
    pub app: App,
    /// The bounds.
    pub settings: Settings,
    /// Rates by credential.
    pub limiter: Limiter,
    /// Whether the program is a test program: answers say so.
    pub is_test: bool,
    /// The OpenAPI document of this gateway.
    pub document: Bytes,
    /// Which methods each path takes.
    pub allowed: Allowed,
    metrics: Option<PrometheusHandle>,
    under_way: AtomicUsize,
    draining: AtomicBool,
    ids: RequestIds,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("settings", &self.settings).field("is_test", &self.is_test).finish_non_exhaustive()
    }
}

impl Shared {
    /// Around the use cases. `metrics` renders what `/metrics` shows; without it the page is empty.
    #[must_use]
    pub fn new(app: App, is_test: bool, settings: Settings, metrics: Option<PrometheusHandle>) -> Self {
        let document = openapi::document(is_test);
        Self {
            limiter: Limiter::new(settings.rate_per_s),
            allowed: Allowed::of(&document),
            document: Bytes::from(openapi::json(&document)),
            app,
            settings,
            is_test,
            metrics,
            under_way: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
            ids: RequestIds::default(),
        }
    }

    /// The one that serves this request.
    ///
    /// # Errors
    /// 500 where the server was set up without: a bug.
    pub fn of(request: &HttpRequest) -> Result<Data<Self>, Problem> {
        request.app_data::<Data<Self>>().cloned().ok_or_else(|| Error::internal(&"no shared state").into())
    }

    /// Counts a request in; the guard counts it out. None where too many are under way.
    #[must_use]
    pub fn enter(this: &Data<Self>) -> Option<UnderWay> {
        let before = this.under_way.fetch_add(1, Ordering::Relaxed);
        let guard = UnderWay(this.clone());
        (before < this.settings.requests_max).then_some(guard)
    }

    /// A new request's id.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.ids.next()
    }

    /// Prometheus' text format.
    #[must_use]
    pub fn metrics(&self) -> String {
        self.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }

    /// From now on `/readyz` says no, so that a load balancer looks elsewhere.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to end.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// One request under way.
#[derive(Debug)]
pub struct UnderWay(Data<Shared>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Ids for requests: a number of this process, and a count.
struct RequestIds {
    process: u32,
    count: AtomicU64,
}

impl Default for RequestIds {
    fn default() -> Self {
        use std::hash::{BuildHasher as _, RandomState};
        // Only to tell two processes' logs apart: nothing depends on its being unguessable.
        let random = RandomState::new().hash_one(std::process::id());
        Self { process: u32::try_from(random >> 32).unwrap_or(0), count: AtomicU64::new(1) }
    }
}

impl RequestIds {
    fn next(&self) -> String {
        format!("{:08x}-{:x}", self.process, self.count.fetch_add(1, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_differ() {
        let ids = RequestIds::default();
        assert_ne!(ids.next(), ids.next());
    }
}
