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
    rows.sort_unstable_by_key(|row| row.leaf);
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

#[cfg(test)]
mod tests {
    use coalition_domain::chain::leaf;
    use coalition_store::entities::blocks;

    use super::*;
    use crate::verify::parts::Parts;

    fn block(height: i64, commit: u128, mut leaves: Vec<Hash>) -> (blocks::Model, Vec<Hash>) {
        leaves.sort_unstable();
        let model = blocks::Model {
            height,
            commit_id: Uuid::from_u128(commit),
            previous: vec![0; 32],
            root: chain::root(leaves.clone()).to_vec(),
            hash: vec![0; 32],
            leaves: i64::try_from(leaves.len()).unwrap(),
            recorded_at: 0,
            leaf_hashes: Some(leaves.concat()),
        };
        (model, leaves)
    }

    fn row(commit: u128, name: u128) -> SealedRow {
        SealedRow { table: 0, name: Uuid::from_u128(name), commit_id: Uuid::from_u128(commit), leaf: leaf(&name.to_be_bytes()) }
    }

    /// Blocks of five rows each, in as many parts as `rows` asks for, after `spoil` has had its way with the rows.
    fn found(rows: i64, with_lists: bool, spoil: impl FnOnce(&mut Vec<SealedRow>)) -> Vec<String> {
        let mut parts = Parts::new(rows);
        let mut all = Vec::new();
        for height in 1_u128..=400 {
            let mine: Vec<SealedRow> = (0..5).map(|n| row(height, height * 10 + n)).collect();
            let (model, leaves) = block(i64::try_from(height).unwrap(), height, mine.iter().map(|row| row.leaf).collect());
            parts.block(&model, with_lists.then_some(leaves.as_slice())).unwrap();
            all.extend(mine);
        }
        // Rows lie in another order than their blocks.
        all.sort_unstable_by_key(|row| row.leaf);
        spoil(&mut all);
        all.iter().for_each(|row| parts.row(row).unwrap());
        let mut problems = Problems::default();
        parts.end().for_each(|part| join(part.unwrap(), &mut problems, || {}).unwrap());
        problems.list()
    }

    #[test]
    fn rows_find_their_blocks_in_one_part_and_in_many() {
        for rows in [0, 2_000, 3_000_000, i64::MAX] {
            for with_lists in [true, false] {
                assert_eq!(found(rows, with_lists, |_| {}), Vec::<String>::new(), "{rows}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let place = |rows: &[SealedRow], name: u128| rows.iter().position(|row| row.name == Uuid::from_u128(name)).unwrap();
        for rows in [0, 3_000_000] {
            let changed = found(rows, true, |rows| {
                let at = place(rows, 73);
                rows[at].leaf = leaf(b"other");
            });
            assert_eq!(changed.len(), 2, "{changed:?}");
            assert!(
                changed[0].contains(&Uuid::from_u128(73).to_string())
                    && changed[0].contains("of transfers")
                    && changed[0].contains("block 7")
            );
            assert!(changed[1].contains("block 7 has sealed 5 rows, of which 1 are gone"));
            let gone = found(rows, true, |rows| rows.retain(|row| row.name != Uuid::from_u128(73)));
            assert_eq!(gone, ["block 7 has sealed 5 rows, of which 1 are gone or changed"]);
            let twice = found(rows, true, |rows| rows.push(rows[place(rows, 73)]));
            assert!(matches!(twice.as_slice(), [only] if only.contains("put in later")), "{twice:?}");
            let orphan = found(rows, true, |rows| rows.push(row(999, 1)));
            assert!(matches!(orphan.as_slice(), [only] if only.contains("has no block")), "{orphan:?}");
            let unlisted = found(rows, false, |rows| rows.retain(|row| row.name != Uuid::from_u128(73)));
            assert_eq!(unlisted, ["block 7 does not hold what was written: 5 rows then, 4 now"]);
        }
    }
}
