//! A plugin's folder, in whichever language: a crate that cargo builds, or a package of npm that Node builds.

use std::path::{Path, PathBuf};

use super::cargo::{self, Crate};
use super::node::{self, Package};
use crate::error::{CliError, Result};
use crate::{output, paths};

/// The name that every version of the contract exports its program under; the version follows.
const EXPORT: &[u8] = b"coalition:rules/program@";

/// What is to be built.
#[derive(Debug)]
pub enum Source {
    /// Rust.
    Crate(Crate),
    /// JavaScript or TypeScript.
    Package(Package),
}

impl Source {
    /// Reads the folder.
    ///
    /// # Errors
    /// When it is neither, or cargo is missing.
    pub fn inspect(folder: &Path) -> Result<Self> {
        if node::is_package(folder) { node::inspect(folder).map(Self::Package) } else { cargo::inspect(folder).map(Self::Crate) }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Crate(the_crate) => &the_crate.name,
            Self::Package(package) => &package.name,
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Crate(the_crate) => &the_crate.folder,
            Self::Package(package) => &package.folder,
        }
    }

    /// Where its component goes when nobody says.
    #[must_use]
    pub fn default_file(&self) -> PathBuf {
        let target = match self {
            Self::Crate(the_crate) => the_crate.target_dir.clone(),
            Self::Package(package) => package.folder.join("target"),
        };
        target.join(format!("{}.wasm", self.name()))
    }

    /// Builds it into a component.
    ///
    /// # Errors
    /// When it does not compile, is no program of the contract, or a tool is missing.
    pub fn build(&self, quiet: bool) -> Result<Vec<u8>> {
        match self {
            Self::Crate(the_crate) => component(the_crate, quiet),
            Self::Package(package) => node::build(package),
        }
    }
}

fn component(the_crate: &Crate, quiet: bool) -> Result<Vec<u8>> {
    cargo::ensure_target(&the_crate.folder)?;
    // Where cargo is told to be quiet, somebody else has to say that there is work going on.
    let spinner = quiet.then(|| output::spinner(format!("Building {}", the_crate.name)));
    let module = cargo::build(the_crate, quiet);
    spinner.inspect(indicatif::ProgressBar::finish_and_clear);
    let module = module?;
    let not_a_program = |why: &str| {
        CliError::failed(format!("{} is no program of the rules contract: {why}", the_crate.name))
            .fix("end src/lib.rs with coalition_sdk::export!(YourProgram)")
    };
    let component = coalition_rules::componentize(&paths::read(&module)?).map_err(|error| not_a_program(&error.to_string()))?;
    // A crate that exports nothing becomes an empty component, which is sound and useless.
    if component.windows(EXPORT.len()).any(|window| window == EXPORT) { Ok(component) } else { Err(not_a_program("it exports none")) }
}
