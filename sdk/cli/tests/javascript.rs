//! The way of a rule author in JavaScript and TypeScript: the SDK's own tests, the plugins of the repository, and new ones, all in the sandbox of production.
//! It needs Node and the packages that `npm ci` installs; a developer's machine without them skips it and says so, CI does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop where they fail")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Home, expect};
use serde_json::Value;

/// What a decision with an engine of its own may take in these cases.
const FUEL_MAX: &str = "20000000";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// Compiled code and components are kept between runs: an engine takes half a minute to compile.
fn kept() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("javascript");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether this machine can build JavaScript; in CI it must.
fn is_able() -> bool {
    let node = Command::new("node").arg("--version").output().is_ok_and(|answer| answer.status.success());
    let plugins = ["stamp-card-js", "market-passport"].map(|plugin| repository().join("plugins").join(plugin));
    let installed = repository().join("sdk/js/node_modules/esbuild").is_dir()
        && plugins.iter().all(|plugin| plugin.join("node_modules/@coalition/sdk").is_dir());
    let able = node && installed;
    if !able {
        assert!(
            std::env::var_os("CI").is_none_or(|ci| ci != "true"),
            "CI needs Node, and npm ci in sdk/js and in the plugins with a package.json"
        );
        eprintln!("skipped: Node or the packages of sdk/js are not installed (coalition doctor says how to get them)");
    }
    able
}

fn author(home: &Home, arguments: &[&str]) -> Command {
    let mut command = home.coalition(arguments);
    command.current_dir(home.folder.path()).env("XDG_CACHE_HOME", kept());
    command
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(folder);
    npm
}

fn plugin(name: &str) -> String {
    repository().join("plugins").join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_sdk_passes_its_own_tests() {
    if is_able() {
        expect(&mut npm(&repository().join("sdk/js"), &["test"]), 0);
        for plugin in ["stamp-card-js", "market-passport"] {
            expect(&mut npm(&repository().join("plugins").join(plugin), &["test"]), 0);
        }
    }
}

/// The twin in JavaScript answers the cases of the crate in Rust byte for byte, and describes itself alike down to the schema of its configuration.
#[test]
fn a_twin_answers_as_the_crate_does() {
    if !is_able() {
        return;
    }
    let home = Home::new();
    let cases = format!("{}/cases", plugin("stamp-card"));
    let twin = plugin("stamp-card-js");
    let said = expect(&mut author(&home, &["plugin", "test", &twin, "--cases", &cases, "--fuel-max", FUEL_MAX, "--json"]), 0).json();
    assert_eq!(said["failed"], 0, "{said}");
    assert_eq!(said["ok"], std::fs::read_dir(&cases).unwrap().count(), "{said}");

    let described = |folder: &str, name: &str| {
        let file = home.folder.path().join(format!("{name}.wasm"));
        let file = file.to_str().unwrap();
        expect(&mut author(&home, &["plugin", "build", folder, "-o", file]), 0);
        expect(&mut author(&home, &["plugin", "check", file, "--json"]), 0).json()
    };
    let (script, rust) = (described(&twin, "script"), described(&plugin("stamp-card"), "rust"));
    assert_eq!((&script["class"], &rust["class"]), (&Value::from("engine"), &Value::from("native")));
    assert_eq!(script["describe"], rust["describe"]);
    assert_eq!(script["warnings"], rust["warnings"]);
}

#[test]
fn a_plugin_in_typescript_passes_its_cases() {
    if is_able() {
        let home = Home::new();
        let said = expect(&mut author(&home, &["plugin", "test", &plugin("market-passport"), "--json"]), 0).json();
        assert!(said["ok"].as_u64().unwrap() >= 5 && said["failed"] == 0, "{said}");
    }
}

/// In every language and from every template: what is new passes its own tests; one of them goes all the way.
#[test]
fn what_is_new_stands_alone() {
    if !is_able() {
        return;
    }
    let home = Home::new();
    for (lang, template) in [("js", "points-per-spend"), ("ts", "stamp-card"), ("ts", "tiers"), ("js", "market-passport")] {
        let name = format!("my-{lang}-{template}");
        let mut new = author(&home, &["plugin", "new", &name, "--lang", lang, "--template", template]);
        if template == "market-passport" {
            assert!(expect(&mut new, 2).err.contains("--lang ts"));
            continue;
        }
        let said = expect(&mut new, 0);
        assert!(said.out.contains(&format!("npm install --prefix {name}")), "{}", said.out);
        let folder = home.folder.path().join(&name);
        // What is missing is said with the command that mends it, and that mends it.
        let said = expect(&mut author(&home, &["plugin", "build", &name]), 4);
        assert!(said.err.contains("@coalition/sdk is not installed") && said.err.contains("fix: npm install --prefix"), "{}", said.err);
        expect(&mut npm(&folder, &["install", "--no-audit", "--no-fund"]), 0);
        expect(&mut npm(&folder, &["test"]), 0);
    }
    let said = expect(&mut author(&home, &["plugin", "test", "my-ts-stamp-card", "--json"]), 0).json();
    assert_eq!((said["ok"].as_u64(), said["failed"].as_u64()), (Some(4), Some(0)), "{said}");

    // What is wrong is shown where it is.
    let rules = home.folder.path().join("my-ts-tiers/src/index.ts");
    std::fs::write(&rules, "export default program({").unwrap();
    let said = expect(&mut author(&home, &["plugin", "build", "my-ts-tiers"]), 1);
    assert!(said.err.contains("the rules do not compile") && said.err.contains("src/index.ts:1:"), "{}", said.err);
    std::fs::write(&rules, "export default 5;").unwrap();
    let said = expect(&mut author(&home, &["plugin", "build", "my-ts-tiers"]), 1);
    assert!(said.err.contains("do not start"), "{}", said.err);
}

#[test]
fn without_node_the_fix_is_named() {
    let home = Home::new();
    home.write("package.json", r#"{"name": "rules"}"#);
    let said = expect(author(&home, &["plugin", "build", "."]).env("PATH", "/nowhere"), 4);
    assert!(said.err.contains("Node is not installed") && said.err.contains("fix: install it from"), "{}", said.err);
    let said = expect(author(&home, &["doctor", "--json"]).env("PATH", "/nowhere"), 4).json();
    assert_eq!((&said["rust"], &said["js"], &said["sandbox"]), (&Value::from(false), &Value::from(false), &Value::from(true)), "{said}");
}
