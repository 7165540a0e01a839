//! `coalition plugin new NAME`: a crate that builds, with unit tests, cases and a README, independent of any workspace around it.

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use super::scaffold::{self, Template};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, DIM, GOOD, HEAD, paint};
use crate::paths;

/// A crate's name no longer than what the manifest's name may have.
const NAME_CHARS_MAX: usize = 64;

/// Start a plugin from a template: a crate that builds, with tests and cases.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The plugin's name, or a path that ends in it: lower-case letters, digits and hyphens.
    name: PathBuf,
    /// The language of the rules.
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    /// What kind of program to start from.
    #[arg(long, value_enum, default_value_t)]
    template: Archetype,
    /// The folder of the crate coalition-sdk; found by itself inside and near the coalition's repository.
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// Rust.
    #[default]
    Rust,
    /// JavaScript: not yet.
    Js,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Archetype {
    /// Points for money spent, double on chosen goods.
    #[default]
    PointsPerSpend,
    /// The tenth coffee is free.
    StampCard,
    /// Bronze, silver, gold.
    Tiers,
}

impl Archetype {
    const fn template(self) -> Template {
        match self {
            Self::PointsPerSpend => scaffold::POINTS_PER_SPEND,
            Self::StampCard => scaffold::STAMP_CARD,
            Self::Tiers => scaffold::TIERS,
        }
    }
}

/// Writes the crate.
///
/// # Errors
/// When the name or the folder is taken, or the SDK can't be found.
pub fn run(arguments: &Arguments) -> Result {
    if arguments.lang == Lang::Js {
        return Err(CliError::usage("plugins in JavaScript can't be started yet: the SDK for them is not part of this version")
            .fix("coalition plugin new NAME --lang rust"));
    }
    let name = name_of(&arguments.name)?;
    let folder = absolute(&arguments.name)?;
    if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(CliError::usage(format!("{} is there already", folder.display())).fix("choose another name, or remove it"));
    }
    let sdk = match &arguments.sdk {
        Some(path) => {
            let sdk = absolute(path)?;
            is_sdk(&sdk).then_some(sdk).ok_or_else(|| {
                CliError::usage(format!("{} is not the crate coalition-sdk", path.display()))
                    .fix("name the folder sdk/rust of the coalition's repository")
            })?
        }
        None => find_sdk(&folder)?,
    };
    let path = dependency_path(&folder, &sdk);
    for (file, text) in arguments.template.template().files(&name, &path) {
        paths::write_whole(&folder.join(file), text.as_bytes())?;
    }
    // Starts from the versions that the SDK was tested with; cargo drops what a plugin doesn't use.
    if let Some(lock) = sdk.ancestors().nth(2).map(|root| root.join("Cargo.lock")).filter(|lock| lock.is_file()) {
        paths::write_whole(&folder.join("Cargo.lock"), &paths::read(&lock)?)?;
    }

    let shown = arguments.name.display();
    output::line(format!("{} {} in {}", paint(GOOD, "Created"), paint(HEAD, &name), folder.display()));
    output::line(format!("{}   src/lib.rs: the rules", paint(DIM, "read ")));
    output::line(format!("{}   coalition plugin test {shown}", paint(DIM, "next ")));
    output::line(format!("{}   coalition plugin build {shown} -o {name}.wasm", paint(DIM, "then ")));
    Ok(Exit::Done)
}

fn name_of(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let right = name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.chars().count() <= NAME_CHARS_MAX
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
        && !name.ends_with('-');
    if !right {
        return Err(CliError::usage(format!("{name:?} is no name for a plugin"))
            .fix("lower-case letters, digits and hyphens, starting with a letter: corner-bakery"));
    }
    // Names that rustc or cargo keep for themselves.
    if matches!(name, "test" | "core" | "std" | "alloc" | "proc-macro" | "build" | "deps" | "examples" | "incremental" | "coalition-sdk") {
        return Err(CliError::usage(format!("the name {name} is taken by Rust itself")).fix(format!("{name}-rules, for example")));
    }
    Ok(name.to_owned())
}

/// The path from the root, without `.` and `..`, whether it exists or not.
fn absolute(path: &Path) -> Result<PathBuf> {
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

/// Above the new folder, above the working folder, above this binary, and where this binary was built.
fn find_sdk(folder: &Path) -> Result<PathBuf> {
    let starts = [
        Some(folder.to_owned()),
        std::env::current_dir().ok(),
        std::env::current_exe().ok(),
        Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))),
    ];
    let found = starts.iter().flatten().find_map(|start| start.ancestors().map(|above| above.join("sdk/rust")).find(|sdk| is_sdk(sdk)));
    found.ok_or_else(|| {
        CliError::usage("the crate coalition-sdk is not near")
            .fix("coalition plugin new NAME --sdk PATH, where PATH is the folder sdk/rust of the coalition's repository")
    })
}

fn is_sdk(folder: &Path) -> bool {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    text.parse::<toml::Table>().is_ok_and(|table| {
        table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str) == Some("coalition-sdk")
    })
}

/// Relative inside the SDK's repository, which may be moved as a whole; absolute outside.
fn dependency_path(folder: &Path, sdk: &Path) -> String {
    let root = sdk.ancestors().nth(2);
    let path = match root.and_then(|root| folder.strip_prefix(root).ok()) {
        Some(below) => below.components().map(|_| Component::ParentDir).collect::<PathBuf>().join("sdk/rust"),
        None => sdk.to_owned(),
    };
    // TOML's basic strings read a backslash as an escape.
    path.to_string_lossy().replace('\\', "/").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_crates() {
        assert_eq!(name_of(Path::new("../shops/corner-bakery2")).unwrap(), "corner-bakery2");
        for wrong in ["", "..", "Bakery", "2go", "a_b", "x/", "bakery-", "bäckerei", "test", "core"] {
            let error = name_of(Path::new(wrong));
            assert_eq!(error.is_ok(), wrong == "x/", "{wrong}");
        }
    }

    #[test]
    fn the_sdk_is_named_relatively_inside_its_repository_only() {
        let sdk = Path::new("/home/me/coalition/sdk/rust");
        assert_eq!(dependency_path(Path::new("/home/me/coalition/plugins/mine"), sdk), "../../sdk/rust");
        assert_eq!(dependency_path(Path::new("/home/me/mine"), sdk), "/home/me/coalition/sdk/rust");
    }

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(absolute(Path::new("/a/./b/../c")).unwrap(), PathBuf::from("/a/c"));
    }
}
