//! Purchases over HTTP on one database, and pgbench's TPC-B on the same cluster.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use coalition_tests::cpu;
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

/// What a run came to.
pub struct Measured {
    /// As the clients saw it.
    pub outcome: Outcome,
    /// Processor time in the measured time: of the gateway, the database's own processes, the clients.
    used: [Duration; 3],
    /// Purchases a database transaction, in the mean of all since the gateway began.
    batch: f64,
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
pub async fn measure(kind: Kind, run: &Run) -> Result<Measured> {
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
    let posting = load::run(&plan, move |client, call| {
        // A step through the members that no two clients share for long.
        let member = members.get((client * 7 + call as usize * 13) % members.len()).map_or("", |member| member.card.as_str());
        let token = tokens.get(client % tokens.len()).map_or("", String::as_str);
        let body = format!(
            r#"{{"external_id":"b-{client}-{call}","member":{{"card":"{member}"}},"occurred_at":"{NOW}","store":"s-1","currency":"USD","total":{total},"lines":[{lines}]}}"#
        );
        load::request(&address, "/v1/transactions", token, &body)
    });
    let cluster = if kind == Kind::Postgres { postgres::cluster()?.map(postgres::Cluster::pid) } else { None };
    let used = || [Some(coalition.gateway.pid()), cluster, Some(std::process::id())].map(|pid| pid.map(cpu::used_by).unwrap_or_default());
    let watching = async {
        tokio::time::sleep(plan.warmup).await;
        let before = used();
        tokio::time::sleep(plan.measured).await;
        (before, used())
    };
    let (outcome, (before, after)) = tokio::join!(posting, watching);
    // The gateway and the cluster are children of this process.
    let mut used = [0, 1, 2].map(|place: usize| after[place].saturating_sub(before[place]));
    used[2] = used[2].saturating_sub(used[0] + used[1]);
    let batch = mean_batch(&coalition).await?;
    coalition.verify().await;
    Ok(Measured { outcome: outcome?, used, batch })
}

async fn mean_batch(coalition: &Coalition) -> Result<f64> {
    let metrics = coalition.stranger().get("/metrics").await.text();
    let number = |name: &str| {
        let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        value.with_context(|| format!("/metrics has {name}"))
    };
    Ok(number("coalition_batch_items_sum")? / number("coalition_batch_items_count")?)
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

/// One run's part of the report; answers the ratio.
pub fn tell(name: &str, measured: &Measured, reference: Option<f64>) -> Option<f64> {
    let outcome = &measured.outcome;
    let ratio = reference.map(|tps| outcome.per_second() / tps);
    println!(
        "  {name:<12} {:>8.0} /s   p50 {:.0} ms, p99 {:.0} ms, refused {}{}",
        outcome.per_second(),
        outcome.quantile(0.5).as_secs_f64() * 1e3,
        outcome.quantile(0.99).as_secs_f64() * 1e3,
        outcome.refusals,
        ratio.map(|ratio| format!(", {ratio:.2} times TPC-B")).unwrap_or_default(),
    );
    let each = |used: Duration| used.as_secs_f64() * 1e6 / outcome.answers.max(1) as f64;
    let [gateway, database, clients] = measured.used.map(each);
    println!(
        "  {:<24} {gateway:.0} µs of processor a purchase in the gateway, {database:.0} in the database's processes, {clients:.0} in the clients; {:.0} a batch",
        "", measured.batch
    );
    ratio
}
