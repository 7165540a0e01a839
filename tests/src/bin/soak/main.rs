//! The ordeals of the receipts at full length, on both databases: posted twice, raced by two gateways, killed again and again; and the books
//! edited behind the gateway's back.
//! Ends with an error at the first promise that does not hold. Takes minutes to an hour; `--help` says what can be cut.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken promise ends the run, and names the line")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::database::Kind;
use coalition_tests::receipts::post::Manner;
use coalition_tests::receipts::{Receipt, load, of_households, ordeals};
use coalition_tests::tamper;

/// Post all receipts twice, race two gateways for them, kill a gateway that is posting them, and edit its books; on SQLite and PostgreSQL.
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// Receipts, one JSON object a line, gzipped or not [default: those that the project holds].
    #[arg(long, env = "COALITION_RECEIPTS", value_name = "FILE")]
    receipts: Option<PathBuf>,
    /// Only so many households' receipts.
    #[arg(long, value_name = "N")]
    households: Option<usize>,
    /// How often the gateway is killed.
    #[arg(long, default_value_t = 20, value_name = "N")]
    rounds: usize,
    /// How many edits by SQL must be found and named.
    #[arg(long, default_value_t = 200, value_name = "N")]
    edits: usize,
    /// The seed of the edits [default: another each time].
    #[arg(long, env = "COALITION_TAMPER_SEED", value_name = "N")]
    seed: Option<u64>,
    /// Tills that post at once.
    #[arg(long, default_value_t = 64, value_name = "N")]
    tills: usize,
    /// Only the edits.
    #[arg(long)]
    only_edits: bool,
    /// On which database.
    #[arg(long, value_enum, default_value_t = On::Both)]
    on: On,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum On {
    Sqlite,
    Postgres,
    Both,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut receipts = load(arguments.receipts.as_deref())?;
    if let Some(households) = arguments.households {
        receipts = of_households(&receipts, households);
    }
    println!("{} receipts", receipts.len());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for (kind, on, name) in [(Kind::Sqlite, On::Sqlite, "SQLite"), (Kind::Postgres, On::Postgres, "PostgreSQL")] {
        if arguments.on == on || arguments.on == On::Both {
            println!("\n{name}");
            runtime.block_on(ordeal_by_ordeal(kind, &receipts, &arguments))?;
        }
    }
    println!("\nEvery promise held.");
    Ok(())
}

async fn ordeal_by_ordeal(kind: Kind, receipts: &[Receipt], arguments: &Arguments) -> Result<()> {
    if !arguments.only_edits {
        with_receipts(kind, receipts, arguments).await?;
    }
    let (coalition, started) = begin(kind).await?;
    let seed = arguments.seed.unwrap_or_else(tamper::seed);
    tamper::edited(&coalition, seed, arguments.edits).await;
    told("edited by SQL", started.elapsed(), &format!("{} edits of seed {seed}, each found and named", arguments.edits));
    Ok(())
}

async fn with_receipts(kind: Kind, receipts: &[Receipt], arguments: &Arguments) -> Result<()> {
    let tills = arguments.tills;
    let (single, batches, lines) = (Manner::Singly { tills }, Manner::Batches { size: 1_000 }, Manner::Lines { size: 1_000 });
    for (name, once, again) in [("singly, then in batches", single, batches), ("as lines, then singly", lines, single)] {
        let (coalition, started) = begin(kind).await?;
        let posted = ordeals::posted_twice(&coalition, receipts, once, again).await;
        told(name, started.elapsed(), &format!("{posted} receipts, the second pass changed nothing"));
    }
    let (coalition, started) = begin(kind).await?;
    let posted = ordeals::raced(&coalition, receipts, tills / 2).await;
    told("two gateways at once", started.elapsed(), &format!("{posted} receipts, each posted once"));

    let (mut coalition, started) = begin(kind).await?;
    let acknowledged = ordeals::crashed(&mut coalition, receipts, arguments.rounds, tills).await;
    let deaths = acknowledged.len();
    told("killed while posting", started.elapsed(), &format!("{deaths} times; nothing acknowledged was lost, nothing doubled"));
    Ok(())
}

async fn begin(kind: Kind) -> Result<(Coalition, Instant)> {
    let coalition = Coalition::start(kind).await?.context("this database is not installed here")?;
    Ok((coalition, Instant::now()))
}

fn told(name: &str, elapsed: Duration, outcome: &str) {
    println!("  {name:<26} {:>6.1} s   {outcome}", elapsed.as_secs_f64());
}
