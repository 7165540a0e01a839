//! What came of one call: the answer or the failure, what it used, what it logged, and the state it left.

use std::time::Duration;

use crate::state::State;

/// The result of one call. What it used is known also when it failed.
#[derive(Clone, Debug)]
pub struct Run<T> {
    /// The answer, checked; or why there is none.
    pub outcome: Result<T, Failure>,
    /// What it used.
    pub usage: Usage,
    /// What it wrote to its log, as far as there was room.
    pub logs: Vec<LogLine>,
    /// The member's state after the call: `Some` when `on-event` succeeded and changed it.
    pub state: Option<State>,
}

impl<T> Run<T> {
    /// The same run with another answer.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Run<U> {
        Run { outcome: self.outcome.map(f), usage: self.usage, logs: self.logs, state: self.state }
    }
}

/// What one call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Fuel; the same on every run by the same engine.
    pub fuel: u64,
    /// What it was given.
    pub fuel_limit: u64,
    /// Linear memory at its largest.
    pub memory_bytes: u64,
    /// Wall time, with instantiation.
    pub elapsed: Duration,
}

/// One line of a rule's log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LogLine {
    /// How bad.
    pub level: Level,
    /// As the rule wrote it, or cut where the room ended.
    pub text: String,
}

/// How bad a log line is.
#[derive(
    wasmtime::component::ComponentType,
    wasmtime::component::Lift,
    wasmtime::component::Lower,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
)]
#[component(enum)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Level {
    /// For the author.
    #[component(name = "debug")]
    Debug,
    /// As it should be.
    #[component(name = "info")]
    Info,
    /// Worth a look.
    #[component(name = "warn")]
    Warn,
    /// Broken.
    #[component(name = "error")]
    Error,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The rule stopped itself, or did what WebAssembly forbids.
    #[error("the rule trapped: {detail}")]
    Trap {
        /// What it did.
        detail: String,
    },
    /// It called itself too deeply.
    #[error("the rule's stack overflowed")]
    StackOverflow,
    /// It computed for longer than it may.
    #[error("the rule used up its fuel of {limit}")]
    OutOfFuel {
        /// What it had.
        limit: u64,
    },
    /// It asked for more memory than it may have, and could not go on without.
    #[error("the rule asked for more than its {limit_bytes} bytes of memory")]
    OutOfMemory {
        /// What it may have.
        limit_bytes: usize,
    },
    /// It handed more to the host in one call than may be copied, or something that is not what it says.
    #[error("the rule's call to the host failed: {detail}")]
    Hostcall {
        /// What was wrong.
        detail: String,
    },
    /// Its answer is not one that can be carried out.
    #[error("the rule's answer can't be carried out: {detail}")]
    Answer {
        /// Every reason, joined by semicolons.
        detail: String,
    },
    /// The wall clock ran out: the machine was slow, or the rule spent its time where fuel is not counted.
    #[error("the rule missed its deadline of {limit_ms} ms")]
    Deadline {
        /// What it had.
        limit_ms: u64,
    },
    /// The event, member and configuration are larger than rules are given.
    #[error("the rule was not run: {detail}")]
    Input {
        /// How large they are.
        detail: String,
    },
    /// The sandbox itself could not run it.
    #[error("the sandbox could not run the rule: {detail}")]
    Sandbox {
        /// Why.
        detail: String,
    },
}

impl Failure {
    /// For machines: `trap`, `out-of-fuel`, ….
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Trap { .. } => "trap",
            Self::StackOverflow => "stack-overflow",
            Self::OutOfFuel { .. } => "out-of-fuel",
            Self::OutOfMemory { .. } => "out-of-memory",
            Self::Hostcall { .. } => "hostcall",
            Self::Answer { .. } => "answer",
            Self::Deadline { .. } => "deadline",
            Self::Input { .. } => "input-too-large",
            Self::Sandbox { .. } => "sandbox",
        }
    }

    /// Whether the version is to blame. A deadline missed by the wall clock is not a trap: it alone never quarantines, and is not replayed.
    /// Nor is the version to blame for what it was given, or for trouble of our own.
    #[must_use]
    pub fn counts_against_version(&self) -> bool {
        match self {
            Self::Trap { .. }
            | Self::StackOverflow
            | Self::OutOfFuel { .. }
            | Self::OutOfMemory { .. }
            | Self::Hostcall { .. }
            | Self::Answer { .. } => true,
            Self::Deadline { .. } | Self::Input { .. } | Self::Sandbox { .. } => false,
        }
    }

    /// Whether the same call would fail in the same way, so that trying again makes no sense until there is another version.
    #[must_use]
    pub fn is_deterministic(&self) -> bool {
        match self {
            Self::Deadline { .. } | Self::Sandbox { .. } => false,
            Self::Input { .. } => true,
            _ => self.counts_against_version(),
        }
    }
}
