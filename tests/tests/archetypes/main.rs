//! Every program under `plugins/`, as its README promises it: built as a component through the real CLI, and asked its cases in the sandbox of production. The
//! components are those that the stories over HTTP use, each built once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use coalition_tests::harness::{binaries, plugins};
use serde_json::Value;

/// Fewer don't show a program's edges.
const CASES_MIN: usize = 5;

/// The crates under `plugins/`, by name.
fn archetypes() -> Vec<(String, PathBuf)> {
    let folders = std::fs::read_dir(binaries::workspace().join("plugins")).unwrap().map(|entry| entry.unwrap().path());
    let name = |folder: &Path| folder.file_name().unwrap().to_string_lossy().into_owned();
    let mut found: Vec<_> = folders.filter(|folder| folder.join("Cargo.toml").is_file()).map(|folder| (name(&folder), folder)).collect();
    found.sort();
    found
}

/// Each case has what is expected and the most fuel it may use, and the sandbox answers so within it.
#[test]
fn every_case_of_every_archetype_passes() {
    let archetypes = archetypes();
    assert!(archetypes.len() >= 3, "{archetypes:?}");
    for (name, folder) in archetypes {
        let component = plugins::build(&name).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        let mut command = Command::new(binaries::cli().unwrap());
        command.args(["plugin", "test", "--json", "--wasm"]).arg(&component).arg(&folder);
        let answer = command.output().unwrap();
        let said = String::from_utf8_lossy(&answer.stdout);
        let report: Value =
            serde_json::from_str(&said).unwrap_or_else(|_| panic!("{name}: {said}{}", String::from_utf8_lossy(&answer.stderr)));
        let failed: Vec<&Value> = report["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] != "ok").collect();
        assert!(failed.is_empty(), "{name}: {failed:#?}");
        assert!(report["cases"].as_array().unwrap().len() >= CASES_MIN, "{name} has too few cases");
        assert_eq!(report["name"], name.as_str(), "a program is named as its folder");
    }
}

/// What a case must have to hold anything: an expectation and a ceiling of its own, and a sentence that says what it is there for.
#[test]
fn every_case_says_what_it_expects() {
    for (name, folder) in archetypes() {
        let cases = std::fs::read_dir(folder.join("cases")).unwrap_or_else(|error| panic!("{name}/cases: {error}"));
        for case in cases.map(|entry| entry.unwrap().path()) {
            let read: Value = serde_json::from_str(&std::fs::read_to_string(&case).unwrap()).unwrap();
            let is_whole =
                read["expect"].is_object() && read["fuel_max"].is_u64() && read["about"].as_str().is_some_and(|about| !about.is_empty());
            assert!(is_whole, "{} lacks about, expect or fuel_max", case.display());
        }
        let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_else(|error| panic!("{name}/README.md: {error}"));
        assert!(readme.contains("| setting | as it comes | means |"), "{name}/README.md has no table of settings");
    }
}
