//! The rows of a part compared with what its blocks have sealed. Where a block's list of leaves is known, the very row is named that is
//! not as it was; else its block is.

use std::collections::HashMap;
use std::io::Result;

use coalition_domain::chain::{self, Hash};
use coalition_store::sealed::{SealedRow, TABLES};
use uuid::Uuid;

use super::Problems;
use super::parts::{Part, PartBlock};

/// Rows of one block that are named; the others are counted.
const NAMED_MAX: usize = 20;

#[derive(Clone, Copy)]
struct Found {
    leaf: Hash,
    table: u8,
    name: Uuid,
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = TABLES.get(usize::from(self.table)).copied().unwrap_or("?");
        write!(f, "row {} of {table}", self.name)
    }
}

pub(super) fn join(mut part: Part, problems: &mut Problems, mut one: impl FnMut()) -> Result<()> {
    let mut blocks: HashMap<Uuid, (PartBlock, Vec<Found>)> = HashMap::new();
    while let Some(block) = part.next_block()? {
        if let Some((double, _)) = blocks.insert(block.commit_id, (block, Vec::new())) {
            problems.add(format!("block {} has the same commit as another: {}", double.height, double.commit_id));
        }
    }
    while let Some(row) = part.next_row()? {
        one();
        let SealedRow { table, name, commit_id, leaf } = row;
        let found = Found { leaf, table, name };
        match blocks.get_mut(&commit_id) {
            Some((_, rows)) => rows.push(found),
            None => problems.add(format!("{found} belongs to a commit that has no block: {commit_id}")),
        }
    }
    let mut blocks: Vec<_> = blocks.into_values().collect();
    blocks.sort_unstable_by_key(|(block, _)| block.height);
    for (block, rows) in blocks {
        compare(&block, rows, problems);
    }
    Ok(())
}

fn compare(block: &PartBlock, mut rows: Vec<Found>, problems: &mut Problems) {
    rows.sort_unstable_by(|a, b| a.leaf.cmp(&b.leaf));
    let height = block.height;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let Some(sealed) = &block.sealed else {
        if chain::root(rows.iter().map(|row| row.leaf).collect()) != block.root || count != block.leaves {
            problems.add(format!("block {height} does not hold what was written: {} rows then, {count} now", block.leaves));
        }
        return;
    };
    // Both are sorted: what is in one of them only is wrong.
    let (mut wanted, mut strange, mut missing) = (sealed.iter().peekable(), Vec::new(), 0_u64);
    for row in rows {
        while wanted.next_if(|hash| **hash < row.leaf).is_some() {
            missing = missing.saturating_add(1);
        }
        if wanted.next_if(|hash| **hash == row.leaf).is_none() {
            strange.push(row);
        }
    }
    missing = missing.saturating_add(u64::try_from(wanted.count()).unwrap_or(0));
    for row in strange.iter().take(NAMED_MAX) {
        problems.add(format!("{row} is not as block {height} has sealed it: changed, or put in later"));
    }
    if strange.len() > NAMED_MAX {
        problems.add(format!("block {height}: {} more rows are not as it has sealed them", strange.len() - NAMED_MAX));
    }
    if missing > 0 {
        problems.add(format!("block {height} has sealed {} rows, of which {missing} are gone or changed", block.leaves));
    }
}
