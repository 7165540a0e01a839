//! The process that compiles: its limits hold, its results are kept, and nothing else is taken for one.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use coalition_rules::{Compiler, Digest, Limits, Sandbox, SandboxConfig, SandboxError};

use crate::component::Rules;
use crate::harness::{config, decide};

/// Small, valid, and minutes of work for an optimising compiler: as many ways back into a loop as it has variables.
fn bomb() -> Vec<u8> {
    let mut rules = Rules::good();
    let locals = 3_000;
    let body: String = (0..locals)
        .map(|n| {
            format!(
                "(br_if $l (local.get {n})) (local.set {} (i32.add (local.get {n}) (local.get {})))",
                (n * 7 + 1) % locals,
                (n * 13 + 5) % locals
            )
        })
        .collect();
    rules.more = format!("(func (param i32) {} (loop $l {body} (br_if $l (local.get 0))))", "(local i32)".repeat(locals));
    rules.component()
}

fn lax() -> Limits {
    Limits { function_locals_max: 1_000_000, function_bytes_max: 1 << 20, ..Limits::default() }
}

#[test]
fn a_compilation_that_takes_too_long_is_ended() {
    let sandbox = Sandbox::new(SandboxConfig { limits: Limits { compile_s_max: 1, ..lax() }, ..config() }).unwrap();
    let start = Instant::now();
    let violations = sandbox.admit(&bomb()).unwrap_err();
    assert_eq!(violations[0].code, "compile-time", "{violations:?}");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

/// What brings its engine is bounded by the processor's time, not by the clock: a busy machine refuses nothing that an idle one takes.
#[test]
fn an_engine_is_compiled_for_as_long_as_its_processor_time_lasts() {
    let engine = Limits { component_bytes_max: 16, compile_s_max: 0, ..lax() };
    let sandbox = |limits| Sandbox::new(SandboxConfig { limits, ..config() }).unwrap();
    assert!(sandbox(engine.clone()).admit(&Rules::good().component()).is_ok());
    let violations = sandbox(Limits { compile_engine_s_max: 1, ..engine }).admit(&bomb()).unwrap_err();
    assert_eq!(violations[0].code, "compile-time", "{violations:?}");
}

#[test]
fn a_compilation_that_takes_too_much_memory_fails_alone() {
    let limits = Limits { compile_memory_bytes_max: 96 << 20, ..lax() };
    let sandbox = Sandbox::new(SandboxConfig { limits, ..config() }).unwrap();
    let violations = sandbox.admit(&bomb()).unwrap_err();
    assert_eq!(violations[0].code, "compile-memory", "{violations:?}");
}

#[test]
fn compiled_code_is_kept_and_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let cached =
        |compiler: Compiler| Sandbox::new(SandboxConfig { cache_dir: Some(folder.path().to_owned()), compiler, ..config() }).unwrap();
    let component = Rules::good().component();
    let digest = Digest::of(&component);
    cached(config().compiler).load(&digest, &component).unwrap();
    // Nobody there to compile, and nobody is asked.
    let nobody = cached(Compiler::Program(PathBuf::from("/bin/false")));
    assert!(decide(&nobody.load(&digest, &component).unwrap()).outcome.is_ok());
    // A file that is torn is compiled anew.
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    assert!(nobody.load(&digest, &component).is_err());
    assert!(decide(&cached(config().compiler).load(&digest, &component).unwrap()).outcome.is_ok());
}

#[test]
fn a_program_that_is_no_compiler_is_our_trouble_and_not_the_uploads() {
    for program in ["/bin/true", "/bin/false", "/bin/cat", "/nowhere"] {
        let sandbox = Sandbox::new(SandboxConfig { compiler: Compiler::Program(PathBuf::from(program)), ..config() }).unwrap();
        let violations = sandbox.admit(&Rules::good().component()).unwrap_err();
        assert!(violations[0].is_ours(), "{program}: {violations:?}");
    }
}

#[test]
fn bytes_that_are_not_those_of_the_digest_are_not_loaded() {
    let sandbox = Sandbox::new(config()).unwrap();
    let error = sandbox.load(&Digest::of(b"other"), &Rules::good().component()).unwrap_err();
    assert!(matches!(error, SandboxError::Digest { .. }));
}

#[test]
fn without_a_child_the_code_is_the_same() {
    let component = Rules::good().component();
    let here = Sandbox::new(SandboxConfig { compiler: Compiler::InProcessForTests, ..config() }).unwrap();
    let program = here.load(&Digest::of(&component), &component).unwrap();
    let other = crate::harness::load(&component);
    assert_eq!(decide(&program).usage.fuel, decide(&other).usage.fuel);
}
