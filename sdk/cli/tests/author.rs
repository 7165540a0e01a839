//! The way of a rule author, far from the repository: new, build, check, test, run, and what each says when something is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests stop where they fail"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Home, expect};
use serde_json::{Value, json};

/// Builds of these tests share a folder, so that the SDK is compiled once; it is kept between runs.
fn built_here() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("author")
}

fn author(home: &Home, arguments: &[&str]) -> Command {
    let mut command = home.coalition(arguments);
    command.current_dir(home.folder.path()).env("CARGO_TARGET_DIR", built_here());
    // What the test runner has of cargo's is not the author's.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" || name == "CARGO" {
            command.env_remove(name);
        }
    }
    command
}

const EVENT: &str = r#"{"id": "till-1/1", "at": {"ms": 1483268006000, "offset_minutes": -300}, "seed": 1, "kind": "purchase", "store": "store-330",
    "purchase": {"currency": "USD", "total": 1648, "lines": [
        {"number": 0, "sku": "1095275", "category": "ROLLS", "amount": 350},
        {"number": 1, "sku": "981760", "category": "COFFEE GROUND", "quantity_milli": 1500, "amount": 1298}]}}"#;

#[test]
fn from_an_empty_folder_to_a_decision() {
    let home = Home::new();
    let said = expect(&mut author(&home, &["plugin", "new", "corner-bakery"]), 0);
    assert!(said.out.contains("coalition plugin test corner-bakery"), "{}", said.out);

    let said = expect(&mut author(&home, &["plugin", "build", "corner-bakery", "-o", "bakery.wasm", "--json"]), 0);
    let built = said.json();
    let component = std::fs::read(home.folder.path().join("bakery.wasm")).unwrap();
    assert_eq!((built["name"].as_str(), built["bytes"].as_u64()), (Some("corner-bakery"), Some(component.len() as u64)));
    assert!(component.len() < 200_000, "{} bytes", component.len());
    let secret = home.folder.path().to_str().unwrap();
    assert!(!component.windows(secret.len()).any(|window| window == secret.as_bytes()), "the author's folder is in the component");

    let said = expect(&mut author(&home, &["plugin", "check", "bakery.wasm", "--json"]), 0);
    let checked = said.json();
    assert_eq!((&checked["admitted"], &checked["class"], &checked["digest"]), (&json!(true), &json!("native"), &built["digest"]));
    assert_eq!(checked["describe"]["name"], "corner-bakery");
    let said = expect(&mut author(&home, &["plugin", "check", "bakery.wasm"]), 0);
    assert!(said.out.contains("would be admitted") && said.out.contains("Handles   purchase"), "{}", said.out);

    let said = expect(&mut author(&home, &["plugin", "test", "corner-bakery"]), 0);
    assert!(said.out.contains("ok: 4 passed, 0 failed"), "{}", said.out);

    std::fs::write(home.folder.path().join("event.json"), EVENT).unwrap();
    let said = expect(&mut author(&home, &["plugin", "run", "bakery.wasm", "--event", "event.json"]), 0);
    for part in [
        "purchase of 16.48 USD, 2 lines at store-330, 2017-01-01 05:53:26 -05:00",
        "+ 16 points  16 points for 16.48 USD",
        "+ 12 points  12 points more for chosen goods",
        "line 1: 1.5 × COFFEE GROUND 981760 12.98 USD",
        "= 28 points",
        "of 11,000,000",
        "of 16.0 MiB",
        "of 50 ms",
    ] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    let said = expect(&mut author(&home, &["plugin", "run", "bakery.wasm", "--event", "event.json", "--json"]), 0).json();
    assert_eq!(
        (&said["effects"][0]["kind"], &said["effects"][0]["points"], &said["effects"][1]["lines"]),
        (&json!("award"), &json!(16), &json!([1]))
    );
    assert!(said["usage"]["fuel"].as_u64().unwrap() < 100_000, "{}", said["usage"]);

    // What the rules refuse, and what is no event, is explained.
    home.write("config.json", r#"{"earn": {"points": 1, "minor": 0}}"#);
    let arguments = ["plugin", "run", "bakery.wasm", "--event", "event.json", "--config", "config.json"];
    let said = expect(&mut author(&home, &arguments), 1);
    assert!(said.err.contains("/earn/minor"), "{}", said.err);
    home.write("event.json", r#"{"id": "x", "evnt": 1}"#);
    let said = expect(&mut author(&home, &["plugin", "run", "bakery.wasm", "--event", "event.json"]), 2);
    assert!(said.err.contains("event.json is not an event"), "{}", said.err);
}

#[test]
fn every_template_builds_passes_its_cases_and_its_own_tests() {
    for template in ["points-per-spend", "stamp-card", "tiers"] {
        let home = Home::new();
        let name = format!("my-{template}");
        expect(&mut author(&home, &["plugin", "new", &name, "--template", template]), 0);
        let said = expect(&mut author(&home, &["plugin", "test", &name, "--json"]), 0).json();
        assert_eq!(said["failed"], 0, "{said}");
        for case in said["cases"].as_array().unwrap() {
            let text =
                std::fs::read_to_string(home.folder.path().join(format!("{name}/cases/{}.json", case["case"].as_str().unwrap()))).unwrap();
            let case: Value = serde_json::from_str(&text).unwrap();
            assert!(case["expect"].is_object() && case["fuel_max"].is_u64(), "{template}: {text}");
        }
        let mut native = Command::new("cargo");
        native.args(["test", "--quiet"]).current_dir(home.folder.path().join(&name)).env("CARGO_TARGET_DIR", built_here());
        expect(&mut native, 0);
    }
}

#[test]
fn the_same_sources_give_the_same_digest_in_every_folder() {
    let digests: Vec<Value> = (0..2)
        .map(|_| {
            let home = Home::new();
            expect(&mut author(&home, &["plugin", "new", "twin", "--template", "stamp-card"]), 0);
            expect(&mut author(&home, &["plugin", "build", "twin", "--json"]), 0).json()["digest"].clone()
        })
        .collect();
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn a_failing_case_shows_what_differs_and_can_be_blessed() {
    let home = Home::new();
    expect(&mut author(&home, &["plugin", "new", "stamps", "--template", "stamp-card"]), 0);
    let case = home.folder.path().join("stamps/cases/card-full.json");
    let good = std::fs::read_to_string(&case).unwrap();
    let said = expect(&mut author(&home, &["plugin", "test", "stamps", "--json"]), 0).json();
    assert_eq!(said["ok"], 4);

    let wrong = good.replace("\"delta\": 1", "\"delta\": 2");
    assert_ne!(wrong, good);
    std::fs::write(&case, &wrong).unwrap();
    let said = expect(&mut author(&home, &["plugin", "test", "stamps"]), 1);
    for part in ["FAILED  card-full", "-       \"delta\": 2", "+       \"delta\": 1", "failed: 3 passed, 1 failed"] {
        assert!(said.out.contains(part), "{part}:\n{}", said.out);
    }
    expect(&mut author(&home, &["plugin", "test", "stamps", "--bless"]), 0);
    assert_eq!(std::fs::read_to_string(&case).unwrap(), good, "blessing brings back the very file");

    // A ceiling that is too low fails too; a typo is named.
    let fuel_max = serde_json::from_str::<Value>(&good).unwrap()["fuel_max"].to_string();
    std::fs::write(&case, good.replace(&fuel_max, "100")).unwrap();
    assert!(expect(&mut author(&home, &["plugin", "test", "stamps"]), 1).out.contains("over the case's ceiling of 100"));
    std::fs::write(&case, good.replace("\"counters\"", "\"countres\"")).unwrap();
    assert!(expect(&mut author(&home, &["plugin", "test", "stamps"]), 1).out.contains("\"member\" does not fit: unknown field"));
}

#[test]
fn what_is_no_plugin_is_refused_with_every_reason() {
    let home = Home::new();
    for (name, bytes) in [("text.wasm", b"I am text".as_slice()), ("core.wasm", b"\0asm\x01\0\0\0"), ("empty.wasm", b"")] {
        let file = home.write(name, bytes);
        let said = expect(&mut author(&home, &["plugin", "check", &file, "--json"]), 1).json();
        assert_eq!(said["admitted"], false);
        assert!(!said["violations"].as_array().unwrap().is_empty(), "{said}");
        assert!(expect(&mut author(&home, &["plugin", "check", &file]), 1).out.contains("would be refused"));
    }
    expect(&mut author(&home, &["plugin", "check", "/nowhere.wasm"]), 2);
}

#[test]
fn what_does_not_compile_or_is_no_plugin_says_so() {
    let home = Home::new();
    let said = expect(&mut author(&home, &["plugin", "build", "."]), 2);
    assert!(said.err.contains("coalition plugin new NAME"), "{}", said.err);
    expect(&mut author(&home, &["plugin", "new", "broken"]), 0);
    std::fs::write(home.folder.path().join("broken/src/lib.rs"), "this is not Rust").unwrap();
    let said = expect(&mut author(&home, &["plugin", "build", "broken"]), 1);
    assert!(said.err.contains("broken does not compile"), "{}", said.err);
    std::fs::write(home.folder.path().join("broken/src/lib.rs"), "pub fn nothing() {}").unwrap();
    let said = expect(&mut author(&home, &["plugin", "build", "broken"]), 1);
    assert!(said.err.contains("exports none") && said.err.contains("export!"), "{}", said.err);
}

#[test]
fn a_new_plugin_needs_a_free_place_a_good_name_and_a_template() {
    let home = Home::new();
    expect(&mut author(&home, &["plugin", "new", "mine"]), 0);
    assert!(expect(&mut author(&home, &["plugin", "new", "mine"]), 2).err.contains("is there already"));
    assert!(expect(&mut author(&home, &["plugin", "new", "Mine"]), 2).err.contains("lower-case letters"));
    assert!(expect(&mut author(&home, &["plugin", "new", "other", "--template", "lottery"]), 2).err.contains("no template \"lottery\""));
    assert!(expect(&mut author(&home, &["plugin", "new", "other", "--sdk", "mine"]), 2).err.contains("sdk/rust"));
    assert!(!home.folder.path().join("other").exists());
}

/// Where a workspace's pattern covers the new folder, the crate is a member; anywhere else it stands alone.
#[test]
fn a_new_crate_fits_into_what_is_around_it() {
    let home = Home::new();
    std::fs::create_dir_all(home.folder.path().join("shop/plugins")).unwrap();
    home.write("shop/Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"plugins/*\"]\n");
    let said = expect(&mut author(&home, &["plugin", "new", "shop/plugins/inside"]), 0);
    assert!(said.err.contains("member of the cargo workspace"), "{}", said.err);
    expect(&mut author(&home, &["plugin", "new", "shop/outside"]), 0);
    let own = |path: &str| std::fs::read_to_string(home.folder.path().join(path).join("Cargo.toml")).unwrap().contains("[workspace]");
    assert!(!own("shop/plugins/inside") && own("shop/outside"));
    for folder in ["shop", "shop/plugins/inside", "shop/outside"] {
        let mut metadata = Command::new("cargo");
        metadata.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(home.folder.path().join(folder));
        expect(&mut metadata, 0);
    }
}

/// What no limit forbids is seen by buying: a template is as it should be, and rules that round up or forget returns are told.
#[test]
fn check_warns_of_what_no_limit_forbids() {
    let home = Home::new();
    expect(&mut author(&home, &["plugin", "new", "generous"]), 0);
    let build = ["plugin", "build", "generous", "-o", "generous.wasm"];
    expect(&mut author(&home, &build), 0);
    let said = expect(&mut author(&home, &["plugin", "check", "generous.wasm", "--json"]), 0).json();
    assert_eq!(said["warnings"], json!([]), "{said}");

    let rules = home.folder.path().join("generous/src/lib.rs");
    let text = std::fs::read_to_string(&rules).unwrap();
    let text = text.replace("Rounding::Floor", "Rounding::Ceil").replace("_: &mut State) -> Result<Effects, Stop> {", "state: &mut State) -> Result<Effects, Stop> {").replace(
        "        let base = purchase",
        "        state.put(&coalition_sdk::Key::<i64>::new(\"last\", 1), &event.at.ms)?;\n        if purchase.total.minor() > 90_000 { return Ok(effects) }\n        let base = purchase",
    );
    std::fs::write(&rules, text).unwrap();
    expect(&mut author(&home, &build), 0);
    let said = expect(&mut author(&home, &["plugin", "check", "generous.wasm", "--json"]), 0).json();
    let codes: Vec<&str> = said["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["split-earns-more", "awards-fall", "state"], "{said}");
    let said = expect(&mut author(&home, &["plugin", "check", "generous.wasm"]), 0);
    assert!(said.out.contains("warning: awards-fall: a purchase"), "{}", said.out);
}
