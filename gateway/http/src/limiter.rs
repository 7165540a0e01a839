//! How often a credential may call: a token bucket for each, in this gateway's memory.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// How often buckets that are full again are forgotten.
pub const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// The buckets of every credential that called of late.
#[derive(Debug)]
pub struct Limiter {
    buckets: DefaultKeyedRateLimiter<Arc<str>>,
    clock: DefaultClock,
}

impl Limiter {
    /// So many calls a second for each credential, in the mean and in a burst.
    #[must_use]
    pub fn new(rate_per_s: u32) -> Self {
        let rate = NonZeroU32::new(rate_per_s).unwrap_or(NonZeroU32::MIN);
        Self { buckets: RateLimiter::keyed(Quota::per_second(rate)), clock: DefaultClock::default() }
    }

    /// Counts one call.
    ///
    /// # Errors
    /// 429 with `Retry-After` where the bucket is empty.
    pub fn admit(&self, credential: &Arc<str>) -> Result<(), Problem> {
        self.buckets.check_key(credential).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Problem::rate_limited(wait.as_secs().saturating_add(1))
        })
    }

    /// Forgets the buckets that are full again.
    pub fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_credential_has_its_own_rate() {
        let limiter = Limiter::new(3);
        let (one, other) = (Arc::from("one"), Arc::from("other"));
        for _ in 0..3 {
            limiter.admit(&one).unwrap();
        }
        assert_eq!(limiter.admit(&one).unwrap_err().status(), 429);
        limiter.admit(&other).unwrap();
        limiter.sweep();
        assert_eq!(limiter.admit(&one).unwrap_err().status(), 429);
    }
}
