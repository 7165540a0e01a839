//! What lies around a new plugin: a cargo workspace that takes it for a member, or would stumble over it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::sdk_path::Sdk;
use crate::error::Result;
use crate::paths;

/// Makes a crate stand alone where no workspace takes it for a member, with the versions that the SDK was tested with. A workspace whose pattern covers the
/// folder (`plugins/*`) takes it in: two roots, one inside the other, are refused by cargo.
///
/// # Errors
/// When a file can't be written.
pub fn settle_crate(folder: &Path, sdk: &Sdk) -> Result<Option<String>> {
    let manifest = folder.join("Cargo.toml");
    if is_member(folder) {
        return Ok(Some(format!("{} is a member of the cargo workspace around it, and shares its target folder", folder.display())));
    }
    let mut text = String::from_utf8_lossy(&paths::read(&manifest)?).into_owned();
    text.push_str("\n# Stands alone, wherever it lies.\n[workspace]\n");
    paths::write_whole(&manifest, text.as_bytes())?;
    // Cargo drops what a plugin doesn't use.
    if let Some(lock) = sdk.repository().map(|root| root.join("Cargo.lock")).filter(|lock| lock.is_file()) {
        paths::write_whole(&folder.join("Cargo.lock"), &paths::read(&lock)?)?;
    }
    Ok(None)
}

/// Whether cargo, asked about the crate as it is, finds it in a workspace above. Without cargo there is none.
fn is_member(folder: &Path) -> bool {
    let answer = metadata(folder);
    let root = answer.as_ref().and_then(|metadata| metadata.get("workspace_root")).and_then(Value::as_str);
    let canonical = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    root.is_some_and(|root| Path::new(root) != canonical && Path::new(root) != folder)
}

/// A package of npm in a folder that a cargo workspace's pattern covers stops cargo there: it looks for a crate.
#[must_use]
pub fn of_package(folder: &Path) -> Option<String> {
    let workspace = folder.ancestors().skip(1).find(|above| {
        let text = std::fs::read_to_string(above.join("Cargo.toml")).unwrap_or_default();
        text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("workspace"))
    })?;
    if metadata(workspace).is_some() {
        return None;
    }
    let below = folder.strip_prefix(workspace).ok()?;
    Some(format!(
        "cargo takes this folder for a crate of the workspace around it: add exclude = [\"{}\"] below [workspace] in {}",
        below.display(),
        workspace.join("Cargo.toml").display()
    ))
}

fn metadata(folder: &Path) -> Option<Value> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(folder).stdin(Stdio::null());
    let answer = cargo.output().ok().filter(|answer| answer.status.success())?;
    serde_json::from_slice(&answer.stdout).ok()
}
