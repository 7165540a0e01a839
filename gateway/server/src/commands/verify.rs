//! `verify`: recomputes the ledger from what was written, and compares the checkpoints. Reads only, so it may run beside a gateway.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use coalition_app::verify::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Common;

/// How often a long verification says that it is still at work, where nobody sees a bar.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// Runs it.
pub async fn run(common: &Common) -> Result<ExitCode> {
    let store = super::connect_existing(common).await?;
    let folder = common.checkpoints();
    let shown = Shown::new();
    let verified =
        coalition_app::verify::verify(&store, Some(&folder), &|progress| shown.tell(progress)).await.context("reading the ledger")?;
    shown.end();
    println!(
        "transfers    {}\nrows         {}\nblocks       {}\nhead         {}",
        verified.transfers,
        verified.rows,
        verified.blocks,
        verified.head.as_deref().unwrap_or("none yet")
    );
    let covered = match (verified.checkpoints, verified.covered) {
        (0, _) => format!("none in {}: that the chain was not made anew can't be seen", folder.display()),
        (count, height) => format!("{count}, up to block {height}"),
    };
    println!("checkpoints  {covered}");
    for problem in &verified.problems {
        println!("PROBLEM      {problem}");
    }
    println!("{}", if verified.ok { "The ledger agrees with itself." } else { "The ledger does not agree with itself." });
    Ok(if verified.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A bar on a terminal, else a line now and then.
enum Shown {
    Bar(ProgressBar),
    Lines(Mutex<Instant>),
}

impl Shown {
    fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(Mutex::new(Instant::now()));
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:<18} [{bar:40}] {human_pos} of {human_len}  {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::Bar(bar)
    }

    fn tell(&self, progress: Progress) {
        let Progress { stage, done, total } = progress;
        match self {
            Self::Bar(bar) => {
                bar.set_message(stage.name());
                bar.set_length(total.max(done));
                bar.set_position(done);
            }
            Self::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= LINE_INTERVAL {
                    eprintln!("verifying {}: {done} of {}", stage.name(), total.max(done));
                    *last = Instant::now();
                }
            }
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
