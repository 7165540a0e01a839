//! The command tree, as clap reads it and as `--help` shows it.

use clap::{Parser, Subcommand};

use crate::commands::{call, completions, decision, doctor, login, plugin, post, profile, statement};
use crate::output::Color;

/// Shown below the help of the whole.
const AFTER_HELP: &str = "\
Exit codes:
  0    done
  1    what was built, checked, tested, run or posted has failed
  2    asked wrongly: arguments, or a file that is missing or unreadable
  3    the gateway could not be reached, or refused
  4    this machine lacks something: a tool, a writable folder
  130  interrupted

Environment:
  COALITION_URL, COALITION_CLIENT_ID, COALITION_CLIENT_SECRET
         all three together replace the stored profile
  NO_COLOR
         no colour; there is none either where the output is not a terminal

Start here:
  coalition doctor
  coalition plugin new my-rules && coalition plugin test my-rules";

/// Build, check and test loyalty rules; upload them; post receipts.
#[derive(Debug, Parser)]
#[command(name = "coalition", version, after_help = AFTER_HELP, propagate_version = true, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    /// The stored profile to use; without it, the environment or the current profile.
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write rules: new, build, check, test, run; and put them to work: push, activate, list.
    #[command(subcommand, arg_required_else_help = true)]
    Plugin(plugin::Command),
    /// Post receipts from a file, in batches; safe to run again.
    Post(post::Arguments),
    /// What the rules saw and said.
    #[command(subcommand, arg_required_else_help = true)]
    Decision(decision::Command),
    /// Check statements and proofs without a gateway.
    #[command(subcommand, arg_required_else_help = true)]
    Statement(statement::Command),
    /// Make any call of the gateway's contract, and print its answer as JSON.
    Call(call::Arguments),
    /// Find what is missing on this machine, and say the command that mends it.
    Doctor(doctor::Arguments),
    /// Store a gateway's address and a client's credentials as a profile.
    Login(login::Arguments),
    /// The stored profiles.
    #[command(subcommand, arg_required_else_help = true)]
    Profile(profile::Command),
    /// Print completions for a shell.
    Completions(completions::Arguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_tree_is_sound() {
        super::Cli::command().debug_assert();
    }
}
