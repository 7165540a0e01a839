//! A statement: the entries of a member or a partner, each proven, and balances that are their sums.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::check_entry;
use super::{BlockProof, Checkpoint, CheckpointKey, Entry, Hex, Keys, PathStep};
use crate::account::Account;
use crate::ids::{MemberId, PartnerId, TransferId};

/// Points by account. Arrears and what a partner issued grow as points leave them; the others as points reach them.
pub type Balances = BTreeMap<String, i64>;

/// Whose statement it is, written as the id alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A member's: every movement of their points.
    Member(MemberId),
    /// A partner's: what moved from or to its accounts.
    Partner(PartnerId),
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(id) => std::fmt::Display::fmt(id, f),
            Self::Partner(id) => std::fmt::Display::fmt(id, f),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let owner = text.parse().map(Self::Member).or_else(|_| text.parse().map(Self::Partner));
        owner.map_err(|_| serde::de::Error::custom("a statement is of a member (mbr_…) or of a partner (prt_…)"))
    }
}

impl Owner {
    /// The accounts that its balances tell of.
    #[must_use]
    pub const fn accounts(self) -> &'static [Account] {
        match self {
            Self::Member(_) => &[Account::Pending, Account::Available, Account::Held, Account::Arrears],
            Self::Partner(_) => &[Account::Issued, Account::Recovered, Account::Redeemed],
        }
    }

    /// Balances of nothing.
    #[must_use]
    pub fn zero(self) -> Balances {
        self.accounts().iter().map(|account| (account.name().to_owned(), 0)).collect()
    }

    fn owns(self, entry: &Entry) -> bool {
        match self {
            Self::Member(id) => entry.member == id,
            Self::Partner(id) => entry.partner_id == Some(id),
        }
    }
}

/// Adds an entry to balances; accounts that they do not tell of are left out. None where a sum is beyond 64 bits.
#[must_use]
pub fn add_entry(balances: &mut Balances, from: &str, to: &str, points: i64) -> Option<()> {
    let grows_by_leaving = |name: &str| name == Account::Arrears.name() || name == Account::Issued.name();
    for (name, arrives) in [(from, false), (to, true)] {
        if let Some(balance) = balances.get_mut(name) {
            *balance = if arrives == grows_by_leaving(name) { balance.checked_sub(points)? } else { balance.checked_add(points)? };
        }
    }
    Some(())
}

/// An entry of a statement, and the path to its block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryLine {
    /// The entry.
    pub entry: Entry,
    /// BLAKE3(0 ‖ canonical bytes of the entry).
    pub leaf: Hex,
    /// The height of the block that holds it, one of `blocks`.
    pub block: i64,
    /// From the leaf to that block's root.
    pub path: Vec<PathStep>,
}

/// A member's or a partner's entries, oldest first, that anybody can check without the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ProvenStatement))]
pub struct Statement {
    /// Whose: a member's id or a partner's.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "mbr_01h455vb4pex5vsknk084sn02q"))]
    pub owner: Owner,
    /// Members who were merged into this one, if any: their entries are shown among the others. What the gateway says of who was, a statement can't show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub formers: Vec<MemberId>,
    /// Which program: the id of its operator, as in the checkpoints.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub program: PartnerId,
    /// The entry after which this part begins; null from the beginning.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub after: Option<TransferId>,
    /// A member's balances before the first entry shown; a partner's are always zero: its `closing` is what these entries come to.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, i64>))]
    pub opening: Balances,
    /// The entries, oldest first.
    pub entries: Vec<EntryLine>,
    /// `opening` and the entries together.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, i64>))]
    pub closing: Balances,
    /// The entry to ask for what comes `after`; null where this is the end.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub next: Option<TransferId>,
    /// The blocks that hold the entries.
    pub blocks: Vec<BlockProof>,
    /// The checkpoints that cover the blocks.
    pub checkpoints: Vec<Checkpoint>,
    /// The keys that this gateway signs checkpoints with, the newest first.
    pub keys: Vec<CheckpointKey>,
}

impl Statement {
    /// Checks it all against these keys, or where none are given against its own. What is wrong, in words; nothing if all is well.
    ///
    /// It can't be seen that an entry was left out together with its points, nor what a part that came before has shown.
    #[must_use]
    pub fn check(&self, keys: Option<&[CheckpointKey]>) -> Vec<String> {
        let keys = match Keys::new(keys.unwrap_or(&self.keys)) {
            Ok(keys) => keys,
            Err(wrong) => return vec![wrong],
        };
        let mut problems = Vec::new();
        for point in &self.checkpoints {
            problems.extend(point.check(&keys).err());
            if point.program != self.program {
                problems.push(format!("checkpoint {} is of another program", point.height));
            }
        }
        let points: BTreeMap<i64, &Checkpoint> = self.checkpoints.iter().map(|point| (point.height, point)).collect();
        for block in &self.blocks {
            problems.extend(block.check(block.checkpoint.and_then(|height| points.get(&height).copied())).err());
        }
        self.check_entries(&mut problems);
        self.check_sums(&mut problems);
        problems
    }

    fn check_entries(&self, problems: &mut Vec<String>) {
        let blocks: BTreeMap<i64, &BlockProof> = self.blocks.iter().map(|block| (block.header.height, block)).collect();
        let mut last = self.after;
        for line in &self.entries {
            let entry = &line.entry;
            let of_former = matches!(self.owner, Owner::Member(_)) && self.formers.contains(&entry.member);
            if !(self.owner.owns(entry) || of_former) {
                problems.push(format!("entry {} is somebody else's", entry.id));
            }
            if last.is_some_and(|last| last >= entry.id) {
                problems.push(format!("entry {} is out of order, or shown twice", entry.id));
            }
            last = Some(entry.id);
            let checked = match blocks.get(&line.block) {
                Some(block) => check_entry(entry, &line.leaf, &line.path, &block.header),
                None => Err(format!("entry {} names block {}, which is not there", entry.id, line.block)),
            };
            problems.extend(checked.err());
        }
        if let Some(next) = self.next
            && Some(next) != last
        {
            problems.push(format!("what comes next is said to follow {next}, which is not the last entry shown"));
        }
    }

    fn check_sums(&self, problems: &mut Vec<String>) {
        let is_from_the_beginning = self.after.is_none() || matches!(self.owner, Owner::Partner(_));
        if (is_from_the_beginning && self.opening != self.owner.zero()) || !self.opening.keys().eq(self.owner.zero().keys()) {
            problems.push("the opening balances are not those of a beginning".to_owned());
        }
        let mut sums = self.opening.clone();
        for EntryLine { entry, .. } in &self.entries {
            if add_entry(&mut sums, &entry.from, &entry.to, entry.points).is_none() {
                problems.push(format!("entry {} adds up to more than can be", entry.id));
            }
        }
        for (account, sum) in &sums {
            match self.closing.get(account) {
                Some(shown) if shown == sum => {}
                Some(shown) => problems.push(format!("the balance {account} is shown as {shown}, but the entries come to {sum}")),
                None => problems.push(format!("the balance {account} is not shown")),
            }
        }
        for account in self.closing.keys().filter(|account| !sums.contains_key(*account)) {
            problems.push(format!("the balance {account} is none of this statement's"));
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ed25519_dalek::{Signer as _, SigningKey};
    use uuid::Uuid;

    use super::*;
    use crate::calendar::Instant;
    use crate::chain::canonical::TransferRow;
    use crate::chain::{self, Hash};
    use crate::evidence::{BlockHeader, EntryProof};

    fn row(id: u128, kind: i64, from_account: i64, to_account: i64, points: i64) -> TransferRow<'static> {
        TransferRow {
            member_id: Uuid::from_u128(1),
            id: Uuid::from_u128(id),
            kind,
            from_account,
            to_account,
            partner_id: None,
            points,
            lot_id: None,
            subject_id: None,
            decision_id: None,
            reason: Some("bread"),
            effective_at: 5,
            recorded_at: 6,
        }
    }

    /// Three blocks, each with one entry of the member and two of others; a checkpoint over all.
    fn statement() -> Statement {
        let rows = [row(10, 1, 5, 2, 100), row(11, 6, 2, 3, 40), row(12, 8, 3, 7, 30)];
        let key = SigningKey::from_bytes(&[9; 32]);
        let public = CheckpointKey::of(&key.verifying_key().to_bytes());
        let (mut previous, mut hashes, mut blocks, mut entries) = (chain::GENESIS, Vec::<Hash>::new(), Vec::new(), Vec::new());
        for (height, row) in (1..).zip(&rows) {
            let leaf = row.leaf();
            let leaves = vec![leaf, chain::leaf(&[1]), chain::leaf(&[2])];
            let root = chain::root(leaves.clone());
            let hash = chain::block(height, &previous, &root, 3, 7);
            let header =
                BlockHeader { height, previous: Hex(previous), root: Hex(root), leaves: 3, recorded_at: Instant(7), hash: Hex(hash) };
            blocks.push(BlockProof { header, checkpoint: Some(3), path: Vec::new() });
            let path = chain::path(leaves, &leaf).unwrap().into_iter().map(PathStep::from).collect();
            entries.push(EntryLine { entry: Entry::of(row), leaf: Hex(leaf), block: height, path });
            hashes.push(hash);
            previous = hash;
        }
        for (index, block) in blocks.iter_mut().enumerate() {
            block.path = chain::path_in_order(hashes.clone(), index).unwrap().into_iter().map(PathStep::from).collect();
        }
        let mut point = Checkpoint {
            program: PartnerId(Uuid::from_u128(4)),
            name: "Coalition".to_owned(),
            after: 0,
            height: 3,
            hash: Hex(previous),
            blocks_root: Hex(chain::root_in_order(hashes)),
            recorded_at: Instant(7),
            signed_at: Instant(8),
            kid: public.kid.clone(),
            signature: String::new(),
        };
        point.signature = URL_SAFE_NO_PAD.encode(key.sign(&point.signed_bytes()).to_bytes());
        let owner = Owner::Member(MemberId(Uuid::from_u128(1)));
        let closing = [("available", 60), ("held", 10), ("pending", 0), ("arrears", 0)];
        Statement {
            owner,
            formers: Vec::new(),
            program: point.program,
            after: None,
            opening: owner.zero(),
            entries,
            closing: closing.into_iter().map(|(name, points)| (name.to_owned(), points)).collect(),
            next: None,
            blocks,
            checkpoints: vec![point],
            keys: vec![public],
        }
    }

    #[test]
    fn a_true_statement_has_nothing_wrong() {
        let statement = statement();
        assert_eq!(statement.check(None), Vec::<String>::new());
        let text = serde_json::to_string(&statement).unwrap();
        assert_eq!(serde_json::from_str::<Statement>(&text).unwrap(), statement);
        let (line, block) = (statement.entries[0].clone(), statement.blocks[0].clone());
        let proof = EntryProof {
            entry: line.entry,
            leaf: line.leaf,
            path: line.path,
            block,
            checkpoint: statement.checkpoints.first().cloned(),
            keys: statement.keys,
        };
        assert_eq!(proof.check(None), Vec::<String>::new());
        assert!(!EntryProof { checkpoint: None, ..proof }.check(None).is_empty());
    }

    type Change = (&'static str, fn(&mut Statement));

    #[test]
    fn what_is_wrong_is_named() {
        let changes: [Change; 12] = [
            ("is not what its leaf says", |it| it.entries[1].entry.points = 41),
            ("the entries come to", |it| it.entries[1].entry.points = 41),
            ("the balance available is shown as 61", |it| *it.closing.get_mut("available").unwrap() = 61),
            ("the opening balances", |it| *it.opening.get_mut("available").unwrap() = 1),
            ("is not in block", |it| it.entries[0].block = 2),
            ("which is not there", |it| it.entries[0].block = 9),
            ("is not what its hash says", |it| it.blocks[0].header.leaves = 4),
            ("covered by no checkpoint", |it| it.blocks[0].checkpoint = None),
            ("is not under checkpoint", |it| it.blocks[0].path.clear()),
            ("is not signed by", |it| it.checkpoints[0].hash = Hex([1; 32])),
            ("somebody else's", |it| it.owner = Owner::Member(MemberId(Uuid::from_u128(2)))),
            ("out of order, or shown twice", |it| it.entries.swap(0, 1)),
        ];
        for (words, change) in changes {
            let mut wrong = statement();
            change(&mut wrong);
            let problems = wrong.check(None);
            assert!(problems.iter().any(|problem| problem.contains(words)), "{words}: {problems:?}");
        }
    }
}
