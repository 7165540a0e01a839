//! Rule plugins as components, each built once through the real CLI and again only when something that it is made of has changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, Result};

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
    if !is_current(&output, &[&folder, &top.join("sdk/rust"), &top.join("sdk/wit"), &cli])? {
        let mut command = Command::new(&cli);
        command.current_dir(top).args(["plugin", "build"]).arg(&folder).arg("-o").arg(&output).stdin(Stdio::null());
        binaries::forget_own_package(&mut command);
        binaries::run(command, Progress::Quiet).with_context(|| format!("building the plugin {name}"))?;
    }
    Ok(output)
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
        if entry.file_name() != "target" {
            latest = latest.max(newest(&entry.path())?);
        }
    }
    Ok(latest)
}
