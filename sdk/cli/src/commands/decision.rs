//! `coalition decision show|replay ID`: what the rules saw and said, and whether they would say it again.

use serde_json::Value;

use crate::client::{self, Gateway, Request, segment};
use crate::error::{Exit, Result};
use crate::output::{self, BAD, GOOD, HEAD, paint};

/// What the rules saw and said.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show a decision: the event, the member as the rules saw it, the effects, the cost.
    Show {
        /// The decision's id, dec_….
        id: String,
        /// As JSON, as the gateway keeps it.
        #[arg(long)]
        json: bool,
    },
    /// Run a decision again on the gateway; exit code 1 when effects or state differ.
    Replay {
        /// The decision's id, dec_….
        id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs it.
///
/// # Errors
/// When the gateway can't be reached or knows no such decision.
pub fn run(command: Command, profile: Option<&str>) -> Result {
    let gateway = super::gateway(profile)?;
    let runtime = client::runtime()?;
    match command {
        Command::Show { id, json } => runtime.block_on(show(&gateway, &id, json)),
        Command::Replay { id, json } => runtime.block_on(replay(&gateway, &id, json)),
    }
}

async fn show(gateway: &Gateway, id: &str, as_json: bool) -> Result {
    let decision = gateway.call(&Request::get(format!("/v1/decisions/{}", segment(id)))).await?;
    if as_json {
        output::json(&decision);
        return Ok(Exit::Done);
    }
    explain(&decision).iter().for_each(output::line);
    Ok(Exit::Done)
}

async fn replay(gateway: &Gateway, id: &str, as_json: bool) -> Result {
    let answer = gateway.call(&Request::post(format!("/v1/decisions/{}/replay", segment(id)))).await?;
    let identical = answer.get("identical").and_then(Value::as_bool).unwrap_or(false);
    if as_json {
        output::json(&answer);
    } else {
        let digest = answer.get("digest").and_then(Value::as_str).unwrap_or_default();
        let verdict = if identical { paint(GOOD, "identical") } else { paint(BAD, "different") };
        output::line(format!("Replay of {id}: {verdict} {digest}").trim_end());
        if !identical {
            output::line("The rules no longer say what they said. Compare with: coalition decision show ID --json");
        }
    }
    Ok(if identical { Exit::Done } else { Exit::Failed })
}

/// Plain members in one block, then each object and list under its name: new members show up by themselves.
fn explain(decision: &Value) -> Vec<String> {
    let Some(members) = decision.as_object() else {
        return vec![decision.to_string()];
    };
    let nested = |value: &Value| value.is_object() || value.is_array();
    let plain: Vec<(&String, &Value)> = members.iter().filter(|(_, value)| !nested(value) && !value.is_null()).collect();
    let width = plain.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut lines: Vec<String> = plain
        .iter()
        .map(|(name, value)| {
            format!("{}  {}", paint(HEAD, format!("{name:<width$}")), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        })
        .collect();
    for (name, value) in members.iter().filter(|(_, value)| nested(value)) {
        lines.push(String::new());
        lines.push(paint(HEAD, name));
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        lines.extend(text.lines().map(|line| format!("  {line}")));
    }
    lines
}
