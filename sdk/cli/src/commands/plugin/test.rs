//! `coalition plugin test DIR`: builds a plugin and asks it its cases, in the sandbox of production.

use std::path::{Path, PathBuf};

use coalition_rules::Program;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use super::build;
use super::case::{self, Answer, Case, Ran};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, DIM, GOOD, HEAD, WARN, grouped, paint};
use crate::{paths, sandbox};

/// A blessed ceiling leaves so much room above what was used, so that an honest change of a text doesn't break it.
const ROOM_PERCENT: u64 = 25;

/// Build a plugin and run its cases/ in the sandbox of production.
///
/// A case is a JSON file with what the rules are asked, what they are to answer, and the most fuel they may use; the
/// README of a new plugin explains it. Exit code 1 when a case fails.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The plugin's folder: a crate, or a package of npm.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Run the cases in this folder instead of DIR/cases: those of a twin in another language, say.
    #[arg(long, value_name = "FOLDER")]
    cases: Option<PathBuf>,
    /// The most fuel a case may use, in place of what each says: a language with its own engine uses a hundred times that of one without.
    #[arg(long, value_name = "FUEL", conflicts_with = "bless")]
    fuel_max: Option<u64>,
    /// Write what is answered as what is expected, and raise fuel ceilings where needed. Read the difference before you commit it.
    #[arg(long)]
    bless: bool,
    /// Test this component instead of building one.
    #[arg(long, value_name = "FILE.wasm")]
    wasm: Option<PathBuf>,
    /// Print the results as JSON.
    #[arg(long)]
    json: bool,
}

/// One case's result.
struct Report {
    name: String,
    about: Option<String>,
    fuel: u64,
    fuel_max: u64,
    elapsed_us: u64,
    verdict: Verdict,
}

enum Verdict {
    Ok,
    Blessed,
    Failed(Vec<String>),
}

/// Tests it.
///
/// # Errors
/// When it does not build, the gateway would refuse it, or there are no cases.
pub fn run(arguments: &Arguments) -> Result {
    let files = case::files(&arguments.cases.clone().unwrap_or_else(|| arguments.dir.join("cases")))?;
    let (file, component) = match &arguments.wasm {
        Some(file) => (file.clone(), paths::read(file)?),
        None => {
            let built = build::build(&arguments.dir, None, true)?;
            (built.file, built.component)
        }
    };
    let sandbox = sandbox::start()?;
    let admitted = sandbox::admit(&sandbox, &component)
        .map_err(|violations| sandbox::refusal(&file, &violations).fix("mend what is listed; no case was run"))?;
    if !arguments.json {
        let size = output::bytes(u64::try_from(component.len()).unwrap_or(u64::MAX));
        let digest: String = admitted.digest.to_string().chars().take(12).collect();
        output::line(format!(
            "{} {} {}",
            paint(HEAD, &admitted.manifest.name),
            admitted.manifest.version,
            paint(DIM, format!("{size}, {digest}"))
        ));
    }
    // Fuel decides; a laptop that is busy with the next build doesn't fail a case by the wall clock.
    let program = admitted.program.patient();
    let mut reports = Vec::new();
    for file in &files {
        let report = one(file, &program, arguments);
        if !arguments.json {
            tell(&report).iter().for_each(output::line);
        }
        reports.push(report);
    }
    let failed = reports.iter().filter(|report| matches!(report.verdict, Verdict::Failed(_))).count();
    if arguments.json {
        output::json(&json!({
            "name": admitted.manifest.name, "version": admitted.manifest.version, "digest": admitted.digest,
            "cases": reports.iter().map(as_json).collect::<Vec<_>>(), "ok": reports.len() - failed, "failed": failed,
        }));
    } else {
        let verdict = if failed == 0 { paint(GOOD, "ok") } else { paint(BAD, "failed") };
        output::line(format!("{verdict}: {} passed, {failed} failed", reports.len() - failed));
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}

fn one(file: &Path, program: &Program, arguments: &Arguments) -> Report {
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let broken = |error: &CliError| Report {
        name: name.clone(),
        about: None,
        fuel: 0,
        fuel_max: 0,
        elapsed_us: 0,
        verdict: Verdict::Failed(vec![error.message.clone()]),
    };
    let read = Case::read(file).and_then(|case| case.understand().map(|asked| (case, asked)));
    let (mut case, asked) = match read {
        Ok(read) => read,
        Err(error) => return broken(&error),
    };
    case.fuel_max = arguments.fuel_max.or(case.fuel_max);
    let ran = asked.run(program);
    let findings = compare(asked.expect.as_ref(), &case, &ran);
    let verdict = if findings.is_empty() {
        Verdict::Ok
    } else if arguments.bless {
        match write(file, &case, &ran) {
            Ok(()) => Verdict::Blessed,
            Err(error) => return broken(&error),
        }
    } else {
        Verdict::Failed(findings)
    };
    Report {
        name,
        about: case.about,
        fuel: ran.usage.fuel,
        fuel_max: case.fuel_max.unwrap_or(ran.usage.fuel_limit),
        elapsed_us: u64::try_from(ran.usage.elapsed.as_micros()).unwrap_or(u64::MAX),
        verdict,
    }
}

/// What is not as the case wants it; nothing when all is.
fn compare(expected: Option<&Answer>, case: &Case, ran: &Ran) -> Vec<String> {
    let mut findings = Vec::new();
    match expected {
        None => findings.push("the case does not say what it expects; --bless writes what was answered".to_owned()),
        Some(expected) if *expected != ran.answer => findings.extend(diff(expected, &ran.answer)),
        Some(_) => {}
    }
    let expected_to_fail = expected.is_some_and(|expected| expected.failure.is_some());
    if let Some(failure) = ran.failure.as_ref().filter(|_| !expected_to_fail) {
        findings.push(format!("the run failed: {failure}"));
        findings.extend(ran.logs.iter().map(|line| format!("log {}: {}", sandbox::level(line.level), line.text)));
    }
    if let Some(fuel_max) = case.fuel_max.filter(|fuel_max| ran.usage.fuel > *fuel_max) {
        findings.push(format!("it used {} of fuel, over the case's ceiling of {}", grouped(ran.usage.fuel), grouped(fuel_max)));
    }
    findings
}

fn write(file: &Path, case: &Case, ran: &Ran) -> Result<()> {
    let ceiling = match case.fuel_max {
        Some(fuel_max) if ran.usage.fuel <= fuel_max => fuel_max,
        _ => ceiling(ran.usage.fuel),
    };
    paths::write_whole(file, case.with_expectation(&ran.answer, Some(ceiling))?.as_bytes())
}

/// With some room, in whole thousands.
fn ceiling(fuel: u64) -> u64 {
    let room = u128::from(fuel) * u128::from(100 + ROOM_PERCENT) / 100;
    u64::try_from(room.div_ceil(1000) * 1000).unwrap_or(u64::MAX)
}

/// The differing lines of two answers with two lines around them: `-` is expected, `+` was answered.
fn diff(expected: &Answer, answered: &Answer) -> Vec<String> {
    let text = |answer: &Answer| serde_json::to_string_pretty(answer).unwrap_or_default();
    let (expected, answered) = (text(expected), text(answered));
    let diff = TextDiff::from_lines(&expected, &answered);
    let mut lines = vec![format!("{} {}", paint(BAD, "- expected"), paint(GOOD, "+ answered"))];
    for (position, group) in diff.grouped_ops(2).iter().enumerate() {
        if position > 0 {
            lines.push(paint(DIM, "  ⋮"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            lines.push(match change.tag() {
                ChangeTag::Equal => format!("  {}", paint(DIM, line)),
                ChangeTag::Delete => paint(BAD, format!("- {line}")),
                ChangeTag::Insert => paint(GOOD, format!("+ {line}")),
            });
        }
    }
    lines
}

fn tell(report: &Report) -> Vec<String> {
    let word = match &report.verdict {
        Verdict::Ok => paint(GOOD, "ok     "),
        Verdict::Blessed => paint(WARN, "blessed"),
        Verdict::Failed(_) => paint(BAD, "FAILED "),
    };
    let cost = format!("{} of {} fuel, {} µs", grouped(report.fuel), grouped(report.fuel_max), report.elapsed_us);
    let about = report.about.as_ref().map(|about| format!("  {about}")).unwrap_or_default();
    let mut lines = vec![format!("  {word} {}{about}  {}", paint(HEAD, &report.name), paint(DIM, cost))];
    if let Verdict::Failed(findings) = &report.verdict {
        lines.extend(findings.iter().map(|finding| format!("          {finding}")));
    }
    lines
}

fn as_json(report: &Report) -> Value {
    let (verdict, findings): (&str, &[String]) = match &report.verdict {
        Verdict::Ok => ("ok", &[]),
        Verdict::Blessed => ("blessed", &[]),
        Verdict::Failed(findings) => ("failed", findings),
    };
    let findings: Vec<String> = findings.iter().map(|finding| anstream::adapter::strip_str(finding).to_string()).collect();
    json!({"case": report.name, "verdict": verdict, "fuel": report.fuel, "fuel_max": report.fuel_max, "elapsed_us": report.elapsed_us, "findings": findings})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_leave_room_in_round_numbers() {
        assert_eq!(ceiling(0), 0);
        assert_eq!(ceiling(12_000), 15_000);
        assert_eq!(ceiling(12_345), 16_000);
        assert_eq!(ceiling(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_difference_shows_what_differs() {
        let expected = Answer { effects: Some(Vec::new()), ..Answer::default() };
        let answered = Answer { failure: Some("trap".to_owned()), ..Answer::default() };
        let lines: Vec<String> = diff(&expected, &answered).iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert!(lines.contains(&"-   \"effects\": []".to_owned()), "{lines:?}");
        assert!(lines.contains(&"+   \"failure\": \"trap\"".to_owned()), "{lines:?}");
    }
}
