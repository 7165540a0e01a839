//! `coalition plugin stats ID`: what a version's runs took at the gateway, against the limits.

use serde_json::Value;

use crate::client::{self, Request, segment};
use crate::error::{Exit, Result};
use crate::output::{self, HEAD, WARN, grouped, paint};

/// Show what a version's runs took: calls, traps, fuel against the limit.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The version's id, plg_…, as `plugin push` and `plugin list` show it.
    id: String,
    /// As JSON, all of what the gateway says of the version.
    #[arg(long)]
    json: bool,
}

/// Shows them.
///
/// # Errors
/// When the gateway is gone, refuses the client, or knows no such version.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let gateway = crate::commands::gateway(profile)?;
    let version = client::runtime()?.block_on(gateway.call(&Request::get(format!("/v1/plugins/{}", segment(&arguments.id)))))?;
    if arguments.json {
        output::json(&version);
    } else {
        explain(&version).iter().for_each(output::line);
    }
    Ok(Exit::Done)
}

fn explain(version: &Value) -> Vec<String> {
    let text = |key: &str| version.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |pointer: &str| version.pointer(pointer).and_then(Value::as_u64);
    let status = [text("mode"), text("status")].into_iter().find(|word| !word.is_empty()).unwrap_or_default();
    let calls = number("/runs/calls").unwrap_or_default();
    let traps = number("/runs/traps").unwrap_or_default();
    let mut lines = vec![
        format!("{} {} {status}", paint(HEAD, text("name")), text("version")),
        format!("{}  {}", paint(HEAD, "calls"), grouped(calls)),
        format!("{}  {}", paint(HEAD, "traps"), if traps > 0 { paint(WARN, grouped(traps)) } else { grouped(traps) }),
    ];
    let limit = number("/runs/fuel/limit").unwrap_or_default();
    for (name, pointer) in [("half of the calls", "/runs/fuel/p50"), ("99 of 100", "/runs/fuel/p99"), ("the most", "/runs/fuel/max")] {
        if let Some(fuel) = number(pointer) {
            lines.push(format!(
                "{}   {name}: {} of {} ({})",
                paint(HEAD, "fuel"),
                grouped(fuel),
                grouped(limit),
                output::share(fuel, limit)
            ));
        }
    }
    lines
}
