//! What an upload is told that is no component of ours: its own violation each, at once.

use std::time::{Duration, Instant};

use coalition_rules::{Class, Violation};

use crate::component::{Rules, component, text};
use crate::harness::sandbox;

fn refused(upload: &[u8]) -> Vec<Violation> {
    let start = Instant::now();
    let violations = sandbox().admit(upload).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(violations.iter().all(|violation| !violation.is_ours() && !violation.detail.is_empty()), "{violations:?}");
    violations
}

fn code(upload: &[u8]) -> &'static str {
    let violations = refused(upload);
    assert_eq!(violations.len(), 1, "{violations:?}");
    violations[0].code
}

#[test]
fn what_is_no_component() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"pub fn main() {}"), "text");
    assert_eq!(code("Zażółć gęślą jaźń ".repeat(30).as_bytes()), "text");
    assert_eq!(code(&[0x7f, b'E', b'L', b'F', 2, 1, 0xff, 0xfe, 0x80]), "not-wasm");
    assert_eq!(code(&Rules::good().module()), "core-module");
    assert_eq!(code(b"\0as"), "truncated");
    assert_eq!(code(b"\0asm\x63\0\x01\0"), "invalid");
}

#[test]
fn every_way_to_cut_or_spoil_a_good_one() {
    let good = Rules::good().component();
    for cut in (8..good.len()).step_by(good.len() / 60) {
        refused(&good[..cut]);
    }
    assert_eq!(refused(&good[..good.len() - 5])[0].code, "truncated");
    for at in (9..good.len()).step_by(97) {
        let mut spoiled = good.clone();
        spoiled[at] ^= 0x55;
        // Some bytes are a name or a number that may as well be another; none may harm.
        let _ = sandbox().admit(&spoiled);
    }
}

#[test]
fn another_world() {
    assert_eq!(code(&text("(component)")), "other-world");
    let types = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit/v1/types.wit")).unwrap();
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit/v1/rules.wit")).unwrap();
    let v2 = |text: &str| text.replace("@1.0.0", "@2.0.0");
    // The same length, so that the module's names can be changed where they stand.
    let mut module = Rules::good().module();
    for at in 0..module.len() - 6 {
        if &module[at..at + 6] == b"@1.0.0" {
            module[at + 1] = b'2';
        }
    }
    let violations = refused(&component(&module, &v2(&types), &v2(&rules)));
    assert!(violations.iter().any(|violation| violation.code == "contract-version"), "{violations:?}");
}

#[test]
fn imports_that_are_not_offered() {
    let violations = refused(&text(
        r#"(component
            (import "wasi:clocks/wall-clock@0.2.0" (instance (export "now" (func (result u64)))))
            (import "wasi:random/random@0.2.0" (instance (export "get" (func (result u64)))))
            (import "coalition:rules/state@1.1.0" (instance (export "get" (func)))))"#,
    ));
    let forbidden: Vec<_> = violations.iter().filter(|violation| violation.code == "forbidden-import").collect();
    assert_eq!(forbidden.len(), 3, "each is told of: {violations:?}");
    assert!(forbidden[0].detail.contains("wasi:clocks") && forbidden[0].detail.contains("no clock"));
    assert!(violations.iter().any(|violation| violation.code == "other-world"));
}

#[test]
fn a_record_that_was_grown_is_found_out_before_it_runs() {
    let types = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit/v1/types.wit")).unwrap();
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit/v1/rules.wit")).unwrap();
    let grown = types.replace("record refusal { code: string,", "record refusal { code: string, more: u32,");
    assert_ne!(types, grown);
    let component = component(&Rules::good().module(), &grown, &rules);
    let violations = sandbox().admit(&component).unwrap_err();
    assert_eq!(violations[0].code, "unfit", "{violations:?}");
}

#[test]
fn what_is_too_large() {
    let mut huge = Rules::good().component();
    huge.resize((16 << 20) + 1, 0);
    assert_eq!(code(&huge), "too-large");

    let mut rules = Rules::good();
    rules.pages = 300;
    assert_eq!(code(&rules.component()), "memory-size");

    let mut rules = Rules::good();
    rules.more = "(table 30000 funcref)".into();
    assert_eq!(code(&rules.component()), "table-size");
}

#[test]
fn what_no_honest_compiler_makes_is_refused_without_compiling() {
    let locals = |count: usize| format!("(func (param i32) {} (loop (br 0)))", "(local i64)".repeat(count));
    let mut rules = Rules::good();
    rules.more = locals(1_000);
    assert_eq!(code(&rules.component()), "function-locals");

    let mut rules = Rules::good();
    rules.more = format!("(func (param i32) {})", "(drop (i32.add (local.get 0) (i32.const 1)))".repeat(90_000));
    assert_eq!(code(&rules.component()), "function-size");

    let mut rules = Rules::good();
    rules.more = (0..50_000).map(|n| format!(r#"(func (export "f{n}"))"#)).collect();
    let violations = refused(&rules.component());
    assert!(violations.iter().any(|violation| violation.code == "too-many-parts"), "{violations:?}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let mut rules = Rules::good();
    rules.more = format!("(table 30000 funcref) (func {})", "(local i64)".repeat(600));
    rules.pages = 300;
    let mut codes: Vec<_> = refused(&rules.component()).iter().map(|violation| violation.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["function-locals", "memory-size", "table-size"]);
}

#[test]
fn over_a_mebibyte_it_is_of_the_class_that_brings_its_engine() {
    let mut rules = Rules::good();
    rules.data.put(&vec![1; 1 << 20]);
    rules.pages = 40;
    let admitted = sandbox().admit(&rules.component()).unwrap();
    assert_eq!(admitted.class, Class::Engine);
    let run = crate::harness::decide(&admitted.program);
    assert!(run.outcome.is_ok());
    assert_eq!(run.usage.fuel_limit, 110_000_000);
}
