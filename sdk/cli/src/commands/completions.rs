//! `coalition completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::error::Exit;
use crate::output;

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  coalition completions bash > ~/.local/share/bash-completion/completions/coalition")]
pub struct Arguments {
    /// bash, elvish, fish, powershell or zsh.
    pub shell: Shell,
}

/// Prints the script.
#[must_use]
pub fn run(arguments: &Arguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "coalition", &mut script);
    output::line(String::from_utf8_lossy(&script).trim_end());
    Exit::Done
}
