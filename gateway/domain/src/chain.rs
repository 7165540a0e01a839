//! The chain of blocks: a Merkle root over what a commit wrote, linked to the block before.
//!
//! Leaves and nodes are hashed with different prefixes, as RFC 6962 section 2.1 has it, so that a node never passes for a leaf. The hash is BLAKE3.
//! [`canonical`] says what is hashed of a row, [`proof`] that a leaf is under a root.

pub mod canonical;
pub mod proof;

pub use proof::{OrderedRoot, Side, Step, Tree, inclusion, path, path_in_order};

/// A hash of 32 bytes.
pub type Hash = [u8; 32];

/// Before the first block.
pub const GENESIS: Hash = [0; 32];

/// The hash of one row, in its canonical bytes.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    *blake3::Hasher::new().update(&[0]).update(bytes).finalize().as_bytes()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    *blake3::Hasher::new().update(&[1]).update(left).update(right).finalize().as_bytes()
}

/// The root over leaves, which are sorted first: the order in which rows are read back does not matter. An odd one out moves up as it is.
#[must_use]
pub fn root(mut leaves: Vec<Hash>) -> Hash {
    leaves.sort_unstable();
    root_in_order(leaves)
}

/// The root over hashes in the order in which they come, built level by level.
#[must_use]
pub fn root_in_order(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = level_above(&hashes);
    }
    hashes.first().copied().unwrap_or_else(|| leaf(&[]))
}

fn level_above(hashes: &[Hash]) -> Vec<Hash> {
    let pairs = hashes.chunks(2).filter_map(|pair| match pair {
        [left, right] => Some(node(left, right)),
        [single] => Some(*single),
        _ => None,
    });
    pairs.collect()
}

/// The hash of a block: its height, what it follows, what it holds, and when it was sealed.
#[must_use]
pub fn block(height: i64, previous: &Hash, root: &Hash, leaves: i64, recorded_at: i64) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[2]).update(&height.to_be_bytes()).update(previous).update(root);
    hasher.update(&leaves.to_be_bytes()).update(&recorded_at.to_be_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_counts_and_order_does_not() {
        let leaves: Vec<Hash> = (0..7_u8).map(|n| leaf(&[n])).collect();
        let whole = root(leaves.clone());
        let mut backwards = leaves.clone();
        backwards.reverse();
        assert_eq!(root(backwards), whole);
        for gone in 0..leaves.len() {
            let mut fewer = leaves.clone();
            fewer.remove(gone);
            assert_ne!(root(fewer), whole);
        }
        assert_ne!(root(vec![leaves[0], leaves[0]]), root(vec![leaves[0]]));
        assert_eq!(root(vec![leaves[0]]), leaves[0]);
    }

    #[test]
    fn a_block_depends_on_all_it_says() {
        let one = block(1, &GENESIS, &leaf(b"a"), 1, 5);
        for other in [
            block(2, &GENESIS, &leaf(b"a"), 1, 5),
            block(1, &leaf(b"x"), &leaf(b"a"), 1, 5),
            block(1, &GENESIS, &leaf(b"b"), 1, 5),
            block(1, &GENESIS, &leaf(b"a"), 2, 5),
            block(1, &GENESIS, &leaf(b"a"), 1, 6),
        ] {
            assert_ne!(one, other);
        }
    }
}
