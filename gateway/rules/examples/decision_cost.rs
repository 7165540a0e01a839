//! What a decision costs: microseconds for each call of a component's `on-event`, fresh instance and all, on an event from a file.
//!
//! `cargo run --release -p coalition-rules --example decision_cost -- RULES.wasm EVENT.json [--member M.json] [--config C.json] [--calls N]`
//!
//! The event's lines are repeated or cut to 5 and to 100, so that one file serves both. It prints the median, the 99th percentile and
//! the fuel. Build it with `--release`, and keep the machine quiet: figures under load say little.

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use coalition_rules::contract::{Event, EventBody, Member};
use coalition_rules::{Program, Sandbox, SandboxConfig, State};

fn main() -> Result<(), Box<dyn Error>> {
    coalition_rules::run_child_if_asked();
    let mut arguments = std::env::args().skip(1);
    let component: PathBuf = arguments.next().ok_or("which component?")?.into();
    let event: Event = read(&arguments.next().ok_or("which event?")?)?;
    let (mut member, mut config, mut calls) = (None, "{}".to_owned(), 20_000usize);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or("a flag without its value")?;
        match flag.as_str() {
            "--member" => member = Some(read::<Member>(&value)?),
            "--config" => config = std::fs::read_to_string(value)?,
            "--calls" => calls = value.parse()?,
            other => return Err(format!("no flag {other}").into()),
        }
    }
    let member = match member {
        Some(member) => member,
        None => serde_json::from_str(r#"{"id": "m", "enrolled": {"ms": 1500000000000}}"#)?,
    };
    let sandbox = Sandbox::new(SandboxConfig::default())?;
    let admitted = sandbox.admit(&std::fs::read(component)?).map_err(|violations| format!("{violations:#?}"))?;
    println!("{} {} ({})", admitted.manifest.name, admitted.manifest.version, admitted.class.as_str());
    println!("{:>6} {:>10} {:>10} {:>10}", "lines", "median µs", "p99 µs", "fuel");
    for lines in [5, 100] {
        measure(&admitted.program, &with_lines(&event, lines), &member, &config, calls)?;
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

fn with_lines(event: &Event, count: usize) -> Event {
    let mut event = event.clone();
    if let EventBody::Purchase(purchase) = &mut event.body {
        purchase.lines = (0u32..)
            .zip(purchase.lines.iter().cycle().take(count))
            .map(|(number, line)| coalition_rules::contract::Line { number, ..line.clone() })
            .collect();
        purchase.total = purchase.lines.iter().map(|line| line.amount).sum();
    }
    event
}

fn measure(program: &Program, event: &Event, member: &Member, config: &str, calls: usize) -> Result<(), Box<dyn Error>> {
    let state = State::default();
    let mut fuel = 0;
    let mut times = Vec::with_capacity(calls);
    for _ in 0..calls {
        let start = Instant::now();
        let run = program.on_event(event, member, config, &state);
        times.push(start.elapsed());
        run.outcome?.map_err(|refusal| format!("the rule refuses the event: {}", refusal.code))?;
        fuel = run.usage.fuel;
    }
    times.sort_unstable();
    let at = |share: usize| micros(times.get(times.len() * share / 100).copied().unwrap_or_default());
    let lines = event.body.purchase().map_or(0, |purchase| purchase.lines.len());
    println!("{lines:>6} {:>10.1} {:>10.1} {fuel:>10}", at(50), at(99));
    Ok(())
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
