//! `coalition plugin list`: the versions at the gateway, newest first, with what they cost so far.

use serde_json::Value;

use crate::client::{self, Gateway, Request, segment};
use crate::error::{CliError, Exit, Result};
use crate::output;

/// So many pages are followed at most; a partner with more has a gateway that does not end its list.
const PAGES_MAX: u32 = 500;

/// List the versions at the gateway.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// As JSON, all of what the gateway says of each.
    #[arg(long)]
    json: bool,
}

/// Lists them.
///
/// # Errors
/// When the gateway is gone or refuses the client.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let gateway = crate::commands::gateway(profile)?;
    let items = client::runtime()?.block_on(all(&gateway))?;
    if arguments.json {
        output::json(&items);
        return Ok(Exit::Done);
    }
    if items.is_empty() {
        output::note("There is no version yet: coalition plugin push FILE.wasm");
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    output::table(&["ID", "NAME", "VERSION", "STATUS", "CALLS", "TRAPS", "FUEL P99", "DIGEST"], &rows).iter().for_each(output::line);
    Ok(Exit::Done)
}

async fn all(gateway: &Gateway) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    let mut path = "/v1/plugins?limit=200".to_owned();
    for _ in 0..PAGES_MAX {
        let mut page = gateway.call(&Request::get(path)).await?;
        if let Some(Value::Array(more)) = page.get_mut("items").map(Value::take) {
            items.extend(more);
        }
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(cursor) => path = format!("/v1/plugins?limit=200&cursor={}", segment(cursor)),
            None => return Ok(items),
        }
    }
    Err(CliError::gateway(format!("the gateway's list does not end after {PAGES_MAX} pages")))
}

fn row(item: &Value) -> Vec<String> {
    let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |pointer: &str| item.pointer(pointer).and_then(Value::as_i64).map(output::grouped).unwrap_or_default();
    // A version that decides now says how; one that only waits is `ready`.
    let status = [text("/mode"), text("/status")].into_iter().find(|word| !word.is_empty()).unwrap_or_default();
    let fuel = [number("/runs/fuel/p99"), number("/runs/fuel/limit")];
    let fuel = if fuel.iter().any(String::is_empty) { String::new() } else { fuel.join(" of ") };
    vec![
        text("/id"),
        text("/name"),
        text("/version"),
        status,
        number("/runs/calls"),
        number("/runs/traps"),
        fuel,
        text("/digest").chars().take(12).collect(),
    ]
}
