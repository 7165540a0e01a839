//! First figures: purchases a second over HTTP beside pgbench's TPC-B in the same minute, and microseconds a decision beside the native call.
#![allow(clippy::as_conversions, clippy::expect_used, clippy::indexing_slicing, reason = "figures for people, not for the ledger")]

mod archetypes;
mod decisions;
mod purchases;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use coalition_tests::harness::database::Kind;

/// Measure purchases a second over HTTP, beside pgbench, and the time of a decision, beside the native call.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What to measure.
    #[arg(value_enum, default_value_t = What::All)]
    what: What,
    /// Clients at once, each on a connection of its own.
    #[arg(long, default_value_t = 256)]
    clients: usize,
    /// Measured seconds of each run.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// Lines of a purchase.
    #[arg(long, default_value_t = 5)]
    lines: usize,
    /// How often purchases are measured, each time beside pgbench of the same minute.
    #[arg(long, default_value_t = 1)]
    runs: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    All,
    Sqlite,
    Postgres,
    Decisions,
    /// What a decision of each program of `plugins/` costs, as a table.
    Archetypes,
}

fn main() -> Result<()> {
    // The compiler of rules runs in a child process: this very program, asked to be one.
    coalition_rules::run_child_if_asked();
    let arguments = Arguments::parse();
    let run = purchases::Run { clients: arguments.clients, measured: Duration::from_secs(arguments.seconds), lines: arguments.lines };
    let wants = |what| arguments.what == what || arguments.what == What::All;
    if wants(What::Sqlite) || wants(What::Postgres) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        println!("Purchases a second over HTTP: {} clients, {} lines each, {} s", run.clients, run.lines, arguments.seconds);
        let mut ratios: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for _ in 0..arguments.runs {
            let reference = purchases::pgbench(arguments.seconds)?;
            for (what, name, kind) in [(What::Postgres, "PostgreSQL", Kind::Postgres), (What::Sqlite, "SQLite", Kind::Sqlite)] {
                if wants(what) {
                    let measured = runtime.block_on(purchases::measure(kind, &run))?;
                    ratios.entry(name).or_default().extend(purchases::tell(name, &measured, reference));
                }
            }
        }
        for (name, ratios) in ratios.iter().filter(|(_, ratios)| ratios.len() > 1) {
            let (least, most) = ratios.iter().fold((f64::MAX, f64::MIN), |(least, most), ratio| (least.min(*ratio), most.max(*ratio)));
            println!("  {name:<12} {least:.2} to {most:.2} times TPC-B in {} runs", ratios.len());
        }
    }
    if wants(What::Decisions) {
        decisions::measure()?;
    }
    if wants(What::Archetypes) {
        archetypes::measure()?;
    }
    Ok(())
}
