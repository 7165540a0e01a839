//! What can be checked without the gateway: checkpoints, proofs of entries, and statements, as the JSON documents that are handed out.
//!
//! The gateway writes these documents and the command line checks them, by this one description. From an entry's shown fields its leaf is
//! computed; a path leads from the leaf to its block's root; the block's header has its hash; another path leads from that to the root that
//! a checkpoint has signed. A statement's balances are the sums of the entries that it shows.

mod checkpoint;
mod entry;
mod hex;
mod statement;

pub use checkpoint::{Checkpoint, CheckpointKey, Keys, key_id};
pub use entry::{BlockHeader, BlockProof, Entry, EntryProof, PathStep};
pub use hex::Hex;
pub use statement::{Balances, EntryLine, Owner, Statement, add_entry};
