//! Asks Node for a plugin in JavaScript or TypeScript: what the package is, and to build it. The work is done by the SDK in `sdk/js`; this file finds it, and says
//! what is missing and which command mends it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use crate::error::{CliError, Result};
use crate::{output, paths};

/// The oldest Node that the SDK is built for.
pub const NODE_MIN: (u32, u32) = (18, 19);

/// Where npm puts the SDK, below the package's folder or one above it.
const SDK: &str = "node_modules/@coalition/sdk";

/// What a package says of itself.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name, without a scope.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
}

/// What the SDK says when it fails.
#[derive(Deserialize)]
struct Refused {
    message: String,
    details: Vec<String>,
    fix: Option<String>,
}

/// Whether the folder is a package of npm, and no crate.
#[must_use]
pub fn is_package(folder: &Path) -> bool {
    folder.join("package.json").is_file() && !folder.join("Cargo.toml").is_file()
}

/// Reads the package in `folder`.
///
/// # Errors
/// When its `package.json` can't be read or names nothing.
pub fn inspect(folder: &Path) -> Result<Package> {
    let manifest: Manifest = paths::read_json(&folder.join("package.json"), "a package with a name")?;
    let name = manifest.name.rsplit('/').next().unwrap_or_default().to_owned();
    if name.is_empty() || name.starts_with('.') || name.contains('\\') {
        return Err(CliError::usage(format!("{:?} is no name for a plugin", manifest.name)).fix("lower-case letters, digits and hyphens"));
    }
    let folder = std::fs::canonicalize(folder).map_err(|error| CliError::usage(format!("can't read {}: {error}", folder.display())))?;
    Ok(Package { name, folder })
}

/// Builds the package into a component.
///
/// # Errors
/// With exit code 1 when the rules are wrong, 4 when Node or a package is missing.
pub fn build(package: &Package) -> Result<Vec<u8>> {
    let version = version()?;
    if version < NODE_MIN {
        let (major, minor) = NODE_MIN;
        return Err(CliError::machine(format!("Node {}.{} is too old: {major}.{minor} is the oldest that will do", version.0, version.1))
            .fix("install a newer one from https://nodejs.org, or with your distribution's packages"));
    }
    let sdk = sdk(&package.folder)?;
    let folder = tempfile::tempdir().map_err(|error| CliError::machine(format!("can't make a temporary folder: {error}")))?;
    let file = folder.path().join("component.wasm");
    let spinner = output::spinner(format!("Building {}", package.name));
    let mut command = node();
    command.arg(sdk.join("tools/main.js")).arg("build").arg(&package.folder).arg(&file).stderr(Stdio::piped());
    let answer = run(&mut command);
    spinner.finish_and_clear();
    let answer = answer?;
    if answer.status.success() { paths::read(&file) } else { Err(refused(&package.name, &answer)) }
}

/// The version of Node, as major and minor.
///
/// # Errors
/// With exit code 4 when there is none.
pub fn version() -> Result<(u32, u32)> {
    let answer = run(node().arg("--version"))?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let mut numbers = text.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) => Ok((major, minor)),
        _ => Err(CliError::machine(format!("node --version says {:?}", text.trim()))),
    }
}

/// The SDK of the package in `folder`, where Node itself would find it.
///
/// # Errors
/// With exit code 4 and the command that installs it.
pub fn sdk(folder: &Path) -> Result<PathBuf> {
    let found = folder.ancestors().map(|above| above.join(SDK)).find(|sdk| sdk.join("package.json").is_file());
    let Some(sdk) = found else {
        return Err(CliError::machine(format!("@coalition/sdk is not installed in {}", folder.display()))
            .fix(format!("npm install --prefix {}", folder.display())));
    };
    let sdk = std::fs::canonicalize(&sdk).unwrap_or(sdk);
    installed_beside(&sdk)?;
    Ok(sdk)
}

/// That the SDK has the packages that it needs itself.
///
/// # Errors
/// With exit code 4 and the command that installs them.
pub fn installed_beside(sdk: &Path) -> Result<()> {
    let has = |package: &str| sdk.ancestors().any(|above| above.join("node_modules").join(package).is_dir());
    match ["esbuild", "@bytecodealliance/componentize-js"].into_iter().find(|package| !has(package)) {
        None => Ok(()),
        Some(package) => Err(CliError::machine(format!("the SDK in {} lacks its own package {package}", sdk.display()))
            .fix(format!("npm ci --prefix {}", sdk.display()))),
    }
}

fn node() -> Command {
    let mut command = Command::new("node");
    command.stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| {
        let what = if error.kind() == ErrorKind::NotFound { "Node is not installed" } else { "Node can't be run" };
        CliError::machine(format!("{what}: {error}"))
            .fix("install it from https://nodejs.org, or with your distribution's packages (apt install nodejs npm)")
    })
}

/// What the SDK said in JSON on its last line; else everything that Node said.
fn refused(name: &str, answer: &Output) -> CliError {
    let text = String::from_utf8_lossy(&answer.stderr);
    let said = text.lines().rev().find_map(|line| serde_json::from_str::<Refused>(line).ok());
    let (message, details, fix) = match said {
        Some(said) => (said.message, said.details, said.fix),
        None => ("Node failed".to_owned(), text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(), None),
    };
    let message = format!("{name}: {message}");
    let mut error = if answer.status.code() == Some(4) { CliError::machine(message) } else { CliError::failed(message) };
    error.details = details;
    error.fix = fix;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_the_command_that_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let error = sdk(folder.path()).unwrap_err();
        assert_eq!(error.exit, crate::error::Exit::Machine);
        assert!(error.fix.unwrap().starts_with("npm install --prefix"));
        let installed = folder.path().join(SDK);
        std::fs::create_dir_all(&installed).unwrap();
        std::fs::write(installed.join("package.json"), "{}").unwrap();
        assert!(sdk(folder.path()).unwrap_err().message.contains("esbuild"));
        for package in ["esbuild", "@bytecodealliance/componentize-js"] {
            std::fs::create_dir_all(installed.join("node_modules").join(package)).unwrap();
        }
        assert!(sdk(&folder.path().join("src")).is_ok(), "found from below, as Node does");
    }

    #[test]
    fn a_scoped_name_loses_its_scope() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("package.json"), r#"{"name": "@bakery/rules"}"#).unwrap();
        assert!(is_package(folder.path()));
        assert_eq!(inspect(folder.path()).unwrap().name, "rules");
        std::fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        assert!(!is_package(folder.path()), "a crate may have a package beside it");
    }
}
