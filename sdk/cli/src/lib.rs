//! `coalition`, the command line of rule authors, partners and operators: scaffolds, builds, checks and tests plugins
//! in the very sandbox of production, uploads them, and posts receipts.
//!
//! One file a command under [`commands`]; the rest is what commands share: how to reach a gateway ([`client`],
//! [`profile`]), how to read receipts ([`receipts`]), how to speak ([`output`]) and how to fail ([`error`]).

pub mod cli;
pub mod client;
pub mod commands;
pub mod error;
pub mod output;
pub mod paths;
pub mod profile;
pub mod receipts;
pub mod sandbox;

use std::process::ExitCode;

use clap::Parser;

/// Parses the arguments, runs the command, prints what went wrong, and answers the documented exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = cli::Cli::parse();
    arguments.color.apply();
    match commands::run(arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::print_error(&error);
            error.exit.into()
        }
    }
}
