//! Where the SDK lies that a new plugin takes: in the coalition's repository, which is found from here, from this binary, or from where it was built.

use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::new::Lang;
use crate::error::{CliError, Result};

/// The SDK's folder for a language, and how a plugin in `folder` names it.
pub struct Sdk {
    /// The folder.
    pub folder: PathBuf,
    /// Relative inside the SDK's repository, which may be moved as a whole; absolute outside.
    pub named: String,
}

impl Sdk {
    /// The top folder of its repository.
    #[must_use]
    pub fn repository(&self) -> Option<&Path> {
        self.folder.ancestors().nth(2)
    }

    /// Finds it for a plugin in `folder`; `given` is what the author named.
    ///
    /// # Errors
    /// When what was named is not it, or nothing is near.
    pub fn find(lang: Lang, folder: &Path, given: Option<&Path>) -> Result<Self> {
        let sdk = match given {
            Some(path) => named(lang, path)?,
            None => near(lang, folder)?,
        };
        Ok(Self { named: dependency_path(folder, &sdk), folder: sdk })
    }
}

/// Below the repository.
const fn place(lang: Lang) -> &'static str {
    match lang {
        Lang::Rust => "sdk/rust",
        Lang::Js | Lang::Ts => "sdk/js",
    }
}

/// What the author named: the SDK itself, the folder `sdk`, or the repository.
fn named(lang: Lang, path: &Path) -> Result<PathBuf> {
    let whole = absolute(path)?;
    let place = place(lang);
    let below = [whole.clone(), whole.join(place), whole.join(place.trim_start_matches("sdk/"))];
    below.into_iter().find(|folder| is_sdk(lang, folder)).ok_or_else(|| {
        CliError::usage(format!("{} is not the SDK", path.display())).fix(format!("name the folder {place} of the coalition's repository"))
    })
}

/// Above the new folder, above the working folder, above this binary, and where this binary was built.
fn near(lang: Lang, folder: &Path) -> Result<PathBuf> {
    let starts = [
        Some(folder.to_owned()),
        std::env::current_dir().ok(),
        std::env::current_exe().ok(),
        Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))),
    ];
    let place = place(lang);
    let found = starts.iter().flatten().find_map(|start| start.ancestors().map(|above| above.join(place)).find(|sdk| is_sdk(lang, sdk)));
    found.ok_or_else(|| {
        CliError::usage(format!("the SDK ({place} of the coalition's repository) is not near, and no longer where this command was built"))
            .fix("clone the repository, and: coalition plugin new NAME --sdk PATH-OF-THE-CLONE")
    })
}

fn is_sdk(lang: Lang, folder: &Path) -> bool {
    let file = if lang == Lang::Rust { "Cargo.toml" } else { "package.json" };
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    match lang {
        Lang::Rust => text.parse::<toml::Table>().is_ok_and(|table| {
            table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str) == Some("coalition-sdk")
        }),
        Lang::Js | Lang::Ts => {
            serde_json::from_str::<Value>(&text).is_ok_and(|package| package.get("name").and_then(Value::as_str) == Some("@coalition/sdk"))
        }
    }
}

/// The path from the root, without `.` and `..`, whether it exists or not.
///
/// # Errors
/// When it is none.
pub fn absolute(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path).map_err(|error| CliError::usage(format!("{} is no path: {error}", path.display())))?;
    let mut plain = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Ok(plain)
}

fn dependency_path(folder: &Path, sdk: &Path) -> String {
    let below = sdk.ancestors().nth(2).and_then(|root| Some((folder.strip_prefix(root).ok()?, sdk.strip_prefix(root).ok()?)));
    let path = match below {
        Some((below, place)) => below.components().map(|_| Component::ParentDir).collect::<PathBuf>().join(place),
        None => sdk.to_owned(),
    };
    // TOML's basic strings and JSON's read a backslash as an escape.
    path.to_string_lossy().replace('\\', "/").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_is_named_relatively_inside_its_repository_only() {
        let sdk = Path::new("/home/me/coalition/sdk/rust");
        assert_eq!(dependency_path(Path::new("/home/me/coalition/plugins/mine"), sdk), "../../sdk/rust");
        assert_eq!(dependency_path(Path::new("/home/me/mine"), sdk), "/home/me/coalition/sdk/rust");
    }

    #[test]
    fn both_sdks_are_found_from_where_this_was_built() {
        let far = tempfile::tempdir().unwrap();
        for (lang, end) in [(Lang::Rust, "sdk/rust"), (Lang::Js, "sdk/js"), (Lang::Ts, "sdk/js")] {
            let sdk = Sdk::find(lang, far.path(), None).unwrap();
            assert!(sdk.folder.ends_with(end) && Path::new(&sdk.named).is_absolute());
            assert_eq!(Sdk::find(lang, far.path(), sdk.repository()).unwrap().folder, sdk.folder, "by its repository");
            assert!(Sdk::find(lang, far.path(), Some(far.path())).is_err());
        }
    }

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(absolute(Path::new("/a/./b/../c")).unwrap(), PathBuf::from("/a/c"));
    }
}
