//! `openapi`: prints the document that a gateway serves at `/openapi.json`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

/// What `openapi` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// With the calls that only a test program has.
    #[arg(long)]
    test: bool,
}

/// Runs it.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    println!("{}", coalition_http::openapi::json(&coalition_http::openapi::document(arguments.test)));
    Ok(ExitCode::SUCCESS)
}
