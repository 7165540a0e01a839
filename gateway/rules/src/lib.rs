//! The sandbox: admits, compiles, limits, runs and replays a partner's rules, which are WebAssembly components of the contract in
//! `sdk/wit/v1`. The gateway and the authors' command line use it alike, so that what passes on a laptop passes in production.
//! It knows no ledger, database or network: it is given an event and gives back what the rules said, checked.
//!
//! [`Sandbox::admit`] takes an upload, [`Sandbox::load`] one that was admitted before; either gives a [`Program`] to ask.
//! A binary that uses it calls [`run_child_if_asked`] first in its `main`.

mod admit;
mod answer;
mod cache;
mod call;
mod compile;
mod componentize;
pub mod contract;
mod digest;
mod engine;
mod fixtures;
mod host;
mod limits;
mod manifest;
mod program;
mod record;
mod run;
mod sandbox;
mod scan;
mod state;
mod ticker;
mod weight;
mod words;

pub use admit::Admitted;
pub use compile::{CompileError, Compiler, run_child_if_asked};
pub use componentize::{ComponentizeError, componentize};
pub use digest::{Digest, NotADigest};
pub use engine::ENGINE;
pub use limits::{Class, Limits};
pub use program::Program;
pub use record::{Output, output_bytes, output_from_bytes};
pub use run::{Failure, Level, LogLine, Run, Usage};
pub use sandbox::{Sandbox, SandboxConfig, SandboxError};
pub use scan::Violation;
pub use state::{NotAState, State};
pub use words::is_activity;
