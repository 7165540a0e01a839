//! What a failed command says and with which code it exits. Every error names what happened and, where there is one, the fix.

use std::process::ExitCode;

/// The exit codes, documented in `coalition --help` and the README. Scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: what was built, checked, tested, run or posted has failed; the command itself worked.
    Failed,
    /// 2: the command was asked wrongly: arguments, or a file that is missing or unreadable.
    Usage,
    /// 3: the gateway could not be reached, or refused the request.
    Gateway,
    /// 4: this machine lacks something: a tool, a writable folder, memory.
    Machine,
    /// 130: interrupted by Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The code that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Gateway => 3,
            Self::Machine => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What every command answers.
pub type Result<T = Exit> = std::result::Result<T, CliError>;

/// A failure as the user reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliError {
    /// The exit code it ends with.
    pub exit: Exit,
    /// One sentence: what happened.
    pub message: String,
    /// More lines, one a finding.
    pub details: Vec<String>,
    /// What to do about it.
    pub fix: Option<String>,
}

impl CliError {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), details: Vec::new(), fix: None }
    }

    /// What was checked has failed: exit code 1.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// The command was asked wrongly: exit code 2.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The gateway did not answer, or refused: exit code 3.
    #[must_use]
    pub fn gateway(message: impl Into<String>) -> Self {
        Self::new(Exit::Gateway, message)
    }

    /// This machine lacks something: exit code 4.
    #[must_use]
    pub fn machine(message: impl Into<String>) -> Self {
        Self::new(Exit::Machine, message)
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds a line below the message.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for CliError {}
