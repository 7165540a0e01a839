//! Where the programs under test are: the gateway and the CLI, built once a process, and the folders they work in.
//! With `COALITION_BIN_DIR` set, the binaries found there are taken as they are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

use super::lock::Lock;

/// The workspace's top folder.
pub fn workspace() -> &'static Path {
    static TOP: OnceLock<PathBuf> = OnceLock::new();
    TOP.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.parent().unwrap_or(here).to_path_buf()
    })
}

/// A folder of the tests' own below the target directory, made when missing.
pub fn scratch() -> Result<PathBuf> {
    let path = target_dir()?.join("coalition-tests");
    std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
    Ok(path)
}

/// Cargo's target directory, told from where this very executable lies: `target/PROFILE/[deps/]NAME`.
fn target_dir() -> Result<PathBuf> {
    profile_dir()?.parent().map(Path::to_path_buf).context("the test executable lies outside a target directory")
}

/// `target/debug` or `target/release`, where the binaries beside this executable are.
fn profile_dir() -> Result<PathBuf> {
    let exe = std::env::current_exe().context("asking for the path of the test executable")?;
    let folder = exe.parent().context("the test executable has no folder")?;
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(folder.to_path_buf())
}

/// The gateway's binary.
pub fn gateway() -> Result<PathBuf> {
    find("coalition-gateway")
}

/// The CLI's binary.
pub fn cli() -> Result<PathBuf> {
    find("coalition")
}

fn find(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("COALITION_BIN_DIR") {
        Some(folder) => workspace().join(folder),
        None => built(Progress::Quiet)?,
    };
    let path = folder.join(name);
    if !path.is_file() {
        bail!("{} is missing", path.display());
    }
    Ok(path)
}

/// Whether cargo's own progress is shown while the binaries are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Cargo's progress goes to the terminal.
    Shown,
    /// Only what went wrong is shown.
    Quiet,
}

/// Builds the gateway and the CLI in the profile of this executable, once a process, and answers their folder.
/// The whole workspace's features are chosen (no `-p`), so that nothing is compiled twice beside `cargo test --workspace`.
pub fn built(progress: Progress) -> Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(|| build(progress).map_err(|error| format!("{error:#}"))).clone().map_err(anyhow::Error::msg)
}

fn build(progress: Progress) -> Result<PathBuf> {
    let folder = profile_dir()?;
    let _lock = Lock::take(&scratch()?.join("build.lock"))?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args(["build", "--bin", "coalition-gateway", "--bin", "coalition"]);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    forget_own_package(&mut cargo);
    cargo.env("CARGO_TARGET_DIR", target_dir()?).stdin(Stdio::null());
    run(cargo, progress).context("building the gateway and the CLI")?;
    Ok(folder)
}

/// Takes away what cargo told this very process about its own package. Build scripts that look at it (ring's does) would run again,
/// and with them everything above would be compiled anew, each time that cargo is called from here and then from a terminal.
pub fn forget_own_package(command: &mut Command) {
    const TOLD: [&str; 6] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "CARGO_TARGET_TMPDIR"];
    for (name, _) in std::env::vars_os() {
        if TOLD.iter().any(|beginning| name.to_string_lossy().starts_with(beginning)) {
            command.env_remove(name);
        }
    }
}

/// Runs a program to its end; quiet ones show their output only when they fail.
pub fn run(mut command: Command, progress: Progress) -> Result<Vec<u8>> {
    let shown = format!("{command:?}");
    if progress == Progress::Shown {
        let status = command.status().with_context(|| format!("running {shown}"))?;
        if !status.success() {
            bail!("{shown} ended with {status}");
        }
        return Ok(Vec::new());
    }
    let output = command.output().with_context(|| format!("running {shown}"))?;
    if !output.status.success() {
        bail!(
            "{shown} ended with {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}
