//! What an upload goes through before it is `ready`: read, compiled under limits, started, asked what it is, and run twice on fixed
//! inputs, which must come out the same.

use std::sync::Arc;

use crate::compile::CompileError;
use crate::contract::Manifest;
use crate::digest::Digest;
use crate::fixtures;
use crate::limits::Class;
use crate::manifest;
use crate::program::Program;
use crate::run::{Failure, Run};
use crate::sandbox::{SandboxError, Shared};
use crate::scan::{self, OURS, Violation};

/// A slow machine may miss a deadline; so often in a row it is the rule.
const ATTEMPTS: u32 = 3;

/// A component that passed.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Its SHA-256.
    pub digest: Digest,
    /// What it was taken for.
    pub class: Class,
    /// What it says of itself for the empty configuration.
    pub manifest: Manifest,
    /// Ready to be asked.
    pub program: Program,
}

pub(crate) fn admit(shared: &Arc<Shared>, component: &[u8]) -> Result<Admitted, Vec<Violation>> {
    let class = scan::scan(component, &shared.limits)?;
    let digest = Digest::of(component);
    let program = shared.load(&digest, class, component).map_err(unloaded)?;
    let patient = program.patient();
    let manifest = describe(&patient)?;
    let violations = fixtures::violations(&patient, &manifest);
    if !violations.is_empty() {
        return Err(violations);
    }
    Ok(Admitted { digest, class, manifest, program })
}

fn unloaded(error: SandboxError) -> Vec<Violation> {
    let code = match error {
        SandboxError::Rejected(violations) => return violations,
        SandboxError::Compile(CompileError::Refused(_)) => "compile-failed",
        SandboxError::Compile(CompileError::Time(_)) => "compile-time",
        SandboxError::Compile(CompileError::Memory(_)) => "compile-memory",
        SandboxError::Unfit(_) => "unfit",
        SandboxError::Compile(CompileError::Compiler(_))
        | SandboxError::Engine(_)
        | SandboxError::Cache { .. }
        | SandboxError::Digest { .. } => OURS,
    };
    vec![Violation::new(code, error.to_string())]
}

fn describe(program: &Program) -> Result<Manifest, Vec<Violation>> {
    const CONFIG: &str = "{}";
    let first = attempt(|| program.describe_unchecked(CONFIG));
    let manifest = match &first.outcome {
        Err(failure) => return Err(vec![failed("describe({})", failure)]),
        Ok(Err(problems)) => {
            let why: Vec<_> = problems.iter().take(8).map(|problem| format!("{}: {}", problem.pointer, problem.detail)).collect();
            let detail = format!("describe refuses the empty configuration, where every field should have a default: {}", why.join("; "));
            return Err(vec![Violation::new("describe-refuses", detail)]);
        }
        Ok(Ok(manifest)) => manifest.clone(),
    };
    let mut violations = manifest::check(&manifest);
    if let Err(failure) = program.describe(CONFIG).outcome
        && violations.is_empty()
    {
        violations.push(failed("describe({})", &failure));
    }
    let second = attempt(|| program.describe_unchecked(CONFIG));
    if second.outcome != first.outcome || second.usage.fuel != first.usage.fuel {
        violations.push(unequal("describe({})"));
    }
    if violations.is_empty() { Ok(manifest) } else { Err(violations) }
}

/// Runs until the wall clock was not the reason to fail.
pub(crate) fn attempt<T>(mut run: impl FnMut() -> Run<T>) -> Run<T> {
    let mut last = run();
    for _ in 1..ATTEMPTS {
        if !matches!(last.outcome, Err(Failure::Deadline { .. })) {
            break;
        }
        last = run();
    }
    last
}

pub(crate) fn failed(what: &str, failure: &Failure) -> Violation {
    match failure {
        Failure::Sandbox { .. } => Violation::new(OURS, failure.to_string()),
        _ => Violation::new("sample-failed", format!("{what} failed ({}): {failure}", failure.code())),
    }
}

pub(crate) fn unequal(what: &str) -> Violation {
    Violation::new(
        "not-deterministic",
        format!("{what} came out differently the second time: rules may depend on nothing but what they are given"),
    )
}
