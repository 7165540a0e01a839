//! One sandbox for all tests, with the real compiling child, and a purchase to run rules on.

use std::path::PathBuf;
use std::sync::OnceLock;

use coalition_rules::contract::{Context, Effect, Event, Member, QuoteRequest, Refusal};
use coalition_rules::{Compiler, Digest, Program, Run, Sandbox, SandboxConfig, State};

/// The example that `cargo test` builds beside the tests: its `main` begins with `run_child_if_asked`.
pub fn compiler() -> Compiler {
    let deps = std::env::current_exe().unwrap();
    let program: PathBuf = deps.parent().and_then(|deps| deps.parent()).unwrap().join("examples").join("decision_cost");
    assert!(program.exists(), "{} is built by `cargo test -p coalition-rules`", program.display());
    Compiler::Program(program)
}

pub fn config() -> SandboxConfig {
    SandboxConfig { compiler: compiler(), pool_instances: 8, ..SandboxConfig::default() }
}

pub fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::new(config()).unwrap())
}

/// Loads it for runs that nobody waits for: these tests share the machine, and its clock is not what they are about.
pub fn load(component: &[u8]) -> Program {
    sandbox().load(&Digest::of(component), component).unwrap_or_else(|error| panic!("{error}")).patient()
}

pub fn event() -> Event {
    serde_json::from_str(
        r#"{"id": "e1", "at": {"ms": 1511258400000, "offset_minutes": 60}, "kind": "purchase",
            "purchase": {"currency": "USD", "total": 350, "lines": [
                {"number": 0, "sku": "a", "category": "COFFEE", "amount": 300},
                {"number": 2, "sku": "b", "category": "ROLLS", "quantity_milli": 500, "amount": 50}]},
            "channel": "pos", "attributes": {"tender": "card"}}"#,
    )
    .unwrap()
}

pub fn member() -> Member {
    serde_json::from_str(r#"{"id": "m1", "enrolled": {"ms": 1500000000000}, "counters": [{"name": "stamps", "values": [3]}]}"#).unwrap()
}

pub fn context() -> Context {
    serde_json::from_str(r#"{"at": {"ms": 1511258400000}, "channel": "web"}"#).unwrap()
}

pub fn request() -> QuoteRequest {
    QuoteRequest { reward: "coffee".into(), quantity: 1, amount: None, basket: None, context: context() }
}

pub fn decide(program: &Program) -> Run<Result<Vec<Effect>, Refusal>> {
    program.on_event(&event(), &member(), "{}", &State::default())
}
