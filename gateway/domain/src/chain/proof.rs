//! That a leaf is under a root: the audit path of RFC 6962 section 2.1.1, each step with the side that it stands on.
//!
//! Two trees are made this way: over the leaves of one block, which are sorted, and over the hashes of blocks, in the order of their height.

use super::{Hash, level_above, node};

/// On which side of the hash so far a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Left,
    /// After it.
    Right,
}

/// One step from a leaf to the root: what it is hashed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the other hash stands.
    pub side: Side,
    /// The other hash.
    pub hash: Hash,
}

/// The path from this leaf to [`super::root`] of these leaves; None where it is not among them.
#[must_use]
pub fn path(mut leaves: Vec<Hash>, leaf: &Hash) -> Option<Vec<Step>> {
    leaves.sort_unstable();
    let index = leaves.binary_search(leaf).ok()?;
    path_in_order(leaves, index)
}

/// The path from the hash at `index` to [`super::root_in_order`] of these hashes; None where there are not as many.
#[must_use]
pub fn path_in_order(hashes: Vec<Hash>, index: usize) -> Option<Vec<Step>> {
    Tree::in_order(hashes).path(index)
}

/// A whole tree, for many paths in it.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The leaves, then each level above, up to the root alone.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Over hashes in the order in which they come.
    #[must_use]
    pub fn in_order(hashes: Vec<Hash>) -> Self {
        let mut levels = vec![hashes];
        while let Some(top) = levels.last().filter(|top| top.len() > 1) {
            levels.push(level_above(top));
        }
        Self { levels }
    }

    /// The path from the hash at `index`; None where there are not as many.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<Vec<Step>> {
        self.levels.first()?.get(index)?;
        let mut at = index;
        let mut steps = Vec::new();
        for level in &self.levels {
            let (side, other) = if at.is_multiple_of(2) { (Side::Right, at.checked_add(1)?) } else { (Side::Left, at.checked_sub(1)?) };
            // An odd one out has nobody beside it, and moves up as it is; so has the root.
            if let Some(hash) = level.get(other) {
                steps.push(Step { side, hash: *hash });
            }
            at /= 2;
        }
        Some(steps)
    }
}

/// The root that this leaf and path lead to: it is under a root if it is this one.
#[must_use]
pub fn inclusion(leaf: &Hash, path: &[Step]) -> Hash {
    path.iter().fold(*leaf, |so_far, step| match step.side {
        Side::Left => node(&step.hash, &so_far),
        Side::Right => node(&so_far, &step.hash),
    })
}

/// [`super::root_in_order`] of hashes that come one after another, in memory that grows with the logarithm of their number.
#[derive(Clone, Debug, Default)]
pub struct OrderedRoot {
    /// Roots of whole subtrees, the largest first, each with the binary logarithm of its leaves.
    peaks: Vec<(u32, Hash)>,
}

impl OrderedRoot {
    /// The next hash.
    pub fn push(&mut self, hash: Hash) {
        let (mut level, mut hash) = (0, hash);
        while let Some((known, left)) = self.peaks.pop() {
            if known != level {
                self.peaks.push((known, left));
                break;
            }
            hash = node(&left, &hash);
            level += 1;
        }
        self.peaks.push((level, hash));
    }

    /// The root over all that came.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = peaks.next() else { return super::root_in_order(Vec::new()) };
        peaks.fold(last, |right, left| node(&left, &right))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chain::{leaf, root, root_in_order};

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proven() {
        for count in 1..=33 {
            let all = leaves(count);
            let whole = root(all.clone());
            for one in &all {
                let steps = path(all.clone(), one).unwrap();
                assert_eq!(inclusion(one, &steps), whole, "{count} leaves");
                assert!(steps.len() <= 6);
            }
            assert_eq!(path(all, &leaf(b"another")), None);
        }
        assert_eq!(path(Vec::new(), &leaf(b"a")), None);
        assert_eq!(path(leaves(1), &leaves(1)[0]), Some(Vec::new()));
    }

    #[test]
    fn a_root_grows_hash_by_hash() {
        let mut growing = OrderedRoot::default();
        assert_eq!(growing.root(), root_in_order(Vec::new()));
        for count in 1..=70 {
            growing.push(leaves(count)[count - 1]);
            assert_eq!(growing.root(), root_in_order(leaves(count)), "{count}");
        }
    }

    proptest! {
        #[test]
        fn a_path_proves_its_leaf_and_no_other(count in 1_usize..300, at: prop::sample::Index, other: [u8; 8], bit in 0_usize..256) {
            let all = leaves(count);
            let mine = all[at.index(count)];
            let whole = root(all.clone());
            let steps = path(all.clone(), &mine).unwrap();
            prop_assert_eq!(inclusion(&mine, &steps), whole);
            prop_assert_ne!(inclusion(&leaf(&[&other[..], b"x"].concat()), &steps), whole);
            // Whatever bit of the path is changed, or side, or step left out: it leads elsewhere.
            for step in 0..steps.len() {
                let mut bent = steps.clone();
                bent[step].hash[bit / 8] ^= 1 << (bit % 8);
                prop_assert_ne!(inclusion(&mine, &bent), whole);
                let mut turned = steps.clone();
                turned[step].side = if turned[step].side == Side::Left { Side::Right } else { Side::Left };
                prop_assert_ne!(inclusion(&mine, &turned), whole);
                let mut fewer = steps.clone();
                fewer.remove(step);
                prop_assert_ne!(inclusion(&mine, &fewer), whole);
            }
        }

        #[test]
        fn an_ordered_path_knows_the_place(count in 1_usize..300, at: prop::sample::Index) {
            let all = leaves(count);
            let index = at.index(count);
            let steps = path_in_order(all.clone(), index).unwrap();
            let mine = all[index];
            prop_assert_eq!(inclusion(&mine, &steps), root_in_order(all.clone()));
            prop_assert_eq!(path_in_order(all, count), None);
        }
    }
}
