//! `coalition doctor`: what this machine has of what rules in Rust, JavaScript and TypeScript need, and the command that mends what it lacks.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;

use super::plugin::{self, Lang, Sdk};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, BAD, DIM, GOOD, HEAD, TYPE, WARN, paint};
use crate::{paths, profile, sandbox};

/// The oldest Rust that the SDK builds with.
const RUST_MIN: (u32, u32) = (1, 95);

/// Find what is missing on this machine, and say the command that mends it.
///
/// Rules in Rust need Rust and its wasm target, those in JavaScript and TypeScript Node and npm. Exit code 4 when rules can be built in neither, or the sandbox
/// can't run here.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// What.
    name: &'static str,
    /// For which language; none: for all.
    #[serde(rename = "for")]
    needed_for: Option<&'static str>,
    ok: bool,
    /// What was found, or what is wrong.
    detail: String,
    /// The command that mends it.
    fix: Option<String>,
}

const RUST: Option<&str> = Some("rust");
const JS: Option<&str> = Some("js");

/// Looks.
///
/// # Errors
/// Never; what is missing is a finding.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let findings = vec![
        finding("rust", RUST, rust()),
        finding("wasm target", RUST, wasm_target()),
        finding("sdk/rust", RUST, Sdk::find(Lang::Rust, Path::new("/"), None).map(|sdk| sdk.folder.display().to_string())),
        finding("node", JS, node()),
        finding(
            "npm",
            JS,
            tool("npm", "install it with Node, from https://nodejs.org, or: apt install npm").map(|text| format!("npm {text}")),
        ),
        finding("sdk/js", JS, sdk_js()),
        finding("sandbox", None, sandbox::start().map(|_| "starts, with the limits of production".to_owned())),
        finding("cache", None, cache()),
        finding("gateway", None, gateway(profile)),
    ];
    let works = |needed_for| findings.iter().filter(|found| found.needed_for == needed_for).all(|found| found.ok);
    let sandboxed = findings.iter().any(|found| found.name == "sandbox" && found.ok);
    let (in_rust, in_js) = (works(RUST), works(JS));
    if arguments.json {
        output::json(&serde_json::json!({"rust": in_rust, "js": in_js, "sandbox": sandboxed, "findings": findings}));
    } else {
        findings.iter().flat_map(tell).for_each(output::line);
        let say =
            |language: &str, can| if can { paint(GOOD, format!("{language}: ready")) } else { paint(WARN, format!("{language}: not yet")) };
        output::line(format!("{}  {}", say("Rust", in_rust), say("JavaScript and TypeScript", in_js)));
    }
    Ok(if sandboxed && (in_rust || in_js) { Exit::Done } else { Exit::Machine })
}

fn finding(name: &'static str, needed_for: Option<&'static str>, looked: Result<String>) -> Finding {
    match looked {
        Ok(detail) => Finding { name, needed_for, ok: true, detail, fix: None },
        Err(error) => Finding { name, needed_for, ok: false, detail: error.message, fix: error.fix },
    }
}

fn tell(finding: &Finding) -> Vec<String> {
    let word = if finding.ok { paint(GOOD, "ok     ") } else { paint(BAD, "missing") };
    let mut lines = vec![format!("{word}  {}  {}", paint(HEAD, format!("{:<11}", finding.name)), paint(DIM, &finding.detail))];
    lines.extend(finding.fix.as_ref().map(|fix| format!("         {:<11}  {} {fix}", "", paint(TYPE, "fix:"))));
    lines
}

/// The version that a tool says, without its name.
fn tool(name: &str, fix: &str) -> Result<String> {
    let answer = Command::new(name).arg("--version").stdin(Stdio::null()).output();
    let missing = || CliError::machine(format!("{name} is not installed, or not in PATH")).fix(fix);
    let answer = answer.map_err(|_| missing())?;
    let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if answer.status.success() { Ok(text.strip_prefix(name).unwrap_or(&text).trim().to_owned()) } else { Err(missing()) }
}

fn rust() -> Result<String> {
    const FIX: &str = "install rustup from https://rustup.rs, then: rustup toolchain install stable";
    tool("cargo", FIX)?;
    let version = tool("rustc", FIX)?;
    let mut numbers = version.split(['.', ' ', '-']).map_while(|part| part.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= RUST_MIN => Ok(version),
        _ => {
            let (major, minor) = RUST_MIN;
            Err(CliError::machine(format!("Rust {version} is too old: {major}.{minor} is the oldest that will do"))
                .fix("rustup update stable"))
        }
    }
}

fn wasm_target() -> Result<String> {
    let fix = format!("rustup target add {}", plugin::TARGET);
    let here = std::env::current_dir().unwrap_or_default();
    match plugin::target_installed(&here) {
        Ok(true) => Ok(plugin::TARGET.to_owned()),
        Ok(false) => Err(CliError::machine(format!("{} is not installed", plugin::TARGET)).fix(fix)),
        Err(error) => Err(error),
    }
}

fn node() -> Result<String> {
    let ((major, minor), (least, least_minor)) = (plugin::node_version()?, plugin::NODE_MIN);
    if (major, minor) >= (least, least_minor) {
        return Ok(format!("{major}.{minor}"));
    }
    Err(CliError::machine(format!("Node {major}.{minor} is too old: {least}.{least_minor} is the oldest that will do"))
        .fix("install a newer one from https://nodejs.org, or with your distribution's packages"))
}

fn sdk_js() -> Result<String> {
    let sdk = Sdk::find(Lang::Js, Path::new("/"), None)?;
    plugin::installed_beside(&sdk.folder)?;
    Ok(sdk.folder.display().to_string())
}

fn cache() -> Result<String> {
    let folder = paths::cache_dir()?;
    paths::create_private_dir(&folder)?;
    Ok(folder.display().to_string())
}

/// Not needed to write rules; whoever has a profile wants to know that it works.
fn gateway(name: Option<&str>) -> Result<String> {
    let profile = profile::resolve(name)?;
    let gateway = crate::client::Gateway::new(profile)?;
    crate::client::runtime()?.block_on(gateway.sign_in())?;
    Ok(format!("{} knows these credentials", gateway.url()))
}
