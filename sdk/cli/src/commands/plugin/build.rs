//! `coalition plugin build DIR`: a crate or a package of npm in, a component out that the gateway takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;

use super::source::Source;
use crate::error::{Exit, Result};
use crate::output::{self, DIM, GOOD, HEAD, paint};
use crate::paths;

/// How often `--watch` looks. A look at a plugin's few files costs less than a millisecond.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Build a plugin's folder into a component that the gateway takes.
///
/// A crate is built by cargo, and the target wasm32-unknown-unknown installed where it is missing; a package.json by Node, with the packages that `npm install`
/// has put beside it. Exit code 1 when the rules do not compile.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The plugin's folder: a crate, or a package of npm.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Where to write the component [default: NAME.wasm in cargo's target folder, DIR/target for what stands alone].
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
    /// The crate's or package's name.
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

/// Builds the plugin in `folder` and writes the component to `file`, or to its default place.
///
/// # Errors
/// When it does not compile, is no component of this contract, or a tool is missing.
pub fn build(folder: &Path, file: Option<&Path>, quiet: bool) -> Result<Built> {
    let source = Source::inspect(folder)?;
    let component = source.build(quiet)?;
    let file = file.map_or_else(|| source.default_file(), Path::to_owned);
    paths::write_whole(&file, &component)?;
    let bytes = u64::try_from(component.len()).unwrap_or(u64::MAX);
    Ok(Built { name: source.name().to_owned(), file, bytes, digest: digest(&component), component })
}

/// SHA-256 in lower-case hex.
pub fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tell(built: &Built, elapsed: Duration) {
    output::line(format!("{} {} {}", paint(GOOD, "Built"), paint(HEAD, &built.name), paint(DIM, format!("in {}", output::span(elapsed)))));
    output::line(format!("File    {}", built.file.display()));
    output::line(format!("Size    {}", output::bytes(built.bytes)));
    output::line(format!("Digest  {}", built.digest));
}

fn watch(arguments: &Arguments) -> Result {
    // A folder that is no plugin will not become one by waiting.
    let source = Source::inspect(&arguments.dir)?;
    loop {
        let seen = snapshot(source.folder());
        let started = Instant::now();
        match build(&arguments.dir, arguments.output.as_deref(), true) {
            Ok(built) => tell(&built, started.elapsed()),
            Err(error) => output::print_error(&error),
        }
        output::note(paint(DIM, format!("Watching {}; Ctrl-C ends it.", source.folder().display())));
        while snapshot(source.folder()) == seen {
            std::thread::sleep(LOOK_EVERY);
        }
        output::note("");
    }
}

/// What is read as a source.
const SOURCES: [&str; 7] = ["rs", "toml", "json", "js", "mjs", "ts", "mts"];

/// The sources with the time of their last change; what cargo and npm write themselves is left out.
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
                if name != "target" && name != "node_modules" && !name.to_string_lossy().starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| SOURCES.iter().any(|source| extension == *source)) {
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
        write("node_modules/x/index.js", "npm's");
        assert_eq!(snapshot(folder.path()), before);
        write("src/deeper/more.rs", "new");
        let more = snapshot(folder.path());
        assert_ne!(more, before);
        write("src/rules.ts", "new");
        assert_ne!(snapshot(folder.path()), more);
    }

    #[test]
    fn digests_are_sha_256() {
        assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
