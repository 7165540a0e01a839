//! `serve`: the gateway itself, until it is told to stop.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use coalition_app::App;
use coalition_rules::Sandbox;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Common, Serving};
use crate::telemetry;

/// Runs it.
pub async fn run(common: &Common, serving: &Serving) -> Result<ExitCode> {
    let metrics = telemetry::count().context("starting the counters")?;
    let store = super::connect_existing(common).await?;
    if !store.is_migrated().await.context("looking at the schema")? {
        tracing::info!("bringing the schema up to date");
        store.migrate().await.context("bringing the schema up to date")?;
    }
    let program = coalition_store::program::find(store.read()).await.context("looking for the program")?;
    let is_test = program.context("the database has no program yet: run `coalition-gateway init` with the same --database first")?.test;
    let config = serving.sandbox();
    let sandbox = tokio::task::spawn_blocking(move || Sandbox::new(config)).await?.context("starting the sandbox")?;
    let app = App::start(store, sandbox, serving.app(common.checkpoints())).await.context("starting")?;
    let bound = coalition_http::bind(app.clone(), is_test, serving.listen(), serving.http(), Some(metrics))
        .with_context(|| format!("listening at {}", serving.listen()))?;
    // Watched from before anybody can be told of the address, so that no signal is lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = bound.stop();
    let address = bound.address;
    let mut server = tokio::spawn(bound.server);
    tracing::info!(%address, docs = format!("http://{address}/docs"), test = is_test, "listening");
    tokio::select! {
        ended = &mut server => {
            ended?.context("serving")?;
            anyhow::bail!("the server ended by itself");
        }
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("draining: no new work is taken, what is under way is answered");
    tokio::select! {
        () = stop.gracefully() => {}
        // A second interrupt means at once: nothing acknowledged is lost by it.
        _ = interrupt.recv() => return Ok(ExitCode::FAILURE),
    }
    let _ended = server.await;
    app.drain().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
