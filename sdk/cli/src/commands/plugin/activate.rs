//! `coalition plugin activate ID`: one live version a partner; from the answer on, no decision names the old one.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{self, Request, segment};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, GOOD, HEAD, paint};
use crate::paths;

/// Make an uploaded version the live one.
///
/// Exit code 1 when the rules refuse the configuration.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The version's id, plg_…, as `plugin push` and `plugin list` show it.
    id: String,
    /// The configuration, a JSON object; without it, every field has its default.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the gateway's answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Activates it.
///
/// # Errors
/// When the configuration can't be read, or the gateway is gone or refuses the client.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let mut body = json!({"mode": "live"});
    if let (Some(path), Some(members)) = (&arguments.config, body.as_object_mut()) {
        let config: Value = paths::read_json(path, "a JSON object")?;
        if !config.is_object() {
            return Err(CliError::usage(format!("{} is JSON, but no object", path.display())).fix("write the configuration as {…}"));
        }
        members.insert("config".to_owned(), config);
    }
    let gateway = crate::commands::gateway(profile)?;
    let request = Request::post(format!("/v1/plugins/{}/activate", segment(&arguments.id))).json(&body);
    let answer = client::runtime()?.block_on(gateway.answer(&request))?;
    if arguments.json && (answer.status.is_success() || answer.status.as_u16() == 422) {
        output::json(&answer.body);
        return Ok(if answer.status.is_success() { Exit::Done } else { Exit::Failed });
    }
    if answer.status.as_u16() == 422 {
        let problem = answer.problem();
        output::line(format!("{} {}", paint(BAD, "Not activated"), problem.sentence()));
        for error in &problem.errors {
            output::line(format!("  - {error}"));
        }
        return Ok(Exit::Failed);
    }
    let body = answer.success()?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let named = format!("{} {}", text("name"), text("version"));
    let named = if named.trim().is_empty() { arguments.id.clone() } else { named };
    output::line(format!("{} {}", paint(GOOD, "Live"), paint(HEAD, named)));
    Ok(Exit::Done)
}
