//! `coalition plugin …`: the way of a rule from an empty folder to a live version.

mod activate;
mod advice;
mod archetype;
mod build;
mod cargo;
mod case;
mod check;
mod explain;
mod list;
mod new;
mod node;
mod push;
mod rollback;
mod run;
mod scaffold;
mod sdk_path;
mod source;
mod stats;
mod surroundings;
mod test;
mod visitor;

pub use cargo::{TARGET, target_installed};
pub use new::Lang;
pub use node::{NODE_MIN, installed_beside, version as node_version};
pub use sdk_path::Sdk;

use crate::error::Result;

/// Write rules: new, build, check, test, run; and put them to work: push, activate, list.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Start a plugin from a template, in Rust, JavaScript or TypeScript: it builds, with tests and cases.
    New(new::Arguments),
    /// Build a plugin's folder into a component that the gateway takes.
    Build(build::Arguments),
    /// Say exactly what an upload would say: every violation.
    Check(check::Arguments),
    /// Build a plugin and run its cases/ in the sandbox of production.
    Test(test::Arguments),
    /// Run a component on one event: effects, points explained, fuel, memory, time.
    Run(run::Arguments),
    /// Upload a component to the gateway.
    Push(push::Arguments),
    /// Make an uploaded version the live one.
    Activate(activate::Arguments),
    /// Go back to the version and configuration that were live before.
    Rollback(rollback::Arguments),
    /// List the versions at the gateway.
    List(list::Arguments),
    /// Show what a version's runs took: calls, traps, fuel against the limit.
    Stats(stats::Arguments),
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
        Command::Rollback(arguments) => rollback::run(&arguments, profile),
        Command::List(arguments) => list::run(&arguments, profile),
        Command::Stats(arguments) => stats::run(&arguments, profile),
    }
}
