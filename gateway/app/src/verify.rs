//! The ledger checked against itself, and the chain against its checkpoints, all as of one moment and in bounded memory.
//!
//! Every table is read once, in the order in which it lies. What belongs to one commit lies scattered over nine tables, none of which has an
//! index on it (each posting would pay for nine), and a sort of all rows by commit would cost more than reading them: so rows and blocks are
//! dealt into parts by their commit ([`parts`]), on disk where they are many, and each part is then joined in memory ([`join`]). The blocks
//! themselves are walked in their order, with the log of checkpoints beside them ([`walk`]).

mod join;
mod parts;
mod walk;

use std::path::Path;

use coalition_store::sealed::{self, TABLES};
use coalition_store::{DatabaseTransaction, Store, StoreError, audit_ledger};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::error::Error;

use parts::Parts;
use walk::Walk;

/// Problems of one kind that a verification lists.
const MISFITS_MAX: u64 = 100;
/// Problems that are listed in all; the others are counted.
const PROBLEMS_MAX: usize = 1_000;
/// Rows and blocks between two reports of progress.
const REPORT_EVERY: u64 = 1_024;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing was found.
    pub ok: bool,
    /// Transfers read.
    pub transfers: i64,
    /// Rows read that the chain covers, transfers among them.
    pub rows: i64,
    /// Blocks walked.
    pub blocks: i64,
    /// The newest block's hash, in hex; null before the first.
    pub head: Option<String>,
    /// Checkpoints compared, of this gateway's log.
    pub checkpoints: i64,
    /// The height up to which they cover the chain. What was cut off above it can't be seen.
    pub covered: i64,
    /// In words, each with whom or what it concerns.
    pub problems: Vec<String>,
}

/// How far a verification has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// How many it has done.
    pub done: u64,
    /// Of how many, as far as is known.
    pub total: u64,
}

/// What a verification is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Sums, made by the database.
    Sums,
    /// Blocks, in their order.
    Blocks,
    /// Rows, table by table.
    Rows,
    /// Rows and blocks brought together.
    Join,
}

impl Stage {
    /// In a word or two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sums => "balances and lots",
            Self::Blocks => "blocks",
            Self::Rows => "rows",
            Self::Join => "rows by block",
        }
    }
}

/// Where progress is told.
pub type Report<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Problems, up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    listed: Vec<String>,
    more: u64,
}

impl Problems {
    fn add(&mut self, problem: String) {
        if self.listed.len() < PROBLEMS_MAX {
            self.listed.push(problem);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    fn list(mut self) -> Vec<String> {
        if self.more > 0 {
            self.listed.push(format!("and {} more", self.more));
        }
        self.listed
    }
}

/// Counts, and tells now and then.
struct Counter<'a> {
    report: Report<'a>,
    progress: Progress,
}

impl<'a> Counter<'a> {
    fn new(report: Report<'a>, stage: Stage, total: i64) -> Self {
        let progress = Progress { stage, done: 0, total: u64::try_from(total).unwrap_or(0) };
        report(progress);
        Self { report, progress }
    }

    fn one(&mut self) {
        self.progress.done = self.progress.done.saturating_add(1);
        if self.progress.done.is_multiple_of(REPORT_EVERY) {
            (self.report)(self.progress);
        }
    }

    fn end(&self) {
        (self.report)(self.progress);
    }
}

/// Work that ends when nobody waits for it any more.
struct Ended<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Ended<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl App {
    /// Recomputes balances, lots and the chain, all as of one moment, and compares the checkpoints of this gateway's log.
    ///
    /// # Errors
    /// 403 for all but the operator; 503.
    pub async fn verify(&self, caller: &Caller) -> Result<Verification, Error> {
        caller.operator()?;
        let app = self.clone();
        // Ends with the call: nobody waits for the answer then.
        let mut work = Ended(self.0.runtime.spawn(async move { verify(app.store(), app.0.checkpoints.folder(), &|_| {}).await }));
        (&mut work.0).await.map_err(|error| Error::internal(&error))?
    }
}

/// Recomputes balances, lots and the chain, all as of one moment, and compares the checkpoints in this folder.
///
/// # Errors
/// 503.
pub async fn verify(store: &Store, checkpoints: Option<&Path>, report: Report<'_>) -> Result<Verification, Error> {
    // The log is opened first: whatever it holds by now was committed before the snapshot.
    let mut walk = Walk::open(checkpoints, crate::settings::read_settings(store.read()).await?.operator);
    let txn = store.snapshot().await?;
    let found = check(&txn, &mut walk, report).await;
    // Nothing was written: how the snapshot ends makes no difference.
    let _ = txn.rollback().await.map_err(StoreError::from);
    found
}

async fn check(txn: &DatabaseTransaction, walk: &mut Walk, report: Report<'_>) -> Result<Verification, Error> {
    let mut problems = Problems::default();
    let sums = Counter::new(report, Stage::Sums, 0);
    for (what, subject) in audit_ledger::misfits(txn, MISFITS_MAX).await? {
        problems.add(format!("{what}: {subject}"));
    }
    sums.end();

    let spilled = |error: std::io::Error| Error::internal(&format!("a temporary file of the verification: {error}"));
    let expected = sealed::count_leaves(txn).await?;
    let head = sealed::head(txn).await?;
    let mut parts = Parts::new(expected);
    let mut blocks = Counter::new(report, Stage::Blocks, head.as_ref().map_or(0, |(height, _)| *height));
    sealed::each_block(txn, |block| {
        blocks.one();
        let sealed = walk.block(&block, &mut problems);
        parts.block(&block, sealed.as_deref()).map_err(spilled)
    })
    .await?;
    blocks.end();
    walk.end(head, &mut problems);

    let (mut rows, mut transfers) = (0_i64, 0_i64);
    let mut counter = Counter::new(report, Stage::Rows, expected);
    sealed::each_row(txn, |row| {
        counter.one();
        rows = rows.saturating_add(1);
        match row {
            Ok(row) => {
                transfers = transfers.saturating_add(i64::from(row.table == 0));
                parts.row(&row).map_err(spilled)
            }
            Err(bad) => {
                let table = TABLES.get(usize::from(bad.table)).copied().unwrap_or_default();
                problems.add(format!("a row of {table} can't be read: {}", bad.why));
                Ok(())
            }
        }
    })
    .await?;
    counter.end();

    let mut counter = Counter::new(report, Stage::Join, rows);
    for part in parts.end() {
        join::join(part.map_err(spilled)?, &mut problems, || counter.one()).map_err(spilled)?;
        // A part takes a while: others get their turn in between.
        tokio::task::yield_now().await;
    }
    counter.end();
    let blocks = i64::try_from(blocks.progress.done).unwrap_or(i64::MAX);
    let problems = problems.list();
    Ok(Verification {
        ok: problems.is_empty(),
        transfers,
        rows,
        blocks,
        head: walk.head(),
        checkpoints: walk.compared(),
        covered: walk.covered(),
        problems,
    })
}
