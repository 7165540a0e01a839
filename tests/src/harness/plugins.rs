//! Rule plugins as components, each built once through the real CLI and again only when something that it is made of has changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use super::binaries::{self, Progress};
use super::lock::Lock;

/// The component of `plugins/NAME` or, for those that misbehave on purpose, `tests/plugins-hostile/NAME`.
pub fn component(name: &str) -> Result<Vec<u8>> {
    let path = build(name)?;
    std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// Builds the component where it is out of date, and answers its path.
pub fn build(name: &str) -> Result<PathBuf> {
    let top = binaries::workspace();
    let folder = ["plugins", "tests/plugins-hostile"].iter().map(|home| top.join(home).join(name)).find(|folder| folder.is_dir());
    let folder = folder.with_context(|| format!("there is no plugin {name}"))?;
    let cli = binaries::cli()?;
    let scratch = binaries::scratch()?;
    let output = scratch.join(format!("{name}.wasm"));
    let _lock = Lock::take(&scratch.join("plugins.lock"))?;
    let sdk = if is_script(&folder) { "sdk/js" } else { "sdk/rust" };
    if !is_current(&output, &[&folder, &top.join(sdk), &top.join("sdk/wit"), &cli])? {
        let mut command = Command::new(&cli);
        command.current_dir(top).args(["plugin", "build"]).arg(&folder).arg("-o").arg(&output).stdin(Stdio::null());
        binaries::forget_own_package(&mut command);
        binaries::run(command, Progress::Quiet).with_context(|| format!("building the plugin {name}"))?;
    }
    Ok(output)
}

/// Whether a plugin is one in JavaScript or TypeScript.
fn is_script(folder: &Path) -> bool {
    folder.join("package.json").is_file()
}

/// Whether plugins in JavaScript can be built here: that takes Node, and the packages that `npm ci` installs. Where it can't, their stories are skipped and said to
/// be; with `CI=true` that is an error.
pub fn can_build_javascript() -> Result<bool> {
    let top = binaries::workspace();
    let node = Command::new("node").arg("--version").stdin(Stdio::null()).output().is_ok_and(|answer| answer.status.success());
    let able = node && top.join("sdk/js/node_modules/esbuild").is_dir() && top.join("plugins/stamp-card-js/node_modules").is_dir();
    if !able && std::env::var_os("CI").is_some_and(|ci| ci == "true") {
        bail!("CI needs Node, and npm ci in sdk/js and in the plugins with a package.json");
    }
    Ok(able)
}

fn is_current(output: &Path, sources: &[&Path]) -> Result<bool> {
    let Ok(built) = std::fs::metadata(output).and_then(|meta| meta.modified()) else { return Ok(false) };
    for source in sources {
        if newest(source)? >= built {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The latest change of a file, or of anything in a folder that is a source.
fn newest(path: &Path) -> Result<SystemTime> {
    let meta = std::fs::metadata(path).with_context(|| format!("looking at {}", path.display()))?;
    if meta.is_file() {
        return Ok(meta.modified()?);
    }
    let mut latest = SystemTime::UNIX_EPOCH;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() != "target" && entry.file_name() != "node_modules" {
            latest = latest.max(newest(&entry.path())?);
        }
    }
    Ok(latest)
}
