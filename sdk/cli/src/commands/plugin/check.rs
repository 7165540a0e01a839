//! `coalition plugin check FILE.wasm`: what an upload would say, without a gateway.

use std::path::PathBuf;

use coalition_rules::Admitted;
use coalition_rules::contract::Manifest;
use serde_json::{Value, json};

use super::advice::{self, Advice};
use super::case::in_words;
use super::explain::Words;
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, DIM, GOOD, HEAD, WARN, paint};
use crate::{paths, sandbox};

/// Say exactly what an upload would say: every violation.
///
/// Warns besides of what no limit forbids: a purchase that earns more when it is split in two, awards that fall as spending rises, rules that use over half of
/// their fuel at 200 lines, state that refunds leave wrong. Exit code 1 when the gateway would refuse the component.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The component.
    file: PathBuf,
    /// The configuration to look at it with [default: {}].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print digest, manifest, violations and warnings as JSON.
    #[arg(long)]
    json: bool,
}

/// Checks it.
///
/// # Errors
/// When the file can't be read or the sandbox can't start.
pub fn run(arguments: &Arguments) -> Result {
    let bytes = paths::read(&arguments.file)?;
    let sandbox = sandbox::start()?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    match sandbox::admit(&sandbox, &bytes) {
        Ok(admitted) => {
            let (manifest, warnings) = look(arguments, &admitted)?;
            if arguments.json {
                output::json(&json!({
                    "admitted": true, "digest": admitted.digest, "bytes": size, "class": admitted.class.as_str(), "contract": admitted.program.contract(),
                    "describe": manifest, "violations": [], "warnings": warnings,
                }));
            } else {
                output::line(format!("{} {} would be admitted", paint(GOOD, "ok"), arguments.file.display()));
                output::line(format!(
                    "Size      {}, class {}, contract {}",
                    output::bytes(size),
                    admitted.class.as_str(),
                    admitted.program.contract()
                ));
                output::line(format!("Digest    {}", admitted.digest));
                describe(&manifest).iter().for_each(output::line);
                for Advice { code, detail } in &warnings {
                    output::line(format!("{} {code}: {detail}", paint(WARN, "warning:")));
                }
            }
            Ok(Exit::Done)
        }
        Err(violations) if violations.iter().any(coalition_rules::Violation::is_ours) => {
            Err(sandbox::refusal(&arguments.file, &violations))
        }
        Err(violations) => {
            if arguments.json {
                let list: Vec<Value> =
                    violations.iter().map(|violation| json!({"code": violation.code, "detail": violation.detail})).collect();
                output::json(&json!({"admitted": false, "bytes": size, "violations": list}));
            } else {
                let count = if violations.len() == 1 { "1 violation".to_owned() } else { format!("{} violations", violations.len()) };
                output::line(format!("{} {} would be refused: {count}", paint(BAD, "no"), arguments.file.display()));
                for violation in &violations {
                    output::line(format!("  - {}: {}", paint(BAD, violation.code), violation.detail));
                }
            }
            Ok(Exit::Failed)
        }
    }
}

/// The manifest under the configuration, and what is worth a look.
fn look(arguments: &Arguments, admitted: &Admitted) -> Result<(Manifest, Vec<Advice>)> {
    let config = match &arguments.config {
        Some(path) => paths::read_json::<Value>(path, "JSON")?.to_string(),
        None => "{}".to_owned(),
    };
    let program = admitted.program.patient();
    let manifest = match program.describe(&config).outcome {
        Ok(Ok(manifest)) => manifest,
        Ok(Err(problems)) => {
            let mut error = CliError::failed("the rules refuse this configuration");
            error.details = problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect();
            return Err(error.fix("mend what is listed; an activation would be refused with the same words"));
        }
        Err(failure) => return Err(CliError::failed(format!("the rules can't describe themselves: {}", in_words(&failure)))),
    };
    let spinner = output::spinner("Buying, to see what it earns");
    let warnings = advice::advise(&program, &manifest, &config);
    spinner.finish_and_clear();
    Ok((manifest, warnings))
}

/// The manifest in a few lines; what is empty is left out.
fn describe(manifest: &Manifest) -> Vec<String> {
    let mut lines = vec![format!("Program   {} {}", paint(HEAD, &manifest.name), manifest.version)];
    let mut list = |name: &str, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(format!("{name:<9} {}", items.join(", ")));
        }
    };
    list("Handles", manifest.handles.clone());
    list("Needs", manifest.needs.clone());
    list("Rewards", manifest.rewards.iter().map(|reward| format!("{} ({})", reward.id, reward.kind)).collect());
    list("Counters", manifest.counters.iter().map(|counter| counter.name.clone()).collect());
    list("Badges", manifest.badges.clone());
    list("Tiers", manifest.tiers.clone());
    list("Campaigns", manifest.campaigns.clone());
    list("Locales", manifest.texts.iter().map(|texts| texts.locale.clone()).collect());
    if let Some(terms) = Words::new(manifest).text("terms") {
        lines.push(format!("Terms     {}", paint(DIM, terms)));
    }
    lines
}
