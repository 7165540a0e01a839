//! Asks cargo: what a crate is, whether the wasm target is there, and to build it as a core module with small, fast, sandbox-friendly code.
//!
//! Everything that a good component needs is passed from here, so that an author's `Cargo.toml` needs no profile, no flags
//! and no crate type.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::error::{CliError, Result};
use crate::output;

/// The target that brings no import of its own.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// What a crate says of itself.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// Its folder.
    pub folder: PathBuf,
    /// The root of its workspace; its own folder when it stands alone.
    pub workspace: PathBuf,
    /// Where cargo puts what it builds.
    pub target_dir: PathBuf,
    /// Name and folder of what it takes by path, such as the SDK.
    pub neighbours: Vec<(String, PathBuf)>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// Reads the crate in `folder`.
///
/// # Errors
/// When there is none, it has no library, or cargo is missing.
pub fn inspect(folder: &Path) -> Result<Crate> {
    let manifest = folder.join("Cargo.toml");
    let manifest = std::fs::canonicalize(&manifest).map_err(|error| {
        CliError::usage(format!("{} is no plugin: {} (and no package.json beside it): {error}", folder.display(), manifest.display()))
            .fix("name the folder of a plugin; `coalition plugin new NAME` makes one")
    })?;
    let mut command = cargo(manifest.parent().unwrap_or(folder));
    command.args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"]).arg(&manifest);
    let answer = run(&mut command)?;
    if !answer.status.success() {
        return Err(refused("cargo can't read the crate", &answer));
    }
    let metadata: Metadata =
        serde_json::from_slice(&answer.stdout).map_err(|error| CliError::machine(format!("cargo metadata can't be read: {error}")))?;
    let package = metadata.packages.into_iter().find(|package| package.manifest_path == manifest).ok_or_else(|| {
        CliError::usage(format!("{} names no package", manifest.display())).fix("name the folder of a plugin, not that of a workspace")
    })?;
    let library = |target: &Target| target.kind.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "cdylib" | "dylib"));
    if !package.targets.iter().any(library) {
        return Err(CliError::usage(format!("the crate {} has no library", package.name)).fix("put the rules into src/lib.rs"));
    }
    let folder = manifest.parent().unwrap_or(folder).to_owned();
    let neighbours =
        package.dependencies.into_iter().filter_map(|dependency| dependency.path.map(|path| (dependency.name, path))).collect();
    Ok(Crate {
        name: package.name,
        manifest,
        folder,
        workspace: metadata.workspace_root,
        target_dir: metadata.target_directory,
        neighbours,
    })
}

/// Installs the wasm target where it is missing and rustup can.
///
/// # Errors
/// With exit code 4 and the command to type when it can't be had.
pub fn ensure_target(folder: &Path) -> Result<()> {
    if target_installed(folder)? {
        return Ok(());
    }
    output::note(format!("The target {TARGET} is not installed yet: rustup target add {TARGET}"));
    let missing =
        |why: &str| CliError::machine(format!("the target {TARGET} is not installed{why}")).fix(format!("rustup target add {TARGET}"));
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).stdin(Stdio::null()).status();
    match added {
        Ok(status) if status.success() && target_installed(folder)? => Ok(()),
        Ok(_) => Err(missing(", and rustup could not install it")),
        Err(_) => Err(missing(", and there is no rustup here to install it")
            .fix(format!("install rustup, then: rustup target add {TARGET}; or your distribution's package of that target"))),
    }
}

/// Whether rustc has the target.
///
/// # Errors
/// With exit code 4 when there is no rustc.
pub fn target_installed(folder: &Path) -> Result<bool> {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", TARGET]).current_dir(folder).stdin(Stdio::null());
    let answer = run(&mut command)?;
    let folder = String::from_utf8_lossy(&answer.stdout);
    Ok(answer.status.success() && Path::new(folder.trim()).is_dir())
}

/// Builds the core module; cargo's own messages go to stderr as they come.
///
/// # Errors
/// With exit code 1 when it does not compile.
pub fn build(the_crate: &Crate, quiet: bool) -> Result<PathBuf> {
    let mut command = cargo(&the_crate.folder);
    // A folder of its own: the flags differ from the author's `cargo test`, and neither should throw away the other's work.
    command.args(["rustc", "--lib", "--release", "--crate-type", "cdylib", "--target", TARGET]);
    command.args(["--message-format", "json-render-diagnostics", "--manifest-path"]).arg(&the_crate.manifest);
    command.arg("--target-dir").arg(the_crate.target_dir.join("coalition"));
    for setting in PROFILE {
        command.args(["--config", &format!("profile.release.{setting}")]);
    }
    if quiet {
        command.arg("--quiet");
    }
    // The flags are ours alone: what a developer sets for native builds (a linker, a CPU) does not fit wasm.
    command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", rustflags(the_crate));
    command.stderr(Stdio::inherit());
    let answer = run(&mut command)?;
    if !answer.status.success() {
        return Err(CliError::failed(format!("{} does not compile", the_crate.name)).fix("see the compiler's messages above"));
    }
    artifact(&answer.stdout, &the_crate.manifest).ok_or_else(|| {
        CliError::failed(format!("cargo built {}, but no wasm module came of it", the_crate.name)).fix("put the rules into src/lib.rs")
    })
}

/// Measured on the three templates: level 3 takes a sixth less fuel than level "s" and a quarter more bytes (145 against 111
/// KiB of the 1 MiB that a component may have), so it is 3. Overflow traps, so that a sum that wraps never becomes points.
const PROFILE: [&str; 7] =
    ["opt-level=3", "lto=\"fat\"", "codegen-units=1", "panic=\"abort\"", "overflow-checks=true", "debug=false", "strip=\"symbols\""];

/// A 64 KiB stack in place of 1 MiB: a fresh instance of every decision is a third faster. The path prefixes are replaced,
/// so that the same sources give the same digest in every folder and no user's name travels in a panic's message.
fn rustflags(the_crate: &Crate) -> OsString {
    let mut flags = OsString::from("-Clink-arg=-zstack-size=65536");
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let mut places: Vec<(PathBuf, String)> = home.into_iter().map(|home| (home, "/cargo".to_owned())).collect();
    // The last that fits wins, so the widest goes first.
    places.push((the_crate.workspace.clone(), "/workspace".to_owned()));
    places.extend(the_crate.neighbours.iter().map(|(name, folder)| (folder.clone(), format!("/{name}"))));
    places.push((the_crate.folder.clone(), "/plugin".to_owned()));
    for (from, to) in places {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    }
    flags
}

/// The wasm file among cargo's messages.
fn artifact(messages: &[u8], manifest: &Path) -> Option<PathBuf> {
    let text = String::from_utf8_lossy(messages);
    let mut found = None;
    for message in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let ours = message.get("reason").and_then(Value::as_str) == Some("compiler-artifact")
            && message.get("manifest_path").and_then(Value::as_str).map(Path::new) == Some(manifest);
        if ours {
            let files = message.get("filenames").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let wasm = files
                .iter()
                .filter_map(Value::as_str)
                .find(|file| Path::new(file).extension().is_some_and(|extension| extension == "wasm"));
            found = wasm.map(PathBuf::from).or(found);
        }
    }
    found
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    // The folder decides which toolchain and which cargo configuration is in force.
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| {
        let program = command.get_program().to_string_lossy().into_owned();
        CliError::machine(format!("can't run {program}: {error}")).fix("install Rust with rustup, and have cargo's folder in PATH")
    })
}

fn refused(what: &str, answer: &Output) -> CliError {
    let text = String::from_utf8_lossy(&answer.stderr);
    let mut error = CliError::usage(what);
    error.details = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_among_cargos_messages() {
        let messages = concat!(
            "{\"reason\":\"compiler-artifact\",\"manifest_path\":\"/dep/Cargo.toml\",\"filenames\":[\"/t/dep.wasm\"]}\n",
            "not json\n",
            "{\"reason\":\"compiler-artifact\",\"manifest_path\":\"/p/Cargo.toml\",\"filenames\":[\"/t/p.d\",\"/t/p.wasm\"]}\n",
            "{\"reason\":\"build-finished\",\"success\":true}\n",
        );
        assert_eq!(artifact(messages.as_bytes(), Path::new("/p/Cargo.toml")), Some(PathBuf::from("/t/p.wasm")));
        assert_eq!(artifact(b"", Path::new("/p/Cargo.toml")), None);
    }

    #[test]
    fn a_folder_without_a_crate_is_a_usage_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = inspect(folder.path()).unwrap_err();
        assert_eq!(error.exit, crate::error::Exit::Usage);
        assert!(error.fix.unwrap().contains("plugin new"));
    }
}
