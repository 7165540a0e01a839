//! The programs in the repository's `plugins/` as templates: copied with everything that is theirs, under the author's name, to stand alone.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::new::Lang;
use crate::error::{CliError, Result};
use crate::paths;

/// Path and bytes of the files that a new plugin begins with.
pub type Files = Vec<(String, Vec<u8>)>;

/// A program that can be copied.
pub struct Archetype {
    folder: PathBuf,
    lang: Lang,
}

/// Left behind: what was built or installed, and what a copy makes anew.
const LEFT: [&str; 5] = ["target", "node_modules", "package-lock.json", "Cargo.lock", "Cargo.toml"];

impl Archetype {
    /// The one of that name in the repository, if there is one.
    #[must_use]
    pub fn find(repository: &Path, name: &str) -> Option<Self> {
        let plain = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        let folder = repository.join("plugins").join(name);
        if !plain {
            return None;
        }
        if folder.join("Cargo.toml").is_file() {
            return Some(Self { folder, lang: Lang::Rust });
        }
        let package = folder.join("package.json").is_file();
        let lang = if folder.join("src/index.ts").is_file() { Lang::Ts } else { Lang::Js };
        package.then_some(Self { folder, lang })
    }

    /// The names of all of them.
    #[must_use]
    pub fn names(repository: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(repository.join("plugins")).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| Self::find(repository, name).is_some())
            .collect();
        names.sort();
        names
    }

    /// The language it is written in.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Path and bytes of every file of a copy of that name, which takes the SDK from that path.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn files(&self, name: &str, sdk: &str) -> Result<Files> {
        let mut files = Vec::new();
        self.collect(Path::new(""), &mut files)?;
        if self.lang == Lang::Rust {
            files.push(("Cargo.toml".to_owned(), self.cargo_toml(name, sdk)?.into_bytes()));
            files.push((".gitignore".to_owned(), b"/target\n".to_vec()));
        } else {
            let package = self.package_json(name, sdk)?;
            files.retain(|(path, _)| path != "package.json");
            files.push(("package.json".to_owned(), package.into_bytes()));
            files.push((".gitignore".to_owned(), b"node_modules/\ntarget/\n".to_vec()));
        }
        Ok(files)
    }

    fn collect(&self, below: &Path, files: &mut Files) -> Result<()> {
        let folder = self.folder.join(below);
        let unreadable = |error: std::io::Error| CliError::machine(format!("can't read {}: {error}", folder.display()));
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let path = below.join(&name);
            if LEFT.iter().any(|left| name == *left) || name.to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                self.collect(&path, files)?;
            } else {
                files.push((path.to_string_lossy().replace('\\', "/"), paths::read(&entry.path())?));
            }
        }
        Ok(())
    }

    /// The crate's own `Cargo.toml`, with what it took from the workspace written out.
    fn cargo_toml(&self, name: &str, sdk: &str) -> Result<String> {
        let table = |path: &Path| -> Result<toml::Table> {
            let text = String::from_utf8_lossy(&paths::read(path)?).into_owned();
            text.parse().map_err(|error| CliError::machine(format!("{} can't be read: {error}", path.display())))
        };
        let own = table(&self.folder.join("Cargo.toml"))?;
        let workspace = self.folder.ancestors().nth(2).map(|root| table(&root.join("Cargo.toml"))).transpose()?.unwrap_or_default();
        let shared = |section: &str, key: &str| workspace.get("workspace")?.get(section)?.get(key).cloned();
        let text = |value: Option<toml::Value>| value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();

        let package = own.get("package").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let mut new = toml::Table::new();
        let mut about = toml::Table::new();
        about.insert("name".to_owned(), name.into());
        about.insert("description".to_owned(), text(package.get("description").cloned()).into());
        about.insert("version".to_owned(), "0.1.0".into());
        about.insert("edition".to_owned(), text(shared("package", "edition")).into());
        about.insert("publish".to_owned(), false.into());
        new.insert("package".to_owned(), about.into());
        if let Some(lib) = own.get("lib") {
            new.insert("lib".to_owned(), lib.clone());
        }
        for section in ["dependencies", "dev-dependencies"] {
            let Some(wanted) = own.get(section).and_then(toml::Value::as_table) else { continue };
            let mut written = toml::Table::new();
            for (dependency, value) in wanted {
                let from_workspace = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                let value =
                    if from_workspace { shared("dependencies", dependency).unwrap_or_else(|| value.clone()) } else { value.clone() };
                written.insert(dependency.clone(), value);
            }
            if section == "dependencies" {
                let mut path = toml::Table::new();
                path.insert("path".to_owned(), sdk.into());
                written.insert("coalition-sdk".to_owned(), path.into());
            }
            new.insert(section.to_owned(), written.into());
        }
        toml::to_string(&new).map_err(|error| CliError::machine(format!("Cargo.toml can't be written: {error}")))
    }

    fn package_json(&self, name: &str, sdk: &str) -> Result<String> {
        let mut package: Value = paths::read_json(&self.folder.join("package.json"), "a package")?;
        if let Some(members) = package.as_object_mut() {
            members.insert("name".to_owned(), name.into());
            members.insert("version".to_owned(), "0.1.0".into());
        }
        if let Some(dependencies) = package.pointer_mut("/dependencies").and_then(Value::as_object_mut) {
            dependencies.insert("@coalition/sdk".to_owned(), format!("file:{sdk}").into());
        }
        serde_json::to_string_pretty(&package)
            .map(|text| text + "\n")
            .map_err(|error| CliError::machine(format!("package.json can't be written: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stands_alone() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        assert!(Archetype::names(repository).len() >= 3);
        for name in Archetype::names(repository) {
            let archetype = Archetype::find(repository, &name).unwrap();
            let files = archetype.files("my-own", "/else/where").unwrap();
            let manifest = if archetype.lang() == Lang::Rust { "Cargo.toml" } else { "package.json" };
            let text =
                |path: &str| files.iter().find(|(known, _)| known == path).map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap());
            let text = text(manifest).unwrap();
            assert!(text.contains("my-own") && text.contains("/else/where"), "{name}: {text}");
            assert!(!text.contains("workspace"), "{name}: {text}");
            assert!(files.iter().any(|(path, _)| path.starts_with("src/")), "{name}");
        }
        for wrong in ["", "..", "no-such", "a/b"] {
            assert!(Archetype::find(repository, wrong).is_none(), "{wrong}");
        }
    }
}
