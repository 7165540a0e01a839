//! `coalition plugin rollback`: back to the version and configuration that were live before those of now.

use serde_json::Value;

use crate::client::{self, Request};
use crate::error::{Exit, Result};
use crate::output::{self, BAD, GOOD, HEAD, paint};

/// Go back to the version and configuration that were live before.
///
/// Once more goes back one further. Exit code 1 when nothing else was live before.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the gateway's answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Goes back.
///
/// # Errors
/// When the gateway is gone or refuses the client.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let gateway = crate::commands::gateway(profile)?;
    let answer = client::runtime()?.block_on(gateway.answer(&Request::post("/v1/plugins/rollback")))?;
    if answer.status.as_u16() == 409 {
        if arguments.json {
            output::json(&answer.body);
        } else {
            output::line(format!("{} {}", paint(BAD, "Not rolled back"), answer.problem().sentence()));
        }
        return Ok(Exit::Failed);
    }
    let body = answer.success()?;
    if arguments.json {
        output::json(&body);
        return Ok(Exit::Done);
    }
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    output::line(format!("{} {} {} {}", paint(GOOD, "Live again"), paint(HEAD, text("name")), text("version"), text("id")));
    if let Some(config) = body.get("config").filter(|config| config.is_object()) {
        output::line(format!("Config  {config}"));
    }
    Ok(Exit::Done)
}
