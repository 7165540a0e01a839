//! `coalition statement verify FILE…`: checks statements and proofs of entries without a gateway.

use std::path::{Path, PathBuf};

use coalition_domain::evidence::{CheckpointKey, EntryProof, Statement};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, GOOD, HEAD, grouped, paint};
use crate::paths;

/// Check what a gateway has proven.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check a statement, or the proof of an entry, without a gateway; exit code 1 when anything in it is not as it says.
    Verify(Arguments),
}

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// As GET /v1/members/{id}/statement, /v1/me/statement, /v1/ledger/statement or /v1/ledger/entries/{id}/proof answer;
    /// several parts of one statement in their order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The key that the checkpoints must be signed with: a JWK, or a file with one or with a set of them. Without it the file's own keys
    /// are taken, which show only that the file agrees with itself.
    #[arg(long, value_name = "FILE|JWK")]
    key: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// What was found in one file.
struct Finding {
    file: PathBuf,
    about: String,
    entries: usize,
    balances: Vec<(String, i64)>,
    signed_by: Vec<String>,
    problems: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// When a file is missing or is no such document.
pub fn run(command: Command) -> Result {
    let Command::Verify(arguments) = command;
    let keys = arguments.key.as_deref().map(read_keys).transpose()?;
    let mut findings: Vec<Finding> = Vec::new();
    let mut before: Option<Statement> = None;
    for file in &arguments.files {
        let (mut finding, statement) = check(file, keys.as_deref())?;
        if let (Some(before), Some(statement)) = (&before, &statement) {
            finding.problems.extend(do_not_join(before, statement));
        }
        findings.push(finding);
        before = statement;
    }
    let is_good = findings.iter().all(|finding| finding.problems.is_empty());
    if arguments.json {
        let shown: Vec<Value> = findings.iter().map(to_json).collect();
        output::json(&json!({ "ok": is_good, "files": shown }));
    } else {
        findings.iter().for_each(show);
        if is_good && keys.is_none() {
            output::warn("the key was taken from the file itself: compare its name with the operator's, or give it with --key");
        }
    }
    Ok(if is_good { Exit::Done } else { Exit::Failed })
}

fn check(file: &Path, keys: Option<&[CheckpointKey]>) -> Result<(Finding, Option<Statement>)> {
    let document: Value = paths::read_json(file, "JSON")?;
    let is_statement = document.get("entries").is_some();
    let wrong = |error: serde_json::Error| {
        let what = if is_statement { "a statement" } else { "the proof of an entry" };
        CliError::failed(format!("{} is not {what} as a gateway writes it: {error}", file.display()))
    };
    let file = file.to_path_buf();
    if !is_statement {
        let proof: EntryProof = serde_json::from_value(document).map_err(wrong)?;
        let signed_by = proof.checkpoint.iter().map(|point| point.kid.clone()).collect();
        let about = format!("entry {}", proof.entry.id);
        return Ok((Finding { file, about, entries: 1, balances: Vec::new(), signed_by, problems: proof.check(keys) }, None));
    }
    let statement: Statement = serde_json::from_value(document).map_err(wrong)?;
    let mut signed_by: Vec<String> = statement.checkpoints.iter().map(|point| point.kid.clone()).collect();
    signed_by.sort_unstable();
    signed_by.dedup();
    let finding = Finding {
        file,
        about: format!("statement of {}", statement.owner),
        entries: statement.entries.len(),
        balances: statement.closing.iter().map(|(account, points)| (account.clone(), *points)).collect(),
        signed_by,
        problems: statement.check(keys),
    };
    Ok((finding, Some(statement)))
}

/// What is wrong between a part and the one after it.
fn do_not_join(before: &Statement, after: &Statement) -> Vec<String> {
    let mut problems = Vec::new();
    if before.owner != after.owner || before.program != after.program {
        problems.push("it is another's statement than the part before".to_owned());
    }
    if after.after.is_none() || before.next != after.after {
        problems.push("it does not begin where the part before ends".to_owned());
    }
    // A partner's parts each begin at zero.
    if after.opening != before.closing && after.opening != after.owner.zero() {
        problems.push("its opening balances are not the closing ones of the part before".to_owned());
    }
    problems
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Keys {
    Set { keys: Vec<CheckpointKey> },
    One(CheckpointKey),
}

/// A JWK as it is, or a file with one or with a set.
fn read_keys(text: &str) -> Result<Vec<CheckpointKey>> {
    let is_key = text.trim_start().starts_with('{');
    let bytes = if is_key { text.as_bytes().to_vec() } else { paths::read(Path::new(text))? };
    let read = serde_json::from_slice(&bytes).map_err(|_| {
        CliError::usage("--key is neither a JWK nor a file with one")
            .fix("take it from GET /v1/ledger/checkpoints, or the operator's keys.json")
    })?;
    Ok(match read {
        Keys::Set { keys } => keys,
        Keys::One(key) => vec![key],
    })
}

fn to_json(finding: &Finding) -> Value {
    json!({
        "file": finding.file.display().to_string(),
        "ok": finding.problems.is_empty(),
        "about": finding.about,
        "entries": finding.entries,
        "balances": finding.balances.iter().map(|(account, points)| (account.clone(), json!(points))).collect::<serde_json::Map<_, _>>(),
        "signed_by": finding.signed_by,
        "problems": finding.problems,
    })
}

fn show(finding: &Finding) {
    output::line(format!("{}: {}", paint(HEAD, finding.file.display()), finding.about));
    let count = i128::try_from(finding.entries).unwrap_or_default();
    output::line(format!("  {} {}", grouped(count), if finding.entries == 1 { "entry" } else { "entries" }));
    for (account, points) in &finding.balances {
        output::line(format!("  {account:<10} {:>14}", grouped(*points)));
    }
    for problem in &finding.problems {
        output::line(format!("  {} {problem}", paint(BAD, "wrong:")));
    }
    if finding.problems.is_empty() {
        let signed = if finding.signed_by.is_empty() {
            "nothing to prove".to_owned()
        } else {
            format!("signed by {}", finding.signed_by.join(", "))
        };
        output::line(format!("  {} every entry, block and balance; {signed}", paint(GOOD, "agrees:")));
    }
}
