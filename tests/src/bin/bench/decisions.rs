//! The time of one decision in the sandbox, and of the same rule as a plain native function: what the isolation costs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use coalition_rules::contract::{Event, Member, Purchase};
use coalition_rules::{Sandbox, SandboxConfig, State};
use coalition_tests::harness::plugins;
use serde_json::json;

/// Lines of the purchases that are decided.
const LINES: [usize; 2] = [5, 100];
/// Decisions before the measurement, and in it.
const WARMUP: usize = 500;
const MEASURED: usize = 5_000;

/// Measures and prints.
pub fn measure() -> Result<()> {
    let component = plugins::component("points-per-spend")?;
    let sandbox = Sandbox::new(SandboxConfig::default())?;
    let admitted = sandbox.admit(&component).map_err(|violations| anyhow!("the component is refused: {violations:?}"))?;
    let member: Member =
        serde_json::from_value(json!({ "id": "m", "enrolled": { "ms": 1_700_000_000_000_i64, "offset_minutes": 0 }, "balance": 500 }))?;
    println!("Microseconds a decision: points-per-spend, a fresh instance each, the median of {MEASURED}");
    for lines in LINES {
        let event = event(lines)?;
        let mut fuel = 0;
        let sandboxed = median(|| {
            let run = admitted.program.on_event(&event, &member, "{}", &State::default());
            fuel = run.usage.fuel;
            black_box(run.outcome.is_ok())
        });
        let coalition_rules::contract::EventBody::Purchase(purchase) = &event.body else { anyhow::bail!("the event is a purchase") };
        let native = median(|| black_box(natively(black_box(purchase))).is_some());
        println!(
            "  {lines:>3} lines     {:>8.1} µs   in the sandbox, {fuel} of fuel; natively {:.2} µs",
            sandboxed.as_secs_f64() * 1e6,
            native.as_secs_f64() * 1e6,
        );
    }
    Ok(())
}

fn event(lines: usize) -> Result<Event> {
    let line = |number: usize| json!({ "number": number, "sku": format!("{number:07}"), "category": "BREAD", "quantity_milli": 1_000, "amount": 250 });
    let event = json!({
        "id": "txn", "at": { "ms": 1_795_840_200_000_i64, "offset_minutes": 0 }, "seed": 7, "kind": "purchase",
        "purchase": { "currency": "USD", "total": 250 * lines, "lines": (0..lines).map(line).collect::<Vec<_>>() },
    });
    serde_json::from_value(event).context("an event of the contract")
}

/// What the component does with its defaults: goods that are excluded by their category's beginning earn nothing, the rest a point a dollar.
fn natively(purchase: &Purchase) -> Option<(String, i64, Vec<u32>)> {
    const EXCLUDED: [&str; 4] = ["GIFT CARD", "CIGAR", "TOBACCO", "LOTTERY"];
    let mut earning = purchase.total;
    let mut lines = Vec::new();
    for line in &purchase.lines {
        if EXCLUDED.iter().any(|beginning| line.category.starts_with(beginning)) {
            earning = earning.checked_sub(line.amount)?;
        } else {
            lines.push(line.number);
        }
    }
    Some(("base".to_owned(), earning.checked_div(100)?, lines))
}

/// The median time of a call. Calls far shorter than the clock's own cost are taken a hundred at a time.
fn median(mut call: impl FnMut() -> bool) -> Duration {
    let mut timed = |times: u32| {
        let started = Instant::now();
        for _ in 0..times {
            assert!(call(), "the rule decides");
        }
        started.elapsed() / times
    };
    for _ in 0..WARMUP {
        timed(1);
    }
    let times = if timed(1) < Duration::from_micros(5) { 100 } else { 1 };
    let mut taken: Vec<Duration> = (0..MEASURED).map(|_| timed(times)).collect();
    taken.sort_unstable();
    taken.get(MEASURED / 2).copied().unwrap_or_default()
}
