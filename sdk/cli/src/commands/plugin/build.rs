//! `coalition plugin build DIR`: a crate in, a component out that the gateway takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;

use super::cargo::{self, Crate};
use crate::error::{CliError, Exit, Result};
use crate::output::{self, DIM, GOOD, HEAD, paint};
use crate::paths;

/// How often `--watch` looks. A look at a plugin's few files costs less than a millisecond.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// The name that every version of the contract exports its program under; the version follows.
const EXPORT: &[u8] = b"coalition:rules/program@";

/// Build a crate into a component that the gateway takes.
///
/// Installs the target wasm32-unknown-unknown where it is missing. Exit code 1 when the crate does not compile.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The crate's folder.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Where to write the component [default: NAME.wasm in cargo's target folder, DIR/target for a crate that stands alone].
    #[arg(short, long, value_name = "FILE.wasm")]
    output: Option<PathBuf>,
    /// Build again whenever a source file changes, until Ctrl-C.
    #[arg(long, conflicts_with = "json")]
    watch: bool,
    /// Print file, size and digest as JSON.
    #[arg(long)]
    json: bool,
}

/// A component that was built.
#[derive(Clone, Debug, Serialize)]
pub struct Built {
    /// The crate's name.
    pub name: String,
    /// The file it was written to.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of the file, lower-case hex: the digest that the gateway names it by.
    pub digest: String,
    /// The component itself.
    #[serde(skip)]
    pub component: Vec<u8>,
}

/// Builds it, once or for as long as it is watched.
///
/// # Errors
/// When it does not compile, or a tool is missing.
pub fn run(arguments: &Arguments) -> Result {
    if arguments.watch {
        return watch(arguments);
    }
    let started = Instant::now();
    let built = build(&arguments.dir, arguments.output.as_deref(), arguments.json)?;
    if arguments.json {
        output::json(&built);
    } else {
        tell(&built, started.elapsed());
    }
    Ok(Exit::Done)
}

/// Builds the crate in `folder` and writes the component to `file`, or to its default place.
///
/// # Errors
/// When it does not compile, is no component of this contract, or a tool is missing.
pub fn build(folder: &Path, file: Option<&Path>, quiet: bool) -> Result<Built> {
    let the_crate = cargo::inspect(folder)?;
    cargo::ensure_target(&the_crate.folder)?;
    let module = cargo::build(&the_crate, quiet)?;
    let not_a_program = |why: &str| {
        CliError::failed(format!("{} is no program of the rules contract: {why}", the_crate.name))
            .fix("end src/lib.rs with coalition_sdk::export!(YourProgram)")
    };
    let component = coalition_rules::componentize(&paths::read(&module)?).map_err(|error| not_a_program(&error.to_string()))?;
    // A crate that exports nothing becomes an empty component, which is sound and useless.
    if !component.windows(EXPORT.len()).any(|window| window == EXPORT) {
        return Err(not_a_program("it exports none"));
    }
    let file = file.map_or_else(|| default_file(&the_crate), Path::to_owned);
    paths::write_whole(&file, &component)?;
    let bytes = u64::try_from(component.len()).unwrap_or(u64::MAX);
    Ok(Built { name: the_crate.name, file, bytes, digest: digest(&component), component })
}

/// SHA-256 in lower-case hex.
pub fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn default_file(the_crate: &Crate) -> PathBuf {
    the_crate.target_dir.join(format!("{}.wasm", the_crate.name))
}

fn tell(built: &Built, elapsed: Duration) {
    output::line(format!("{} {} {}", paint(GOOD, "Built"), paint(HEAD, &built.name), paint(DIM, format!("in {}", output::span(elapsed)))));
    output::line(format!("File    {}", built.file.display()));
    output::line(format!("Size    {}", output::bytes(built.bytes)));
    output::line(format!("Digest  {}", built.digest));
}

fn watch(arguments: &Arguments) -> Result {
    // A folder that is no crate will not become one by waiting.
    let the_crate = cargo::inspect(&arguments.dir)?;
    cargo::ensure_target(&the_crate.folder)?;
    loop {
        let seen = snapshot(&the_crate.folder);
        let started = Instant::now();
        match build(&arguments.dir, arguments.output.as_deref(), true) {
            Ok(built) => tell(&built, started.elapsed()),
            Err(error) => output::print_error(&error),
        }
        output::note(paint(DIM, format!("Watching {}; Ctrl-C ends it.", the_crate.folder.display())));
        while snapshot(&the_crate.folder) == seen {
            std::thread::sleep(LOOK_EVERY);
        }
        output::note("");
    }
}

/// The sources with the time of their last change; what cargo writes itself is left out.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (u64, SystemTime)> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        // A folder that vanishes meanwhile is a change that the next look sees.
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                if name != "target" && !name.to_string_lossy().starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml" || extension == "json") {
                files.insert(path, (metadata.len(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)));
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn watching_sees_sources_and_not_what_cargo_writes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("src/lib.rs", "one");
        let before = snapshot(folder.path());
        write("target/coalition/x.rs", "cargo's");
        assert_eq!(snapshot(folder.path()), before);
        write("src/deeper/more.rs", "new");
        assert_ne!(snapshot(folder.path()), before);
    }

    #[test]
    fn digests_are_sha_256() {
        assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
