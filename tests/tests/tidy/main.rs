//! The order of the house, kept by a test: sizes of files, words, and who may know whom.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod licences;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use coalition_tests::harness::binaries::workspace;
use serde_json::Value;

/// A file is a room with one job; past this many lines it wants a wall.
const FILE_LINES_MAX: usize = 500;
/// A file of data or a picture that is larger does not belong into the tree.
const FILE_BYTES_MAX: u64 = 512 * 1024;

/// Every file of the project, as git knows them; without git, all that is not hidden or built.
fn files() -> Vec<PathBuf> {
    let listed =
        Command::new("git").current_dir(workspace()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).output();
    match listed {
        Ok(listed) if listed.status.success() => {
            let names = String::from_utf8(listed.stdout).expect("names are UTF-8");
            names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).filter(|name| workspace().join(name).is_file()).collect()
        }
        _ => walk(workspace()),
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !(name.starts_with('.') && name != ".ci" && name != ".cargo") {
            found.extend(walk(&path));
        } else if path.is_file() {
            found.push(path.strip_prefix(workspace()).expect("below the top").to_path_buf());
        }
    }
    found
}

fn read(file: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(workspace().join(file)).expect("a file can be read")).ok()
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = files()
        .iter()
        .filter(|file| is_rust(file))
        .filter_map(|file| Some((file, read(file)?.lines().count())))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(file, lines)| format!("{} has {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "over {FILE_LINES_MAX} lines: {long:#?}");
}

#[test]
fn no_file_is_too_large() {
    let large: Vec<PathBuf> =
        files().into_iter().filter(|file| std::fs::metadata(workspace().join(file)).expect("a file").len() > FILE_BYTES_MAX).collect();
    assert!(large.is_empty(), "{large:?}");
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    // A `tests.rs` is for the module whose tests it holds.
    let is_room = |file: &PathBuf| is_rust(file) && !file.ends_with("tests.rs");
    let silent: Vec<PathBuf> =
        files().into_iter().filter(is_room).filter(|file| read(file).is_some_and(|text| !text.starts_with("//!"))).collect();
    assert!(silent.is_empty(), "no header comment: {silent:#?}");
}

#[test]
fn nothing_is_left_open() {
    // Put together here, so that this file does not name them itself.
    let forbidden: Vec<String> = [("to", "do!("), ("unimplem", "ented!("), ("FIX", "ME"), ("HA", "CK"), ("TO", "DO"), ("db", "g!(")]
        .iter()
        .map(|(head, tail)| format!("{head}{tail}"))
        .collect();
    let mut found = Vec::new();
    for file in files()
        .into_iter()
        .filter(|file| is_rust(file) || file.extension().is_some_and(|extension| extension == "wit" || extension == "md"))
    {
        let text = read(&file).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            if forbidden.iter().any(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn paths_of_one_machine_are_not_written_down() {
    let here = [("/wo", "rk/"), ("/ro", "ot/")].map(|(head, tail)| format!("{head}{tail}"));
    let texts = files().into_iter().filter(|file| !file.ends_with("Cargo.lock")).filter_map(|file| Some((read(&file)?, file)));
    let found: Vec<PathBuf> =
        texts.filter(|(text, _)| here.iter().any(|path| text.contains(path.as_str()))).map(|(_, file)| file).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// The packages of the workspace with those of the workspace that they depend on, tests left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let answer = cargo.current_dir(workspace()).args(["metadata", "--format-version", "1", "--no-deps"]).output().expect("cargo runs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let all = package["dependencies"].as_array().expect("dependencies").iter();
            let shipped = all.filter(|dependency| dependency["kind"] != "dev").map(|dependency| text(&dependency["name"]));
            (text(&package["name"]), shipped.collect())
        })
        .collect()
}

#[test]
fn who_knows_whom_goes_one_way() {
    let allowed: [(&str, &[&str]); 9] = [
        ("coalition-domain", &[]),
        ("coalition-migrations", &[]),
        ("coalition-sdk", &[]),
        ("coalition-rules", &["coalition-domain"]),
        ("coalition-store", &["coalition-domain", "coalition-migrations"]),
        ("coalition-app", &["coalition-domain", "coalition-rules", "coalition-store"]),
        ("coalition-http", &["coalition-app", "coalition-domain", "coalition-rules"]),
        (
            "coalition-gateway",
            &["coalition-http", "coalition-app", "coalition-rules", "coalition-store", "coalition-domain", "coalition-migrations"],
        ),
        ("coalition-cli", &["coalition-domain", "coalition-rules"]),
    ];
    let all = dependencies();
    for (name, may) in allowed {
        let known = all.get(name).unwrap_or_else(|| panic!("{name} is no package of the workspace"));
        let ours: BTreeSet<&String> = known.iter().filter(|name| all.contains_key(*name)).collect();
        let beyond: Vec<&&String> = ours.iter().filter(|name| !may.contains(&name.as_str())).collect();
        assert!(beyond.is_empty(), "{name} must not know {beyond:?}");
    }
    let is_plugin = |name: &str| workspace().join("plugins").join(name).is_dir();
    for (name, known) in all.iter().filter(|(name, _)| is_plugin(name)) {
        let ours: Vec<&String> = known.iter().filter(|name| all.contains_key(*name)).collect();
        assert!(ours.iter().all(|name| *name == "coalition-sdk"), "the plugin {name} must know the SDK only, not {ours:?}");
    }
}

#[test]
fn only_the_store_speaks_sql() {
    let may = ["coalition-store", "coalition-migrations", "coalition-tests"];
    for (name, known) in dependencies() {
        let is_sql = |name: &&String| ["sea-orm", "sea-orm-migration", "sea-query", "sqlx", "rusqlite"].contains(&name.as_str());
        let sql: Vec<&String> = known.iter().filter(is_sql).collect();
        assert!(sql.is_empty() || may.contains(&name.as_str()), "{name} must not name {sql:?}");
    }
}

#[test]
fn the_domain_is_pure() {
    let known = &dependencies()["coalition-domain"];
    for impure in ["tokio", "sea-orm", "actix-web", "wasmtime", "reqwest", "tracing"] {
        assert!(!known.contains(impure), "the domain must not know {impure}");
    }
}
