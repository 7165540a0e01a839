//! The ordeals at full length, on both databases: receipts posted twice, raced by two gateways, refunded in pieces; a gateway killed again and
//! again; clients who race for the same points; random histories against the model; and the books edited behind the gateway's back.
//! Ends with an error at the first promise that does not hold. Takes minutes to an hour; `--help` says what can be cut.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a broken promise ends the run, and names the line")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use coalition_tests::harness::actors::Coalition;
use coalition_tests::harness::database::Kind;
use coalition_tests::receipts::mixed::mixed;
use coalition_tests::receipts::post::Manner;
use coalition_tests::receipts::{Receipt, load, of_households, ordeals};
use coalition_tests::{archetypes, crashes, histories, races, tamper};

/// Post all receipts in every manner, race gateways and clients, kill the gateway, play random histories, and edit the books; on SQLite and PostgreSQL.
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// Receipts, one JSON object a line, gzipped or not [default: those that the project holds].
    #[arg(long, env = "COALITION_RECEIPTS", value_name = "FILE")]
    receipts: Option<PathBuf>,
    /// Only so many households' receipts.
    #[arg(long, value_name = "N")]
    households: Option<usize>,
    /// How often the gateway is killed while it posts receipts.
    #[arg(long, default_value_t = 20, value_name = "N")]
    rounds: usize,
    /// How often it is killed while tills sell, refund, hold, capture, void and reverse.
    #[arg(long, default_value_t = 50, value_name = "N")]
    crashes: usize,
    /// Rounds of each race; where one race is many calls, a call a round and more.
    #[arg(long, default_value_t = 50, value_name = "N")]
    races: usize,
    /// Random histories, of 150 steps each.
    #[arg(long, default_value_t = 200, value_name = "N")]
    histories: usize,
    /// The seed of histories, mixed receipts and crashes [default: another each time].
    #[arg(long, env = "COALITION_HISTORY_SEED", value_name = "N")]
    history_seed: Option<u64>,
    /// How many edits by SQL must be found and named.
    #[arg(long, default_value_t = 200, value_name = "N")]
    edits: usize,
    /// The seed of the edits [default: another each time].
    #[arg(long, env = "COALITION_TAMPER_SEED", value_name = "N")]
    seed: Option<u64>,
    /// Tills that post at once.
    #[arg(long, default_value_t = 64, value_name = "N")]
    tills: usize,
    /// Only these ordeals.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Ordeal>,
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

/// What the gateway has to survive.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ordeal {
    /// Receipts, posted in every manner and to two gateways, and the gateway killed meanwhile.
    Receipts,
    /// Receipts of which some are refunded in pieces, by members who redeem.
    Mixed,
    /// The gateway is killed under mixed load.
    Crashes,
    /// Clients who want the same points.
    Races,
    /// Random histories against the model.
    Histories,
    /// Every program of `plugins/` live on the receipts, each decision run again.
    Archetypes,
    /// Edits by SQL.
    Edits,
}

impl Arguments {
    fn wants(&self, ordeal: Ordeal) -> bool {
        self.only.is_empty() || self.only.contains(&ordeal)
    }
}

/// Steps of a history.
const STEPS: usize = 150;

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
    if arguments.wants(Ordeal::Receipts) {
        with_receipts(kind, receipts, arguments).await?;
    }
    let seed = arguments.history_seed.unwrap_or_else(histories::seed);
    if arguments.wants(Ordeal::Mixed) {
        let (coalition, started) = begin(kind).await?;
        let done = mixed(&coalition, receipts, seed, arguments.tills).await;
        let outcome =
            format!("{} receipts, {} refunds, {} redemptions; every balance to the point", done.receipts, done.refunds, done.redemptions);
        told("refunded and redeemed", started.elapsed(), &outcome);
    }
    if arguments.wants(Ordeal::Crashes) {
        let (mut coalition, started) = begin(kind).await?;
        let acknowledged = crashes::killed(&mut coalition, arguments.crashes, 16, seed).await;
        let calls: usize = acknowledged.iter().sum();
        told(
            "killed under mixed load",
            started.elapsed(),
            &format!("{} times; {calls} acknowledged calls, none lost or doubled", acknowledged.len()),
        );
    }
    if arguments.wants(Ordeal::Races) {
        with_racers(kind, arguments.races).await?;
    }
    if arguments.wants(Ordeal::Histories) {
        let (coalition, started) = begin(kind).await?;
        histories::played(&coalition, seed, arguments.histories, STEPS).await;
        told(
            "random histories",
            started.elapsed(),
            &format!("{} of {STEPS} steps from seed {seed}, each as the model has it", arguments.histories),
        );
    }
    if arguments.wants(Ordeal::Archetypes) {
        let (coalition, started) = begin(kind).await?;
        let done = archetypes::live(&coalition, receipts, 1).await;
        let outcome = format!(
            "{} programs, {} receipts, {} refunds; {} decisions replayed to the same bytes",
            done.programs, done.receipts, done.refunds, done.replays
        );
        told("every archetype", started.elapsed(), &outcome);
    }
    if arguments.wants(Ordeal::Edits) {
        let (coalition, started) = begin(kind).await?;
        let seed = arguments.seed.unwrap_or_else(tamper::seed);
        tamper::edited(&coalition, seed, arguments.edits).await;
        told("edited by SQL", started.elapsed(), &format!("{} edits of seed {seed}, each found and named", arguments.edits));
    }
    Ok(())
}

async fn with_racers(kind: Kind, rounds: usize) -> Result<()> {
    let (coalition, started) = begin(kind).await?;
    races::one_balance(&coalition, 200).await;
    told("redemptions of a balance", started.elapsed(), "200 at once; as many as it pays for");
    let (coalition, started) = begin(kind).await?;
    races::reversals(&coalition, rounds, 20).await;
    told("reversals of a capture", started.elapsed(), &format!("{rounds} rounds of 20, each said twice"));
    let (coalition, started) = begin(kind).await?;
    races::against_refund(&coalition, rounds * 4).await;
    told("redeemed and refunded", started.elapsed(), &format!("{} rounds", rounds * 4));
    let (coalition, started) = begin(kind).await?;
    races::against_cancellation(&coalition, rounds, 20).await;
    told("refunded and cancelled", started.elapsed(), &format!("{rounds} rounds of 20"));
    let (coalition, started) = begin(kind).await?;
    races::against_expiry(&coalition, rounds, 40).await;
    told("redeemed and expired", started.elapsed(), &format!("{rounds} rounds of 40"));
    let (coalition, started) = begin(kind).await?;
    races::last_piece(&coalition, rounds, 40).await;
    told("the last piece", started.elapsed(), &format!("{rounds} rounds of 40"));
    let (coalition, started) = begin(kind).await?;
    races::identical_refunds(&coalition, rounds, 20).await;
    told("one refund, said often", started.elapsed(), &format!("{rounds} rounds of 20"));
    let (coalition, started) = begin(kind).await?;
    races::one_budget(&coalition, rounds, 40).await;
    told("a campaign's budget", started.elapsed(), &format!("{rounds} rounds of 40"));
    let (coalition, started) = begin(kind).await?;
    races::opposing_transfers(&coalition, 20, 1_000).await;
    told("opposing transfers", started.elapsed(), "1000 between 20 members, in all directions");
    let (coalition, started) = begin(kind).await?;
    races::against_erasure(&coalition, rounds, 40).await;
    told("redeemed and erased", started.elapsed(), &format!("{rounds} rounds of 40"));
    let (coalition, started) = begin(kind).await?;
    races::one_household(&coalition, 6, 200).await;
    told("redemptions of a household", started.elapsed(), "200 at once; as many as it pays for");
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
