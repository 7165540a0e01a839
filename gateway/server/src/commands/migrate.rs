//! `migrate`: brings the schema up to date. `serve` does it by itself; this is for those who want it done apart.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::config::Common;

/// Runs it.
pub async fn run(common: &Common) -> Result<ExitCode> {
    let store = super::connect(common).await?;
    if store.is_migrated().await.context("looking at the schema")? {
        println!("The schema is up to date.");
    } else {
        store.migrate().await.context("bringing the schema up to date")?;
        println!("The schema has been brought up to date.");
    }
    Ok(ExitCode::SUCCESS)
}
