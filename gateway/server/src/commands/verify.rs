//! `verify`: recomputes the ledger from what was written. Reads only, so it may run beside a gateway.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::time::Instant;

use crate::config::Common;

/// How often a long verification says that it is still at work.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(5);

/// Runs it.
pub async fn run(common: &Common) -> Result<ExitCode> {
    let store = super::connect_existing(common).await?;
    let started = Instant::now();
    let mut verification = std::pin::pin!(coalition_app::reports::verify(&store));
    let mut ticks = tokio::time::interval_at(started + PROGRESS_INTERVAL, PROGRESS_INTERVAL);
    let verified = loop {
        tokio::select! {
            verified = &mut verification => break verified.context("reading the ledger")?,
            _ = ticks.tick() => eprintln!("verifying … {} s", started.elapsed().as_secs()),
        }
    };
    println!(
        "transfers  {}\nblocks     {}\nhead       {}",
        verified.transfers,
        verified.blocks,
        verified.head.as_deref().unwrap_or("none yet")
    );
    for problem in &verified.problems {
        println!("PROBLEM    {problem}");
    }
    println!("{}", if verified.ok { "The ledger agrees with itself." } else { "The ledger does not agree with itself." });
    Ok(if verified.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
