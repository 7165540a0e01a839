//! `coalition plugin push FILE.wasm`: uploads a component; the same bytes again change nothing.

use std::path::PathBuf;

use serde_json::Value;

use crate::client::{self, Request};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, DIM, GOOD, HEAD, paint};
use crate::paths;

/// Upload a component to the gateway.
///
/// Exit code 1 when the gateway rejects it; every violation is listed, as `plugin check` lists them.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The component, as `plugin build` wrote it.
    file: PathBuf,
    /// Print the gateway's answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Uploads it.
///
/// # Errors
/// When the file can't be read, or the gateway is gone or refuses the client.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let bytes = paths::read(&arguments.file)?;
    let gateway = crate::commands::gateway(profile)?;
    let size = output::bytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let spinner = output::spinner(format!("Uploading {size} to {}, which checks it", gateway.url()));
    let request = Request::post("/v1/plugins").body(client::COMPONENT, bytes);
    let answer = client::runtime()?.block_on(gateway.answer(&request));
    spinner.finish_and_clear();
    let answer = answer?;

    if answer.status.as_u16() == 422 {
        if arguments.json {
            output::json(&answer.body);
        } else {
            let problem = answer.problem();
            output::line(format!("{} {}", paint(BAD, "Rejected"), problem.sentence()));
            for error in &problem.errors {
                output::line(format!("  - {error}"));
            }
            output::note(format!(
                "{} coalition plugin check {} says the same without a gateway",
                paint(DIM, "hint:"),
                arguments.file.display()
            ));
        }
        return Ok(Exit::Failed);
    }
    let known = answer.status.as_u16() == 200;
    let body = answer.success()?;
    if arguments.json {
        output::json(&body);
        return Ok(Exit::Done);
    }
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = text("id");
    if id.is_empty() {
        return Err(CliError::gateway("the gateway took the component but named no id").fix("update this CLI or the gateway"));
    }
    let verb = if known { "Known already" } else { "Uploaded" };
    output::line(format!("{} {} {}", paint(GOOD, verb), paint(HEAD, text("name")), text("version")));
    output::line(format!("Id      {id}"));
    output::line(format!("Digest  {}", text("digest")));
    output::line(format!("Status  {}", text("status")));
    output::note(format!("{} coalition plugin activate {id}", paint(DIM, "next:")));
    Ok(Exit::Done)
}
