//! The log, to standard error, and the counters.

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::Result;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::Common;
use crate::config::common::LogFormat;

/// How often what the counters keep is tidied.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Bounds of the buckets for durations, in seconds.
const SECONDS_BUCKETS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts logging. A filter that can't be read is told of, and `info` used instead.
pub fn start(common: &Common) {
    let wanted = match (&common.log, common.quiet) {
        (Some(wanted), _) => wanted.as_str(),
        // The gateway itself says little: where it listens, and that it ends.
        (None, true) => "warn,coalition_gateway=info,actix_http=off",
        // The libraries tell again what the gateway's own lines say, and what any stranger sends that is no HTTP.
        (None, false) => "info,actix_server=warn,actix_http=off,sea_orm_migration=warn,sqlx=warn",
    };
    let filter = EnvFilter::try_new(wanted);
    let is_bad = filter.is_err();
    let is_terminal = std::io::stderr().is_terminal();
    let format = common.log_format.unwrap_or(if is_terminal { LogFormat::Pretty } else { LogFormat::Json });
    let log = fmt().with_writer(std::io::stderr).with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new("info")));
    // A second subscriber can't be set in one process; the first stays then.
    let _is_set = match format {
        LogFormat::Pretty => log.with_ansi(is_terminal).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    if is_bad {
        tracing::warn!(log = wanted, "this log filter can't be read; `info` is used");
    }
}

/// Starts counting; the handle renders what was counted.
///
/// # Errors
/// Where something else counts already.
pub fn count() -> Result<PrometheusHandle> {
    let handle =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)?.install_recorder()?;
    let kept = handle.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            ticks.tick().await;
            kept.run_upkeep();
        }
    });
    Ok(handle)
}
