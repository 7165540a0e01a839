//! `init`: the schema, the program, a signing key, and the operator's credentials.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;

use crate::config::Common;

/// What `init` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Makes a test program, for good: its business time can be moved.
    #[arg(long)]
    test: bool,
    /// Prints the credentials as JSON: `{"client_id", "client_secret"}`.
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub async fn run(common: &Common, arguments: &Arguments) -> Result<ExitCode> {
    let store = super::connect(common).await?;
    let made = coalition_app::init::init(&store, arguments.test).await.context("making the program")?;
    let folder = common.checkpoints();
    match coalition_app::checkpoints::prepare(&store, &folder).await {
        Ok(Some(aside)) => eprintln!("note: the checkpoints of another program were set aside: {}", aside.display()),
        Ok(None) => {}
        // The program is made: its credentials are shown whatever becomes of this.
        Err(error) => {
            eprintln!("warning: no checkpoints can be signed in {}: {error}; `coalition-gateway doctor` says more", folder.display())
        }
    }
    if arguments.json {
        println!("{}", json!({ "client_id": made.client_id, "client_secret": made.client_secret }));
    } else {
        let kind = if arguments.test { "test program" } else { "program" };
        println!("The {kind} is made. The operator's credentials, shown this once:\n");
        println!("  client_id      {}\n  client_secret  {}\n", made.client_id, made.client_secret.unwrap_or_default());
        println!("Checkpoints are signed by the key in {}: keep it out of the database's reach.", folder.display());
        println!("Start the gateway with `coalition-gateway serve` and the same --database.");
    }
    Ok(ExitCode::SUCCESS)
}
