//! `coalition plugin run FILE.wasm --event E.json`: one decision, explained.

use std::path::PathBuf;

use coalition_rules::Limits;
use coalition_rules::contract::{Event, Member};
use serde_json::{Value, json};

use super::case::{Bytes, bytes_of, in_words, newcomer};
use super::explain::{self, Words};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, DIM, HEAD, WARN, paint};
use crate::{paths, sandbox};

/// Run a component on one event: effects, points explained, fuel, memory, time.
///
/// Exit code 1 when the gateway would refuse the component, its configuration, or what it answers.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The component.
    file: PathBuf,
    /// The event, as rules see it: {"id", "at": {"ms"}, "seed", "kind": "purchase", "purchase": {"currency", "total", "lines"}}.
    #[arg(long, value_name = "FILE")]
    event: PathBuf,
    /// The member, as rules see it [default: one who has just joined].
    #[arg(long, value_name = "FILE")]
    member: Option<PathBuf>,
    /// The configuration [default: {}].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print effects, usage and logs as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs it.
///
/// # Errors
/// When a file can't be read, or the gateway would refuse the component or its configuration.
pub fn run(arguments: &Arguments) -> Result {
    let component = paths::read(&arguments.file)?;
    let event: Event = paths::read_json(&arguments.event, "an event")?;
    let member: Member = match &arguments.member {
        Some(path) => paths::read_json(path, "a member")?,
        None => newcomer(event.at),
    };
    let config = match &arguments.config {
        Some(path) => paths::read_json::<Value>(path, "JSON")?.to_string(),
        None => "{}".to_owned(),
    };

    let sandbox = sandbox::start()?;
    let admitted = sandbox::admit(&sandbox, &component).map_err(|violations| sandbox::refusal(&arguments.file, &violations))?;
    let manifest = match admitted.program.describe(&config).outcome {
        Ok(Ok(manifest)) => manifest,
        Ok(Err(problems)) => {
            let mut error = CliError::failed("the rules refuse this configuration");
            error.details = problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect();
            return Err(error.fix("mend what is listed; an activation would be refused with the same words"));
        }
        Err(failure) => {
            return Err(CliError::failed(format!("the rules can't describe themselves: {}", in_words(&failure))));
        }
    };
    let run = admitted.program.on_event(&event, &member, &config, &coalition_rules::State::default());

    let limits = Limits::default();
    if arguments.json {
        let state: Option<std::collections::BTreeMap<String, Bytes>> = run.state.as_ref().map(bytes_of);
        let (effects, refusal, failure) = match &run.outcome {
            Ok(Ok(effects)) => (Some(effects), None, None),
            Ok(Err(refusal)) => (None, Some(refusal), None),
            Err(failure) => (None, None, Some(json!({"code": failure.code(), "detail": failure.to_string()}))),
        };
        let logs: Vec<Value> = run.logs.iter().map(|line| json!({"level": sandbox::level(line.level), "text": line.text})).collect();
        output::json(&json!({
            "program": {"name": manifest.name, "version": manifest.version, "digest": admitted.digest},
            "effects": effects, "refusal": refusal, "failure": failure, "state": state, "logs": logs,
            "usage": {
                "fuel": run.usage.fuel, "fuel_limit": run.usage.fuel_limit,
                "memory_bytes": run.usage.memory_bytes, "memory_bytes_max": limits.memory_bytes_max,
                "elapsed_us": u64::try_from(run.usage.elapsed.as_micros()).unwrap_or(u64::MAX), "deadline_ms": limits.deadline_ms(admitted.class),
            },
        }));
    } else {
        let words = Words::new(&manifest);
        output::line(format!("{} {} {}", paint(HEAD, &manifest.name), manifest.version, paint(DIM, admitted.digest)));
        output::line(paint(DIM, explain::event(&event)));
        output::line("");
        match &run.outcome {
            Ok(Ok(effects)) => explain::effects(effects, &event, &words).iter().for_each(output::line),
            Ok(Err(refusal)) => output::line(format!(
                "{} {} {}",
                paint(WARN, "Refused"),
                words.say(&refusal.reason),
                paint(DIM, format!("[{}]", refusal.code))
            )),
            Err(failure) => output::line(format!("{} {}", paint(BAD, "Failed"), in_words(failure))),
        }
        if let Some(state) = &run.state {
            output::line(format!("{} {}", paint(HEAD, "state"), serde_json::to_string(&bytes_of(state)).unwrap_or_default()));
        }
        output::line("");
        sandbox::usage(&run.usage, &limits, admitted.class).iter().for_each(output::line);
        for line in &run.logs {
            output::line(format!("{} {}", paint(DIM, format!("log {}", sandbox::level(line.level))), line.text));
        }
    }
    Ok(if run.outcome.is_ok() { Exit::Done } else { Exit::Failed })
}
