//! The demo: a whole coalition on real receipts, from an empty database to a redemption at another brand, in one command.
//! It only does what any client could do: the command line, and the HTTP contract.

mod brands;
mod redeem;
mod report;
mod screen;
mod setup;
mod shopping;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use coalition_tests::harness::binaries;
use coalition_tests::harness::database::Database;
use coalition_tests::receipts;

use screen::Screen;

/// Seven brands, their rules, several thousand receipts, and a member who redeems at another brand.
#[derive(Parser)]
#[command(name = "demo")]
struct Arguments {
    /// Keep the gateway running at the end, until Ctrl-C.
    #[arg(long)]
    stay: bool,
    /// Where the gateway listens; port 0 picks one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "HOST:PORT")]
    listen: String,
    /// On an empty PostgreSQL database in place of a fresh SQLite file.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Other receipts than those that the project holds: one JSON object a line, gzipped or not.
    #[arg(long, env = "COALITION_RECEIPTS", value_name = "FILE")]
    receipts: Option<PathBuf>,
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let screen = Screen::new();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.failed(&error.into()),
    };
    match runtime.block_on(run(&arguments, &screen)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => screen.failed(&error),
    }
}

async fn run(arguments: &Arguments, screen: &Screen) -> Result<()> {
    let receipts = receipts::load(arguments.receipts.as_deref())?;
    screen.title("Coalition gateway", &format!("seven brands, one points currency, {} receipts", screen::count(receipts.len())));
    setup::build(screen)?;
    let rules = setup::rules(screen)?;
    let database = database(arguments)?;
    let stage = setup::coalition(screen, &database, &arguments.listen, &rules, &receipts).await?;
    let tally = shopping::post(screen, &stage, &receipts).await?;
    let redeemed = redeem::redeem(screen, &stage, &tally).await?;
    let verified = setup::verify(screen, &stage).await?;

    report::by_brand(screen, &stage, &tally);
    report::statement(screen, &stage, &redeemed).await?;
    report::redemption(screen, &redeemed);
    report::verification(screen, &verified, &tally);
    stay_or_leave(arguments, screen, stage, &database).await
}

fn database(arguments: &Arguments) -> Result<Database> {
    let folder = binaries::scratch()?.join("demo");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    match &arguments.postgres {
        Some(url) => Ok(Database::at(url, &folder)),
        None => Database::kept_in(&folder),
    }
}

async fn stay_or_leave(arguments: &Arguments, screen: &Screen, stage: setup::Stage, database: &Database) -> Result<()> {
    let url = stage.gateway.url();
    if !arguments.stay {
        screen.closing(&[
            ("Keep it running", "cargo demo --stay"),
            ("Its API page", "then at /docs of the address that it prints"),
            ("On PostgreSQL", "cargo demo --postgres postgres://USER@HOST/EMPTY_DATABASE"),
            ("The database", database.url()),
        ]);
        stage.gateway.terminate()?;
        return Ok(());
    }
    let token = format!(
        "curl -s -u {}:{} -d grant_type=client_credentials {url}/oauth/token",
        stage.credentials.client_id, stage.credentials.client_secret
    );
    screen.closing(&[
        ("API page", &format!("{url}/docs")),
        ("An operator's token", &token),
        ("The database", database.url()),
        ("End it", "Ctrl-C"),
    ]);
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    stage.gateway.terminate()?;
    Ok(())
}
