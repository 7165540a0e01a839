//! The gateway's binary: reads the configuration, wires the floors together, and runs one command.

mod commands;
mod config;
mod telemetry;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use config::{Common, Serving};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The coalition gateway: merchants who share one points currency, each with rules of its own.
#[derive(Debug, Parser)]
#[command(name = "coalition-gateway", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the schema, the program, a signing key and the operator's credentials, which are printed once.
    Init(commands::init::Arguments),
    /// Brings the schema up to date if need be, and serves.
    Serve(Box<Serving>),
    /// Brings the schema up to date.
    Migrate,
    /// Checks what the gateway needs, and says how to mend it.
    Doctor(Box<Serving>),
    /// Prints the OpenAPI document.
    Openapi(commands::openapi::Arguments),
    /// Recomputes the ledger from what was written; exit code 1 where it does not agree.
    Verify,
}

fn main() -> ExitCode {
    // The sandbox starts this very binary again to compile in a process of its own.
    coalition_rules::run_child_if_asked();
    // Two TLS providers are in the tree; whoever comes first names the one to use.
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let file = config::File::read(arguments.common.config.as_deref())?;
    let common = arguments.common.or(file.common);
    telemetry::start(&common);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Init(arguments) => commands::init::run(&common, &arguments).await,
            Command::Serve(serving) => commands::serve::run(&common, &serving.or(file.serving)).await,
            Command::Migrate => commands::migrate::run(&common).await,
            Command::Doctor(serving) => commands::doctor::run(&common, &serving.or(file.serving)).await,
            Command::Openapi(arguments) => commands::openapi::run(&arguments),
            Command::Verify => commands::verify::run(&common).await,
        }
    })
}
