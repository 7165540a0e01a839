//! The books as a whole: the trial balance, and the ledger checked against itself.

use std::collections::HashMap;

use coalition_domain::Account;
use coalition_domain::chain::{self, Hash};
use coalition_store::StoreError;
use coalition_store::audit_ledger;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::error::Error;

/// Problems of one kind that a verification lists.
const PROBLEMS_MAX: u64 = 100;
/// Blocks read at once.
const BLOCKS_PAGE: u64 = 1_000;

/// One account's totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    /// `members:available`, `partner:freshmart:issued`, `program:expired`, …
    pub account: String,
    /// Points that left it.
    pub debits: i64,
    /// Points that reached it.
    pub credits: i64,
    /// Credits less debits.
    pub balance: i64,
}

/// Every account; a transfer moves points from one to another, so the sum is zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrialBalance {
    /// The members' accounts summed over all members, each partner's own, and the program's.
    pub accounts: Vec<AccountView>,
    /// Of all balances.
    pub sum: i64,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing was found.
    pub ok: bool,
    /// Transfers read.
    pub transfers: i64,
    /// Blocks walked.
    pub blocks: i64,
    /// The newest block's hash, in hex; null before the first.
    pub head: Option<String>,
    /// In words, each with whom or what it concerns.
    pub problems: Vec<String>,
}

impl App {
    /// Debits, credits and balance of every account.
    ///
    /// # Errors
    /// 403 for all but the operator; 503.
    pub async fn trial_balance(&self, caller: &Caller) -> Result<TrialBalance, Error> {
        caller.operator()?;
        let slugs = self.slugs().await?;
        let mut accounts = Vec::new();
        let mut sum = 0_i64;
        for row in audit_ledger::account_totals(self.store().read()).await? {
            let account = Account::from_code(row.account).ok_or_else(|| Error::internal(&"an account of no known code"))?;
            let name = match row.partner_id {
                Some(partner) => format!("partner:{}:{}", slugs.get(&partner).map_or("?", String::as_str), account.name()),
                None if account.is_members() => format!("members:{}", account.name()),
                None => format!("program:{}", account.name()),
            };
            let balance = row.credits.saturating_sub(row.debits);
            sum = sum.saturating_add(balance);
            accounts.push(AccountView { account: name, debits: row.debits, credits: row.credits, balance });
        }
        Ok(TrialBalance { accounts, sum })
    }

    /// Recomputes balances, lots and the chain, all as of one moment.
    ///
    /// # Errors
    /// 403 for all but the operator; 503.
    pub async fn verify(&self, caller: &Caller) -> Result<Verification, Error> {
        caller.operator()?;
        verify(self.store()).await
    }
}

/// Recomputes balances, lots and the chain, all as of one moment.
///
/// # Errors
/// 503.
pub async fn verify(store: &coalition_store::Store) -> Result<Verification, Error> {
    let txn = store.snapshot().await?;
    let mut problems: Vec<String> = Vec::new();
    for (what, subject) in audit_ledger::misfits(&txn, PROBLEMS_MAX).await? {
        problems.push(format!("{what}: {subject}"));
    }
    let mut leaves = audit_ledger::leaves(&txn).await?;
    let transfers = audit_ledger::count_transfers(&txn).await?;
    let (mut height, mut previous, mut blocks) = (0_i64, chain::GENESIS, 0_i64);
    loop {
        let page = audit_ledger::blocks_above(&txn, height, BLOCKS_PAGE).await?;
        if page.is_empty() {
            break;
        }
        for block in page {
            blocks = blocks.saturating_add(1);
            check_block(&block, height, &previous, &mut leaves, &mut problems);
            height = block.height;
            previous = block.hash.try_into().unwrap_or(chain::GENESIS);
        }
    }
    match audit_ledger::head(&txn).await? {
        Some((known, hash)) if known == height && hash == previous => {}
        _ => problems.push(format!("the head of the chain is not its last block: {height}")),
    }
    let mut orphans: Vec<_> = leaves.into_keys().collect();
    orphans.sort_unstable();
    problems.extend(
        orphans
            .into_iter()
            .take(usize::try_from(PROBLEMS_MAX).unwrap_or(usize::MAX))
            .map(|commit| format!("rows of a commit without a block: {commit}")),
    );
    // Nothing was written: how the snapshot ends makes no difference.
    let _ = txn.rollback().await.map_err(StoreError::from);
    let head = (blocks > 0).then(|| hex(&previous));
    Ok(Verification { ok: problems.is_empty(), transfers, blocks, head, problems })
}

fn check_block(
    block: &coalition_store::entities::blocks::Model,
    height: i64,
    previous: &Hash,
    leaves: &mut HashMap<uuid::Uuid, Vec<Hash>>,
    problems: &mut Vec<String>,
) {
    let mine = leaves.remove(&block.commit_id).unwrap_or_default();
    let count = i64::try_from(mine.len()).unwrap_or(i64::MAX);
    if block.height != height.saturating_add(1) {
        problems.push(format!("the chain has a gap before block {}", block.height));
    }
    if block.previous != previous {
        problems.push(format!("block {} does not follow the block before it", block.height));
    }
    let root = chain::root(mine);
    if block.root != root || block.leaves != count {
        problems.push(format!("block {} does not hold what was written: {} rows then, {count} now", block.height, block.leaves));
    }
    let stored: Hash = block.root.clone().try_into().unwrap_or(chain::GENESIS);
    let before: Hash = block.previous.clone().try_into().unwrap_or(chain::GENESIS);
    if block.hash != chain::block(block.height, &before, &stored, block.leaves, block.recorded_at) {
        problems.push(format!("block {} is not what its hash says", block.height));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
