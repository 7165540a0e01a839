//! `coalition plugin …`: the way of a rule from an empty folder to a live version.

mod activate;
mod build;
mod cargo;
mod case;
mod check;
mod explain;
mod list;
mod new;
mod push;
mod run;
mod scaffold;
mod test;

use crate::error::Result;

/// Write rules: new, build, check, test, run; and put them to work: push, activate, list.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start a plugin from a template: a crate that builds, with tests and cases.
    New(new::Arguments),
    /// Build a crate into a component that the gateway takes.
    Build(build::Arguments),
    /// Say exactly what an upload would say: every violation.
    Check(check::Arguments),
    /// Build a crate and run its cases/ in the sandbox of production.
    Test(test::Arguments),
    /// Run a component on one event: effects, points explained, fuel, memory, time.
    Run(run::Arguments),
    /// Upload a component to the gateway.
    Push(push::Arguments),
    /// Make an uploaded version the live one.
    Activate(activate::Arguments),
    /// List the versions at the gateway.
    List(list::Arguments),
}

/// Runs it.
///
/// # Errors
/// As each command says.
pub fn run(command: Command, profile: Option<&str>) -> Result {
    match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Push(arguments) => push::run(&arguments, profile),
        Command::Activate(arguments) => activate::run(&arguments, profile),
        Command::List(arguments) => list::run(&arguments, profile),
    }
}
