//! `coalition post FILE`: posts receipts, in batches or one by one, and counts what became of them.
//!
//! A thread reads the file and hands every member's receipts to the same lane, so that they are posted in the file's order
//! whatever the concurrency. A lane takes what is queued, up to a batch, and waits for its answer. The business id of a
//! receipt makes it safe to send again, so every doubt is answered by sending again: after a lost connection, and by the user.

mod lane;
mod report;
mod tally;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;

use crate::client::{self, Gateway};
use crate::error::{CliError, Exit, Result};
use crate::output;
use crate::receipts::{self, Line, Receipt, Source};
use lane::Lane;
use tally::Tally;

/// The largest batch that the gateway takes.
const BATCH_ITEMS_MAX: u16 = 1000;
/// Lanes when posting one by one: as many requests are on their way at once.
const LANES_SINGLE: u16 = 32;
/// Lanes when posting in batches: one is read and decided while the other is being written.
const LANES_BATCH: u16 = 2;

/// Post receipts from a file, in batches; safe to run again.
///
/// Each line is a JSON object as POST /v1/transactions takes it; `member_card` may stand for `member`, and `partner` is
/// ignored unless --partner filters on it. A receipt that the gateway knows already changes nothing, so after an
/// interruption just run it again. Exit code 1 when receipts were refused.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// NDJSON, plain or gzip; `-` reads stdin.
    file: PathBuf,
    /// Post only the lines of this partner.
    #[arg(long, value_name = "SLUG")]
    partner: Option<String>,
    /// Receipts a batch.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=i64::from(BATCH_ITEMS_MAX)))]
    batch: u16,
    /// One request a receipt instead of batches.
    #[arg(long, conflicts_with = "batch")]
    single: bool,
    /// Requests at a time [default: 2, or 32 with --single]; receipts of one member stay in order.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    concurrency: Option<u16>,
    /// Post only the first N receipts.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Give up when the gateway has taken nothing for so long.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    give_up_after: u64,
    /// Write the refused lines here, ready to be mended and posted.
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Print the counts as JSON.
    #[arg(long)]
    json: bool,
}

/// Posts the file.
///
/// # Errors
/// When the file can't be read, or the gateway is gone or refuses the client; what was posted by then is printed before.
pub fn run(arguments: &Arguments, profile: Option<&str>) -> Result {
    let source = receipts::open(&arguments.file)?;
    let gateway = Arc::new(super::gateway(profile)?);
    let tally = Arc::new(Tally::new(arguments.refused.is_some()));
    let bar = progress(&source);
    let started = Instant::now();
    let outcome = client::runtime()?.block_on(post(arguments, source, gateway, Arc::clone(&tally), bar.clone()));
    bar.finish_and_clear();

    let counts = tally.counts();
    if let Some(path) = &arguments.refused {
        crate::paths::write_whole(path, counts.refused_lines.as_bytes())?;
    }
    if arguments.json {
        output::json(&report::json(&counts, started.elapsed()));
    } else {
        report::lines(&counts, started.elapsed()).iter().for_each(output::line);
    }
    if counts.partners.len() > 1 && arguments.partner.is_none() {
        output::warn(format!(
            "the lines name several partners ({}); all of them were posted as yours. --partner SLUG keeps one partner's.",
            counts.partners.iter().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    outcome?;
    if counts.answered() == 0 && counts.refused == 0 {
        output::warn(match &arguments.partner {
            Some(partner) if counts.skipped > 0 => {
                format!("no line is of the partner {partner:?}: is the slug right?")
            }
            _ => "there was no receipt to post".to_owned(),
        });
    }
    Ok(if counts.refused > 0 { Exit::Failed } else { Exit::Done })
}

async fn post(arguments: &Arguments, source: Source, gateway: Arc<Gateway>, tally: Arc<Tally>, bar: ProgressBar) -> Result<()> {
    let batch = (!arguments.single).then(|| usize::from(arguments.batch));
    let count = arguments.concurrency.unwrap_or(if arguments.single { LANES_SINGLE } else { LANES_BATCH });
    let give_up_after = Duration::from_secs(arguments.give_up_after);
    let mut senders = Vec::new();
    let mut lanes = tokio::task::JoinSet::new();
    for _ in 0..count {
        let (sender, receiver) = mpsc::channel(batch.unwrap_or(1));
        senders.push(sender);
        let lane = Lane { gateway: Arc::clone(&gateway), tally: Arc::clone(&tally), batch, give_up_after };
        lanes.spawn(lane.run(receiver));
    }
    let reader = Reader { only: arguments.partner.clone(), limit: arguments.limit, tally: Arc::clone(&tally), senders };
    let read_bytes = Arc::clone(&source.read_bytes);
    // A thread of its own: reading stdin can't be interrupted, and must not keep the process from ending.
    let (finished, reading) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || finished.send(reader.run(source)));

    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let mut first_error = None;
    loop {
        tokio::select! {
            ended = lanes.join_next() => match ended {
                None => break,
                Some(Ok(Ok(()))) => {}
                // One lane can't go on: neither can the others, and the reader sees their queues close.
                Some(Ok(Err(error))) => { first_error = Some(error); break; }
                Some(Err(error)) => { first_error = Some(CliError::machine(format!("posting stopped: {error}"))); break; }
            },
            _ = &mut interrupted => {
                let mut error = CliError::gateway("interrupted").fix("run it again: what was posted is not posted twice");
                error.exit = Exit::Interrupted;
                first_error = Some(error);
                break;
            }
            _ = ticks.tick() => report::tick(&bar, &tally, read_bytes.load(std::sync::atomic::Ordering::Relaxed)),
        }
    }
    lanes.shutdown().await;
    if let Some(error) = first_error {
        return Err(error);
    }
    reading.await.map_err(|_| CliError::machine("reading the receipts stopped"))?
}

struct Reader {
    only: Option<String>,
    limit: Option<u64>,
    tally: Arc<Tally>,
    senders: Vec<mpsc::Sender<Receipt>>,
}

impl Reader {
    /// Reads to the end, to the limit, or until the lanes are gone.
    fn run(self, mut source: Source) -> Result<()> {
        let mut left = self.limit.unwrap_or(u64::MAX);
        while left > 0 {
            let Some((number, text)) = source.lines.next_line()? else {
                break;
            };
            match receipts::convert(number, &text, self.only.as_deref()) {
                Line::Skipped => self.tally.skipped(),
                Line::Invalid { detail } => self.tally.refused(number, "", "not-a-receipt", &detail, text.trim_end()),
                Line::Receipt(receipt, partner) => {
                    left -= 1;
                    if let Some(partner) = partner {
                        self.tally.partner(partner);
                    }
                    if !self.hand_over(receipt) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for room in the member's lane; false when that lane has ended.
    fn hand_over(&self, receipt: Receipt) -> bool {
        let mut hasher = DefaultHasher::new();
        receipt.member.hash(&mut hasher);
        let lanes = u64::try_from(self.senders.len()).unwrap_or(1).max(1);
        let lane = usize::try_from(hasher.finish() % lanes).unwrap_or(0);
        self.senders.get(lane).is_some_and(|sender| sender.blocking_send(receipt).is_ok())
    }
}

fn progress(source: &Source) -> ProgressBar {
    let bar = source.total_bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = if source.total_bytes.is_some() {
        "{spinner} {bar:30.cyan/dim} {percent:>3} %  {msg}  {eta:.dim}"
    } else {
        "{spinner} {msg}  {elapsed:.dim}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
