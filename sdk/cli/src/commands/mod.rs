//! The commands, a file each: arguments in, [`crate::error::Exit`] or [`crate::error::CliError`] out.

pub mod call;
pub mod completions;
pub mod decision;
pub mod doctor;
pub mod login;
pub mod plugin;
pub mod post;
pub mod profile;
pub mod statement;

use crate::cli::{Cli, Command};
use crate::client::Gateway;
use crate::error::Result;

/// Runs what was asked for.
///
/// # Errors
/// With the sentence, the fix and the exit code for the user.
pub fn run(cli: Cli) -> Result {
    let profile = cli.profile.as_deref();
    match cli.command {
        Command::Plugin(command) => plugin::run(command, profile),
        Command::Post(arguments) => post::run(&arguments, profile),
        Command::Decision(command) => decision::run(command, profile),
        Command::Statement(command) => statement::run(command),
        Command::Call(arguments) => call::run(&arguments, profile),
        Command::Doctor(arguments) => doctor::run(&arguments, profile),
        Command::Login(arguments) => login::run(arguments, profile),
        Command::Profile(command) => profile::run(command),
        Command::Completions(arguments) => Ok(completions::run(&arguments)),
    }
}

/// The gateway of the named profile, the environment, or the current profile.
///
/// # Errors
/// When none is known.
pub fn gateway(profile: Option<&str>) -> Result<Gateway> {
    Gateway::new(crate::profile::resolve(profile)?)
}
