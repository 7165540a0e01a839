//! What a decision of each archetype costs, at 1, 5, 100 and 200 lines: a table in Markdown, as it stands in `plugins/README.md`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use coalition_rules::contract::{Event, Member};
use coalition_rules::{Admitted, Sandbox, SandboxConfig, State};
use coalition_tests::archetypes::crates;
use coalition_tests::harness::plugins;
use serde_json::json;

/// Lines of the purchases that are decided.
const LINES: [usize; 4] = [1, 5, 100, 200];
/// Decisions before the measurement, and in it.
const WARMUP: usize = 50;
const MEASURED: usize = 500;
/// When: a Friday in November.
const AT_MS: i64 = 1_795_840_200_000;
/// What the goods are, in turn: the categories of a grocer's receipts.
const CATEGORIES: [&str; 5] = ["SOFT DRINKS", "FLUID MILK PRODUCTS", "BAKED BREAD/BUNS/ROLLS", "CHEESE", "TROPICAL FRUIT"];

/// Measures and prints.
pub fn measure() -> Result<()> {
    let sandbox = Sandbox::new(SandboxConfig::default())?;
    let lines = LINES.map(|lines| lines.to_string());
    println!("| archetype | KiB | fuel at {} lines | µs at {} lines |", lines.join(" / "), lines.join(" / "));
    println!("| --- | ---: | ---: | ---: |");
    for name in crates() {
        let component = plugins::component(&name)?;
        let admitted = sandbox.admit(&component).map_err(|violations| anyhow!("{name} is refused: {violations:?}"))?;
        let (mut fuel, mut micros) = (Vec::new(), Vec::new());
        for lines in LINES {
            let (burnt, taken) = decide(&admitted, lines)?;
            fuel.push(thousands(burnt));
            micros.push(format!("{:.0}", taken.as_secs_f64() * 1e6));
        }
        println!("| `{name}` | {} | {} | {} |", component.len().div_ceil(1024), fuel.join(" / "), micros.join(" / "));
    }
    Ok(())
}

/// Fuel, and the median time of a fresh instance each.
fn decide(admitted: &Admitted, lines: usize) -> Result<(u64, Duration)> {
    let program = admitted.program.patient();
    let activity = admitted.manifest.handles.iter().find_map(|kind| kind.strip_prefix("activity:"));
    let buys = admitted.manifest.handles.iter().any(|kind| kind == "purchase");
    let event = if buys { purchase(lines)? } else { happened(activity.context("purchases or activities")?)? };
    let member = member()?;
    let mut fuel = 0;
    let mut taken = Vec::with_capacity(MEASURED);
    for round in 0..WARMUP + MEASURED {
        let started = Instant::now();
        let run = program.on_event(&event, &member, "{}", &State::default());
        let elapsed = started.elapsed();
        fuel = run.usage.fuel;
        black_box(run.outcome).map_err(|failure| anyhow!("the rules failed: {failure}"))?.ok();
        if round >= WARMUP {
            taken.push(elapsed);
        }
    }
    taken.sort_unstable();
    Ok((fuel, taken.get(MEASURED / 2).copied().unwrap_or_default()))
}

fn member() -> Result<Member> {
    let member = json!({ "id": "m", "enrolled": { "ms": 1_700_000_000_000_i64, "offset_minutes": 0 }, "balance": 500 });
    serde_json::from_value(member).context("a member of the contract")
}

/// For a program that decides no purchases.
fn happened(activity: &str) -> Result<Event> {
    let event = json!({
        "id": "act", "at": { "ms": AT_MS, "offset_minutes": 0 }, "seed": 7, "kind": "activity", "activity": { "kind": activity },
    });
    serde_json::from_value(event).context("an event of the contract")
}

fn purchase(lines: usize) -> Result<Event> {
    let line = |number: usize| {
        let category = CATEGORIES.get(number % CATEGORIES.len()).copied().unwrap_or_default();
        json!({ "number": number, "sku": format!("{number:07}"), "category": category, "quantity_milli": 1_000, "amount": 250 })
    };
    let event = json!({
        "id": "txn", "at": { "ms": AT_MS, "offset_minutes": 0 }, "seed": 7, "kind": "purchase",
        "purchase": { "currency": "USD", "total": 250 * lines, "lines": (0..lines).map(line).collect::<Vec<_>>() },
    });
    serde_json::from_value(event).context("an event of the contract")
}

/// In thousands, rounded to the nearest: what is told to people.
fn thousands(fuel: u64) -> String {
    format!("{}k", (fuel + 500) / 1000)
}
