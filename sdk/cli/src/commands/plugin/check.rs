//! `coalition plugin check FILE.wasm`: what an upload would say, without a gateway.

use std::path::PathBuf;

use coalition_rules::contract::Manifest;
use serde_json::{Value, json};

use super::explain::Words;
use crate::error::{Exit, Result};
use crate::output::{self, BAD, DIM, GOOD, HEAD, paint};
use crate::{paths, sandbox};

/// Say exactly what an upload would say: every violation.
///
/// Exit code 1 when the gateway would refuse the component.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The component.
    file: PathBuf,
    /// Print digest, manifest and violations as JSON.
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
            if arguments.json {
                output::json(&json!({
                    "admitted": true, "digest": admitted.digest, "bytes": size, "class": admitted.class.as_str(), "contract": admitted.program.contract(),
                    "describe": admitted.manifest, "violations": [],
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
                describe(&admitted.manifest).iter().for_each(output::line);
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
