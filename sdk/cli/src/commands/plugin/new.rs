//! `coalition plugin new NAME`: a plugin that builds, with unit tests, cases and a README, independent of any workspace around it.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::archetype::{Archetype, Files};
use super::scaffold::TEMPLATES;
use super::sdk_path::{Sdk, absolute};
use super::surroundings;
use crate::error::{CliError, Exit, Result};
use crate::output::{self, DIM, GOOD, HEAD, TYPE, paint};
use crate::paths;

/// A crate's name no longer than what the manifest's name may have.
const NAME_CHARS_MAX: usize = 64;

/// Start a plugin from a template: it builds, with tests and cases.
///
/// Three small templates are there in every language: points-per-spend, stamp-card, tiers. Every program in the repository's plugins/ is one too, in the
/// language it is written in; those are larger, with settings and texts in several languages.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The plugin's name, or a path that ends in it: lower-case letters, digits and hyphens.
    name: PathBuf,
    /// The language of the rules [default: rust, or that of the template].
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// What kind of program to start from [default: points-per-spend].
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// The coalition's repository, or the SDK in it; found by itself near here, and from where this command was built.
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
    /// Print name, folder, language and template as JSON.
    #[arg(long)]
    json: bool,
}

/// What rules are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Rust: a component of 150 KB, a decision of some 20 µs.
    Rust,
    /// JavaScript: needs only Node and npm; a component of 12 MB, a decision of some milliseconds.
    Js,
    /// TypeScript: the same with types.
    Ts,
}

impl Lang {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Js => "js",
            Self::Ts => "ts",
        }
    }
}

/// Writes the plugin.
///
/// # Errors
/// When the name or the folder is taken, the template is none, or the SDK can't be found.
pub fn run(arguments: &Arguments) -> Result {
    let name = name_of(&arguments.name)?;
    let folder = absolute(&arguments.name)?;
    if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        return Err(CliError::usage(format!("{} is there already", folder.display())).fix("choose another name, or remove it"));
    }
    let (lang, sdk, files) = files(arguments, &name, &folder)?;
    for (file, bytes) in files {
        paths::write_whole(&folder.join(file), &bytes)?;
    }
    let hint = match lang {
        Lang::Rust => surroundings::settle_crate(&folder, &sdk)?,
        Lang::Js | Lang::Ts => surroundings::of_package(&folder),
    };
    if arguments.json {
        output::json(&json!({"name": name, "folder": folder, "lang": lang.as_str(), "sdk": sdk.folder, "hint": hint}));
        return Ok(Exit::Done);
    }
    let shown = arguments.name.display();
    output::line(format!("{} {} in {}", paint(GOOD, "Created"), paint(HEAD, &name), folder.display()));
    let rules = match lang {
        Lang::Rust => "src/lib.rs",
        Lang::Js => "src/index.js",
        Lang::Ts => "src/index.ts",
    };
    output::line(format!("{}   {rules}: the rules; README.md: what is where", paint(DIM, "read ")));
    if lang != Lang::Rust {
        if !sdk.folder.join("node_modules/esbuild").is_dir() {
            output::line(format!("{}   {}", paint(DIM, "once "), paint(TYPE, format!("npm ci --prefix {}", sdk.folder.display()))));
        }
        output::line(format!("{}   {}", paint(DIM, "first"), paint(TYPE, format!("npm install --prefix {shown}"))));
    }
    output::line(format!("{}   {}", paint(DIM, "next "), paint(TYPE, format!("coalition plugin test {shown}"))));
    output::line(format!("{}   {}", paint(DIM, "then "), paint(TYPE, format!("coalition plugin build {shown} -o {name}.wasm"))));
    if let Some(hint) = hint {
        output::warn(hint);
    }
    Ok(Exit::Done)
}

/// What to write, in which language, with which SDK.
fn files(arguments: &Arguments, name: &str, folder: &Path) -> Result<(Lang, Sdk, Files)> {
    let find = |lang| Sdk::find(lang, folder, arguments.sdk.as_deref());
    let wanted = arguments.template.as_deref();
    let built_in = TEMPLATES.iter().find(|template| wanted.is_none_or(|wanted| wanted == template.name));
    if let Some(template) = built_in {
        let lang = arguments.lang.unwrap_or(Lang::Rust);
        let sdk = find(lang)?;
        let files = template.files(lang, name, &sdk.named).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        return Ok((lang, sdk, files));
    }
    let wanted = wanted.unwrap_or_default();
    let sdk = find(arguments.lang.unwrap_or(Lang::Rust))?;
    let repository = sdk.repository().map(Path::to_owned).unwrap_or_default();
    let Some(archetype) = Archetype::find(&repository, wanted) else {
        let mut error = CliError::usage(format!("there is no template {wanted:?}"));
        error.details = TEMPLATES.iter().map(|template| format!("{}: {}", template.name, template.description)).collect();
        error.details.extend(Archetype::names(&repository).into_iter().filter(|name| TEMPLATES.iter().all(|known| known.name != name)));
        return Err(error.fix("choose one of these"));
    };
    let lang = archetype.lang();
    if arguments.lang.is_some_and(|asked| asked != lang) {
        return Err(CliError::usage(format!("the template {wanted} is written in another language"))
            .fix(format!("coalition plugin new {name} --template {wanted} --lang {}", lang.as_str())));
    }
    let sdk = find(lang)?;
    let files = archetype.files(name, &sdk.named)?;
    Ok((lang, sdk, files))
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
}
