//! The blocks in their order, each against the one before, with the log of checkpoints beside them.

use std::iter::Peekable;
use std::path::Path;

use coalition_domain::PartnerId;
use coalition_domain::chain::{self, Hash, OrderedRoot};
use coalition_domain::evidence::{Checkpoint, Hex, Keys};
use coalition_store::entities::blocks;

use super::Problems;
use crate::checkpoints::folder;
use crate::checkpoints::log::Log;

type Lines = Box<dyn Iterator<Item = std::io::Result<Checkpoint>> + Send>;

fn no_lines() -> Lines {
    Box::new(std::iter::empty())
}

/// Where a walk is.
pub(super) struct Walk {
    height: i64,
    previous: Hash,
    program: PartnerId,
    keys: Keys,
    points: Peekable<Lines>,
    /// The newest checkpoint that was read.
    last: i64,
    /// Since the newest checkpoint.
    root: OrderedRoot,
    compared: i64,
    covered: i64,
    /// What was wrong with the folder before the walk began.
    early: Vec<String>,
}

impl Walk {
    /// At the first block, and the first checkpoint.
    pub(super) fn open(checkpoints: Option<&Path>, program: PartnerId) -> Self {
        let mut early = Vec::new();
        let (mut points, mut keys) = (no_lines(), Keys::default());
        if let Some(path) = checkpoints {
            let unreadable = |error: std::io::Error| format!("the checkpoints in {} can't be read: {error}", path.display());
            match Log::in_folder(path).lines() {
                Ok(lines) => points = Box::new(lines),
                Err(error) => early.push(unreadable(error)),
            }
            match folder::keys(path).map_err(unreadable).and_then(|known| Keys::new(&known)) {
                Ok(known) => keys = known,
                Err(problem) => early.push(problem),
            }
        }
        Self {
            height: 0,
            previous: chain::GENESIS,
            program,
            keys,
            points: points.peekable(),
            last: 0,
            root: OrderedRoot::default(),
            compared: 0,
            covered: 0,
            early,
        }
    }

    /// The next block. Answers the leaves that it has sealed, where its list of them is good.
    pub(super) fn block(&mut self, block: &blocks::Model, problems: &mut Problems) -> Option<Vec<Hash>> {
        let height = block.height;
        if height != self.height.saturating_add(1) {
            problems.add(format!("the chain has a gap before block {height}: block {} is missing", self.height.saturating_add(1)));
        }
        if block.previous != self.previous {
            problems.add(format!("block {height} does not follow the block before it"));
        }
        let hash: Hash = block.hash.as_slice().try_into().unwrap_or(chain::GENESIS);
        let root: Hash = block.root.as_slice().try_into().unwrap_or(chain::GENESIS);
        let before: Hash = block.previous.as_slice().try_into().unwrap_or(chain::GENESIS);
        if block.hash != chain::block(height, &before, &root, block.leaves, block.recorded_at) {
            problems.add(format!("block {height} is not what its hash says"));
        }
        self.height = height;
        self.previous = hash;
        self.root.push(hash);
        self.compare(height, problems);
        let list = block.leaf_hashes.as_ref()?;
        let leaves: Vec<Hash> = list.as_chunks::<32>().0.to_vec();
        let is_whole =
            leaves.len().checked_mul(32) == Some(list.len()) && i64::try_from(leaves.len()) == Ok(block.leaves) && leaves.is_sorted();
        if !is_whole || chain::root(leaves.clone()) != root {
            problems.add(format!("the list of what block {height} has sealed is not what its root says"));
            return None;
        }
        Some(leaves)
    }

    /// Compares the checkpoints up to this height.
    fn compare(&mut self, height: i64, problems: &mut Problems) {
        while let Some(line) = self.points.next_if(|line| line.as_ref().map_or(true, |point| point.height <= height)) {
            match line {
                Ok(point) => self.checkpoint(&point, problems),
                Err(error) => self.unreadable(&error, problems),
            }
        }
    }

    fn checkpoint(&mut self, point: &Checkpoint, problems: &mut Problems) {
        self.compared = self.compared.saturating_add(1);
        let signed_at = point.signed_at;
        if !self.is_good(point, problems) {
            return;
        }
        if point.height != self.height {
            problems.add(format!("block {} is missing, which was signed at {signed_at}", point.height));
        } else if point.hash != Hex(self.previous) {
            problems.add(format!(
                "block {} is another than the one that was signed at {signed_at}: it, or what was before it, was changed and the chain made anew",
                point.height
            ));
        } else if point.blocks_root != Hex(self.root.root()) {
            problems.add(format!("the blocks after {} up to {} are others than were signed at {signed_at}", point.after, point.height));
        } else {
            self.covered = point.height;
        }
        self.root = OrderedRoot::default();
    }

    fn is_good(&mut self, point: &Checkpoint, problems: &mut Problems) -> bool {
        let mut is_good = true;
        if let Err(problem) = point.check(&self.keys) {
            problems.add(problem);
            is_good = false;
        }
        if point.program != self.program {
            problems.add(format!("checkpoint {} is of another program: {}", point.height, point.program));
            is_good = false;
        }
        if point.after != self.last || point.height <= point.after {
            problems.add(format!("checkpoint {} does not follow the one before it in the log", point.height));
            is_good = false;
        }
        self.last = point.height;
        is_good
    }

    /// After the last block: the head is it, and no checkpoint is above.
    pub(super) fn end(&mut self, head: Option<(i64, Vec<u8>)>, problems: &mut Problems) {
        for problem in std::mem::take(&mut self.early) {
            problems.add(problem);
        }
        match head {
            Some((known, hash)) if known == self.height && hash == self.previous => {}
            Some((known, _)) => problems.add(format!("the head of the chain is not its last block: {known} instead of {}", self.height)),
            None => problems.add("the head of the chain is missing".to_owned()),
        }
        let end = self.height;
        while let Some(line) = self.points.next() {
            match line {
                Ok(point) => {
                    self.compared = self.compared.saturating_add(1);
                    if self.is_good(&point, problems) {
                        problems.add(format!(
                            "the chain was cut off: it ends at block {end}, and block {} was signed at {}",
                            point.height, point.signed_at
                        ));
                    }
                }
                Err(error) => self.unreadable(&error, problems),
            }
        }
    }

    fn unreadable(&mut self, error: &std::io::Error, problems: &mut Problems) {
        problems.add(format!("a checkpoint can't be read: {error}"));
        // One line may be spoilt; where the disk does not answer, no more is asked of it.
        if error.kind() != std::io::ErrorKind::InvalidData {
            self.points = no_lines().peekable();
        }
    }

    /// The newest block's hash, in hex.
    pub(super) fn head(&self) -> Option<String> {
        (self.height > 0).then(|| Hex(self.previous).to_string())
    }

    /// Checkpoints that were compared.
    pub(super) const fn compared(&self) -> i64 {
        self.compared
    }

    /// The height up to which good checkpoints cover the chain.
    pub(super) const fn covered(&self) -> i64 {
        self.covered
    }
}
