//! Purchases over HTTP on one database, and pgbench's TPC-B on the same cluster.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use coalition_tests::harness::actors::{Brand, Coalition, Member, NOW};
use coalition_tests::harness::binaries::{self, Progress};
use coalition_tests::harness::database::Kind;
use coalition_tests::harness::postgres;
use coalition_tests::load::{self, Outcome, Plan};
use serde_json::json;

/// pgbench's scale: 100 000 accounts each.
const SCALE: &str = "20";
/// Its clients: few, where it is fastest, and more.
const PGBENCH_CLIENTS: [&str; 2] = ["8", "32"];
/// Brands whose tills the clients are.
const BRANDS: usize = 4;
/// Members who buy; more than clients, as in a shop.
const MEMBERS: usize = 2_000;

/// How to run.
pub struct Run {
    /// Clients at once.
    pub clients: usize,
    /// Measured time.
    pub measured: Duration,
    /// Lines of a purchase.
    pub lines: usize,
}

/// Transactions a second of TPC-B, at the better of two numbers of clients; none where pgbench is not installed.
pub fn pgbench(seconds: u64) -> Result<Option<f64>> {
    let Some(cluster) = postgres::cluster()? else { return Ok(None) };
    let url = cluster.create_database()?;
    let database = url.rsplit('/').next().unwrap_or_default().to_owned();
    let mut fill = cluster.tool("pgbench");
    fill.args(["-i", "-q", "-s", SCALE, &database]);
    binaries::run(fill, Progress::Quiet).context("filling pgbench's tables")?;
    let mut best: f64 = 0.0;
    for clients in PGBENCH_CLIENTS {
        let mut run = cluster.tool("pgbench");
        run.args(["-c", clients, "-j", "2", "-T", &seconds.to_string(), &database]);
        let printed = String::from_utf8(binaries::run(run, Progress::Quiet)?)?;
        let tps = printed.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench prints its tps")?;
        let tps: f64 = tps.split_whitespace().next().context("a number")?.parse()?;
        println!("  {:<12} {tps:>8.0} /s   pgbench, TPC-B, scale {SCALE}, {clients} clients", "reference");
        best = best.max(tps);
    }
    cluster.drop_database(&url)?;
    Ok(Some(best))
}

/// Purchases a second over HTTP.
pub async fn measure(kind: Kind, run: &Run) -> Result<Outcome> {
    let coalition = Coalition::start(kind).await?.context("this database is not installed here")?;
    let mut brands = Vec::new();
    for number in 0..BRANDS {
        let brand = coalition.brand(&format!("brand-{number}")).await;
        brand.deploy("points-per-spend", &json!({})).await;
        brands.push(brand);
    }
    let members = enrol(brands.first().context("a brand")?).await;
    let plan = Plan {
        address: coalition.gateway.address().to_owned(),
        clients: run.clients,
        warmup: Duration::from_secs(3),
        measured: run.measured,
    };
    let (address, lines) = (plan.address.clone(), lines(run.lines));
    let total = 250 * run.lines;
    let tokens: Arc<Vec<String>> = Arc::new(brands.iter().map(|brand| brand.http.token().to_owned()).collect());
    let outcome = load::run(&plan, move |client, call| {
        // A step through the members that no two clients share for long.
        let member = members.get((client * 7 + call as usize * 13) % members.len()).map_or("", |member| member.card.as_str());
        let token = tokens.get(client % tokens.len()).map_or("", String::as_str);
        let body = format!(
            r#"{{"external_id":"b-{client}-{call}","member":{{"card":"{member}"}},"occurred_at":"{NOW}","store":"s-1","currency":"USD","total":{total},"lines":[{lines}]}}"#
        );
        load::request(&address, "/v1/transactions", token, &body)
    })
    .await?;
    coalition.verify().await;
    Ok(outcome)
}

async fn enrol(brand: &Brand) -> Arc<Vec<Member>> {
    let mut members = Vec::with_capacity(MEMBERS);
    let numbers: Vec<usize> = (0..MEMBERS).collect();
    for chunk in numbers.chunks(64) {
        let cards: Vec<String> = chunk.iter().map(|number| format!("M{number:05}")).collect();
        members.extend(futures::future::join_all(cards.iter().map(|card| brand.enrol(card))).await);
    }
    Arc::new(members)
}

fn lines(count: usize) -> String {
    let line = |number: usize| format!(r#"{{"sku":"{number}","category":"BREAD","quantity":1,"amount":250}}"#);
    (0..count).map(line).collect::<Vec<_>>().join(",")
}

/// One line of the report.
pub fn tell(name: &str, outcome: &Outcome, reference: Option<f64>) {
    let ratio = reference.map(|tps| format!(", {:.1} times TPC-B", outcome.per_second() / tps)).unwrap_or_default();
    println!(
        "  {name:<12} {:>8.0} /s   p50 {:.0} ms, p99 {:.0} ms, refused {}{ratio}",
        outcome.per_second(),
        outcome.quantile(0.5).as_secs_f64() * 1e3,
        outcome.quantile(0.99).as_secs_f64() * 1e3,
        outcome.refusals,
    );
}
