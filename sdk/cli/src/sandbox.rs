//! The sandbox of production on this machine: the same limits, the same checks, the same engine as the gateway's.

use std::path::Path;

use coalition_rules::{Admitted, Class, Level, Limits, Sandbox, SandboxConfig, Usage, Violation};

use crate::error::{CliError, Result};
use crate::output::{self, DIM, HEAD, WARN, paint};
use crate::paths;

/// Starts it. Compiled code is kept in a private folder below the user's cache, where there is one.
///
/// # Errors
/// When this machine can't run it.
pub fn start() -> Result<Sandbox> {
    let cache_dir = paths::cache_dir().ok().map(|dir| dir.join("compiled")).filter(|dir| paths::create_private_dir(dir).is_ok());
    let config = SandboxConfig { cache_dir, pool_instances: 4, ..SandboxConfig::default() };
    Sandbox::new(config).map_err(|error| CliError::machine(format!("the sandbox can't start: {error}")))
}

/// Checks a component as an upload does.
///
/// # Errors
/// The violations, all of them.
pub fn admit(sandbox: &Sandbox, component: &[u8]) -> std::result::Result<Admitted, Vec<Violation>> {
    let spinner = output::spinner("Checking");
    let admitted = sandbox.admit(component);
    spinner.finish_and_clear();
    admitted
}

/// The violations as an error with exit code 1.
#[must_use]
pub fn refusal(file: &Path, violations: &[Violation]) -> CliError {
    let mut error = if violations.iter().any(Violation::is_ours) {
        CliError::machine(format!("{} can't be checked on this machine", file.display()))
    } else {
        CliError::failed(format!("{} would be refused by the gateway", file.display()))
    };
    error.details = violations.iter().map(violation).collect();
    error
}

/// A violation in a line.
#[must_use]
pub fn violation(violation: &Violation) -> String {
    format!("{}: {}", violation.code, violation.detail)
}

/// What a run used, against its limits.
#[must_use]
pub fn usage(usage: &Usage, limits: &Limits, class: Class) -> Vec<String> {
    let memory_max = u64::try_from(limits.memory_bytes_max).unwrap_or(u64::MAX);
    let elapsed_us = u64::try_from(usage.elapsed.as_micros()).unwrap_or(u64::MAX);
    let deadline_ms = limits.deadline_ms(class);
    let deadline_us = deadline_ms.saturating_mul(1000);
    let row = |name: &str, used: String, limit: String, share: (u64, u64)| {
        // Nine tenths of a limit on a laptop is over it on a busy day.
        let near = u128::from(share.0) * 10 >= u128::from(share.1) * 9;
        let percent = output::share(share.0, share.1);
        format!(
            "{}  {used} of {limit}  {}",
            paint(HEAD, format!("{name:<6}")),
            paint(if near { WARN } else { DIM }, format!("({percent})"))
        )
    };
    vec![
        row("fuel", output::grouped(usage.fuel), output::grouped(usage.fuel_limit), (usage.fuel, usage.fuel_limit)),
        row("memory", output::bytes(usage.memory_bytes), output::bytes(memory_max), (usage.memory_bytes, memory_max)),
        row("time", output::span(usage.elapsed), format!("{deadline_ms} ms"), (elapsed_us, deadline_us)),
    ]
}

/// How bad a line of a rule's log is.
#[must_use]
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}
