//! The binary `coalition`. Everything it does is in the library beside it; this file only decides what comes first.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The sandbox compiles components in a child process, and that child is this very binary.
    coalition_rules::run_child_if_asked();
    // The tree holds two TLS providers; rustls wants to be told which one. An error means that one is installed already.
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    coalition_cli::main()
}
