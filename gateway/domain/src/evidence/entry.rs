//! One entry, with what proves that a block holds it and that a checkpoint covers the block.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Checkpoint, CheckpointKey, Hex, Keys};
use crate::account::{Account, TransferKind};
use crate::calendar::Instant;
use crate::chain::canonical::TransferRow;
use crate::chain::{self, Hash, Side, Step};
use crate::ids::{DecisionId, LotId, MemberId, PartnerId, TransferId};

/// An entry with every field that its leaf is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ProvenEntry))]
pub struct Entry {
    /// Of this entry.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: TransferId,
    /// Whose.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub member: MemberId,
    /// `award`, `activation`, `expiry`, `hold`, `release`, `capture`, …
    pub kind: String,
    /// The kind's number, which is hashed.
    pub kind_code: i64,
    /// The account that points left.
    pub from: String,
    /// The account that points reached.
    pub to: String,
    /// How many.
    pub points: i64,
    /// The partner whose account it touches.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub partner_id: Option<PartnerId>,
    /// The lot, where it is one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub lot: Option<LotId>,
    /// The UUID of the transaction or redemption that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub subject: Option<Uuid>,
    /// The decision that caused it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub decision: Option<DecisionId>,
    /// The rule's reason, for people.
    pub reason: Option<String>,
    /// When it holds from.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub effective_at: Instant,
    /// When it was recorded.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Instant,
}

fn account_name(code: i64) -> String {
    Account::from_code(code).map_or_else(|| code.to_string(), |account| account.name().to_owned())
}

fn account_code(name: &str) -> Option<i64> {
    Account::ALL.into_iter().find(|account| account.name() == name).map(Account::code).or_else(|| name.parse().ok())
}

fn kind_name(code: i64) -> String {
    TransferKind::from_code(code).map_or_else(|| code.to_string(), |kind| kind.name().to_owned())
}

impl Entry {
    /// As it is shown.
    #[must_use]
    pub fn of(row: &TransferRow<'_>) -> Self {
        Self {
            id: row.id.into(),
            member: row.member_id.into(),
            kind: kind_name(row.kind),
            kind_code: row.kind,
            from: account_name(row.from_account),
            to: account_name(row.to_account),
            points: row.points,
            partner_id: row.partner_id.map(Into::into),
            lot: row.lot_id.map(Into::into),
            subject: row.subject_id,
            decision: row.decision_id.map(Into::into),
            reason: row.reason.map(str::to_owned),
            effective_at: Instant(row.effective_at),
            recorded_at: Instant(row.recorded_at),
        }
    }

    /// The leaf that follows from what is shown; None where an account or the kind is none that there is.
    #[must_use]
    pub fn leaf(&self) -> Option<Hash> {
        if self.kind != kind_name(self.kind_code) {
            return None;
        }
        let row = TransferRow {
            member_id: self.member.uuid(),
            id: self.id.uuid(),
            kind: self.kind_code,
            from_account: account_code(&self.from)?,
            to_account: account_code(&self.to)?,
            partner_id: self.partner_id.map(PartnerId::uuid),
            points: self.points,
            lot_id: self.lot.map(LotId::uuid),
            subject_id: self.subject,
            decision_id: self.decision.map(DecisionId::uuid),
            reason: self.reason.as_deref(),
            effective_at: self.effective_at.0,
            recorded_at: self.recorded_at.0,
        };
        Some(row.leaf())
    }
}

/// One step of a path: the hash that the hash so far is hashed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PathStep {
    /// `left`: BLAKE3(1 ‖ hash ‖ so far); `right`: BLAKE3(1 ‖ so far ‖ hash).
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^(left|right)$"))]
    pub side: StepSide,
    /// The other hash.
    pub hash: Hex,
}

/// Where the other hash stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepSide {
    /// Before.
    Left,
    /// After.
    Right,
}

impl From<Step> for PathStep {
    fn from(step: Step) -> Self {
        let side = match step.side {
            Side::Left => StepSide::Left,
            Side::Right => StepSide::Right,
        };
        Self { side, hash: Hex(step.hash) }
    }
}

/// Where a path leads from a hash.
pub(super) fn led_to(hash: &Hash, path: &[PathStep]) -> Hash {
    let step = |step: &PathStep| Step {
        side: match step.side {
            StepSide::Left => Side::Left,
            StepSide::Right => Side::Right,
        },
        hash: step.hash.0,
    };
    chain::inclusion(hash, &path.iter().map(step).collect::<Vec<_>>())
}

/// What a block's hash is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockHeader {
    /// From 1, without gaps.
    pub height: i64,
    /// The hash of the block before.
    pub previous: Hex,
    /// The Merkle root over what it covers.
    pub root: Hex,
    /// How many rows it covers.
    pub leaves: i64,
    /// When it was sealed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub recorded_at: Instant,
    /// BLAKE3(2 ‖ height ‖ previous ‖ root ‖ leaves ‖ recorded_at), numbers as 64 bits, big-endian.
    pub hash: Hex,
}

/// A block, and how a checkpoint covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockProof {
    /// The block.
    pub header: BlockHeader,
    /// The height of the checkpoint that covers it; null where none does yet.
    pub checkpoint: Option<i64>,
    /// From the block's hash to the checkpoint's `blocks_root`.
    pub path: Vec<PathStep>,
}

impl BlockProof {
    /// Whether the hash follows from the header, and the checkpoint covers it. What is wrong, in words.
    pub(super) fn check(&self, checkpoint: Option<&Checkpoint>) -> Result<(), String> {
        let header = &self.header;
        let height = header.height;
        if header.hash.0 != chain::block(height, &header.previous.0, &header.root.0, header.leaves, header.recorded_at.0) {
            return Err(format!("block {height} is not what its hash says"));
        }
        let Some(named) = self.checkpoint else { return Err(format!("block {height} is covered by no checkpoint yet")) };
        let point = checkpoint.ok_or_else(|| format!("block {height} names checkpoint {named}, which is not there"))?;
        let is_under = point.after < height && height <= point.height && led_to(&header.hash.0, &self.path) == point.blocks_root.0;
        if !is_under || (height == point.height && header.hash != point.hash) {
            return Err(format!("block {height} is not under checkpoint {named}"));
        }
        Ok(())
    }
}

/// One entry with all that is needed to check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryProof {
    /// The entry.
    pub entry: Entry,
    /// BLAKE3(0 ‖ canonical bytes of the entry).
    pub leaf: Hex,
    /// From the leaf to the block's root.
    pub path: Vec<PathStep>,
    /// The block that holds it.
    pub block: BlockProof,
    /// The checkpoint that covers the block; null where none does yet.
    pub checkpoint: Option<Checkpoint>,
    /// The keys that this gateway signs checkpoints with, the newest first.
    pub keys: Vec<CheckpointKey>,
}

/// Whether the leaf follows from the entry, and leads to the block's root. What is wrong, in words.
pub(super) fn check_entry(entry: &Entry, leaf: &Hex, path: &[PathStep], block: &BlockHeader) -> Result<(), String> {
    if entry.leaf() != Some(leaf.0) {
        return Err(format!("entry {} is not what its leaf says", entry.id));
    }
    if led_to(&leaf.0, path) != block.root.0 {
        return Err(format!("entry {} is not in block {}", entry.id, block.height));
    }
    Ok(())
}

impl EntryProof {
    /// Checks it all against these keys, or where none are given against its own. What is wrong, in words; nothing if all is well.
    #[must_use]
    pub fn check(&self, keys: Option<&[CheckpointKey]>) -> Vec<String> {
        let keys = match Keys::new(keys.unwrap_or(&self.keys)) {
            Ok(keys) => keys,
            Err(wrong) => return vec![wrong],
        };
        let checks = [
            self.checkpoint.as_ref().map_or(Ok(()), |point| point.check(&keys)),
            self.block.check(self.checkpoint.as_ref().filter(|point| Some(point.height) == self.block.checkpoint)),
            check_entry(&self.entry, &self.leaf, &self.path, &self.block.header),
        ];
        checks.into_iter().filter_map(Result::err).collect()
    }
}
