//! Proofs that can be checked without the gateway: of one entry, and of a whole statement.
//!
//! A path leads from an entry's leaf to the root of its block, by the block's own list of leaves; another from the block's hash to the root
//! that a checkpoint has signed, by the hashes of the few blocks between two checkpoints. Where the newest checkpoint does not cover what
//! is asked for yet, one is signed first.

use std::collections::BTreeMap;

use coalition_domain::chain::{self, Hash, Tree};
use coalition_domain::evidence::{
    Balances, BlockHeader, BlockProof, Checkpoint, CheckpointKey, Entry, EntryLine, EntryProof, Hex, Owner, PathStep, Statement, add_entry,
};
use coalition_domain::{Account, Instant, MemberId, PartnerId, TransferId};
use coalition_store::entities::{blocks, transfers};
use coalition_store::sealed;
use uuid::Uuid;

use crate::App;
use crate::caller::{Actor, Caller, Scope};
use crate::checkpoints::log::Log;
use crate::checkpoints::{blocking, folder};
use crate::error::Error;

/// Entries in one part of a statement.
pub const STATEMENT_ENTRIES_MAX: u32 = 1_000;
/// Blocks whose lists of leaves are in memory at once.
const BLOCKS_PAGE: usize = 32;
/// Links read at once.
const LINKS_PAGE: u64 = 8_192;

/// Which part of a statement is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The entry after which it begins.
    pub after: Option<TransferId>,
    /// 1–[`STATEMENT_ENTRIES_MAX`].
    pub limit: u32,
}

/// Entries with what proves them.
#[derive(Default)]
struct Proven {
    lines: Vec<EntryLine>,
    blocks: Vec<BlockProof>,
    checkpoints: Vec<Checkpoint>,
    keys: Vec<CheckpointKey>,
}

/// What no proof can be made of, since the database was changed.
fn unprovable(what: &str) -> Error {
    tracing::error!(what, "an entry can't be proven: the database was changed");
    Error::conflict("not-provable", format!("{what}: the operator runs `GET /v1/ledger/verify`."))
}

impl App {
    /// Everything that is needed to check one entry: the operator's for any, a member's for their own, a partner's where its accounts are touched.
    ///
    /// # Errors
    /// 403, 404; 409 `not-provable` where the entry is not as it was; 503.
    pub async fn entry_proof(&self, caller: &Caller, id: TransferId, member: Option<MemberId>) -> Result<EntryProof, Error> {
        let partner = match caller.actor {
            Actor::Operator | Actor::Member { .. } => None,
            Actor::Partner(_) => Some(caller.partner(Scope::Statements, false)?),
        };
        let persons = match (caller.actor, member) {
            (Actor::Member { id, .. }, _) => Some(self.persons(id).await?),
            (_, Some(member)) => Some(vec![member.uuid()]),
            (_, None) => None,
        };
        let row = sealed::entry(self.store().read(), persons, id.uuid()).await?;
        let row = row.filter(|row| partner.is_none_or(|partner| touches(row, partner))).ok_or_else(Error::not_found)?;
        let mut proven = self.prove(vec![row]).await?;
        let (Some(line), Some(block)) = (proven.lines.pop(), proven.blocks.pop()) else { return Err(Error::not_found()) };
        Ok(EntryProof {
            entry: line.entry,
            leaf: line.leaf,
            path: line.path,
            block,
            checkpoint: proven.checkpoints.pop(),
            keys: proven.keys,
        })
    }

    /// A member's statement: every entry with its proof, from the oldest, and the balances that they come to.
    ///
    /// # Errors
    /// 400, 403, 404; 409 `not-provable`; 503.
    pub async fn member_statement(&self, caller: &Caller, member: MemberId, part: Part) -> Result<Statement, Error> {
        let member = self.readable(caller, member).await?;
        // What the clock has changed becomes entries first, so that the balances are those of now.
        self.settle_member(member).await?;
        let owner = Owner::Member(member);
        let persons = self.persons(member).await?;
        let mut opening = owner.zero();
        if let Some(after) = part.after {
            for (from, to, points) in sealed::moved_up_to(self.store().read(), &persons, after.uuid()).await? {
                add(&mut opening, from, to, points)?;
            }
        }
        let limit = limit(part)?;
        let rows = sealed::entries_of_member(self.store().read(), &persons, part.after.map(TransferId::uuid), limit).await?;
        let statement = self.statement(owner, part, opening, rows).await?;
        Ok(Statement { formers: persons.into_iter().skip(1).map(MemberId).collect(), ..statement })
    }

    /// A partner's statement: the entries that touch its accounts, recorded from `from` to before `to`, and what they come to. The operator
    /// names the partner.
    ///
    /// # Errors
    /// 400, 403, 404; 409 `not-provable`; 503.
    pub async fn partner_statement(
        &self,
        caller: &Caller,
        partner: Option<PartnerId>,
        (from, to): (Option<Instant>, Option<Instant>),
        part: Part,
    ) -> Result<Statement, Error> {
        let own = caller.partner_or_operator(Scope::Statements, false)?;
        let partner = match (own, partner) {
            (Some(own), None) => own,
            (Some(own), Some(partner)) if own == partner => own,
            (Some(_), Some(_)) => return Err(Error::not_found()),
            (None, Some(partner)) => partner,
            (None, None) => return Err(Error::invalid("/partner", "which partner's statement? prt_…")),
        };
        let row = coalition_store::partners::find(self.store().read(), partner.uuid()).await?;
        let owner = Owner::Partner(PartnerId(row.ok_or_else(Error::not_found)?.id));
        let accounts: Vec<i64> = owner.accounts().iter().map(|account| account.code()).collect();
        let between = (from.map_or(i64::MIN, |at| at.0), to.map_or(i64::MAX, |at| at.0));
        let limit = limit(part)?;
        // Each reads much: one at a time, so that nobody's statements slow the postings.
        let _turn = self.0.memory.statements.acquire().await.map_err(|error| Error::internal(&error))?;
        let after = part.after.map(TransferId::uuid);
        let rows = sealed::entries_of_partner(self.store().read(), partner.uuid(), &accounts, between, after, limit).await?;
        self.statement(owner, part, owner.zero(), rows).await
    }

    async fn statement(&self, owner: Owner, part: Part, opening: Balances, mut rows: Vec<transfers::Model>) -> Result<Statement, Error> {
        let shown = usize::try_from(part.limit).unwrap_or(usize::MAX);
        let more = rows.len() > shown;
        rows.truncate(shown);
        let next = rows.last().filter(|_| more).map(|row| row.id.into());
        let mut closing = opening.clone();
        for row in &rows {
            add(&mut closing, row.from_account, row.to_account, row.points)?;
        }
        let proven = self.prove(rows).await?;
        Ok(Statement {
            owner,
            formers: Vec::new(),
            program: self.settings().await?.operator,
            after: part.after,
            opening,
            entries: proven.lines,
            closing,
            next,
            blocks: proven.blocks,
            checkpoints: proven.checkpoints,
            keys: proven.keys,
        })
    }

    /// Proves these rows; they stay in their order.
    async fn prove(&self, rows: Vec<transfers::Model>) -> Result<Proven, Error> {
        let mut proven = Proven::default();
        let mut places: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            places.entry(row.commit_id).or_default().push(place);
        }
        let mut lines: BTreeMap<usize, EntryLine> = BTreeMap::new();
        let mut headers = Vec::new();
        let commits: Vec<Uuid> = places.keys().copied().collect();
        for page in commits.chunks(BLOCKS_PAGE) {
            for block in sealed::blocks_of(self.store().read(), page.to_vec()).await? {
                let tree = self.sealed_by(&block).await?;
                for place in places.remove(&block.commit_id).unwrap_or_default() {
                    let Some(row) = rows.get(place) else { continue };
                    lines.insert(place, line(row, &block, &tree)?);
                }
                headers.push(header(&block)?);
            }
        }
        if !places.is_empty() {
            return Err(unprovable("an entry's block is missing"));
        }
        headers.sort_unstable_by_key(|header| header.height);
        proven.lines = lines.into_values().collect();
        self.cover(headers, &mut proven).await?;
        Ok(proven)
    }

    /// The leaves of a block, sorted, and the tree over them.
    async fn sealed_by(&self, block: &blocks::Model) -> Result<(Vec<Hash>, Tree), Error> {
        let mut leaves = match &block.leaf_hashes {
            Some(list) => list.as_chunks::<32>().0.to_vec(),
            // A gateway of before sealed it.
            None => sealed::search_leaves(self.store().read(), block.commit_id).await?,
        };
        leaves.sort_unstable();
        let tree = Tree::in_order(leaves.clone());
        Ok((leaves, tree))
    }

    /// Leads blocks, sorted by height, to the checkpoints that cover them.
    async fn cover(&self, headers: Vec<BlockHeader>, proven: &mut Proven) -> Result<(), Error> {
        let uncovered = |header: BlockHeader| BlockProof { header, checkpoint: None, path: Vec::new() };
        let Some(path) = self.0.checkpoints.folder() else {
            proven.blocks.extend(headers.into_iter().map(uncovered));
            return Ok(());
        };
        let failed = |error: std::io::Error| Error::internal(&error);
        let (folder, log) = (path.to_path_buf(), Log::in_folder(path));
        let newest = {
            let log = log.clone();
            blocking(move || log.last()).await.map_err(failed)?.map_or(0, |point| point.height)
        };
        if headers.last().is_some_and(|header| header.height > newest) {
            self.checkpoint().await;
        }
        proven.keys = blocking(move || folder::keys(&folder)).await.map_err(failed)?;
        let mut current: Option<(Checkpoint, Tree)> = None;
        for header in headers {
            if current.as_ref().is_none_or(|(point, _)| point.height < header.height) {
                let log = log.clone();
                current = match blocking(move || log.at_or_above(header.height)).await.map_err(failed)? {
                    Some(point) => {
                        let tree = self.tree_of(&point).await?;
                        proven.checkpoints.push(point.clone());
                        Some((point, tree))
                    }
                    None => None,
                };
            }
            let covered = current.as_ref().and_then(|(point, tree)| {
                let index = usize::try_from(header.height.checked_sub(point.after)?.checked_sub(1)?).ok()?;
                let path = tree.path(index)?.into_iter().map(PathStep::from).collect();
                Some(BlockProof { header, checkpoint: Some(point.height), path })
            });
            proven.blocks.push(covered.unwrap_or_else(|| uncovered(header)));
        }
        Ok(())
    }

    /// Over the hashes of the blocks that this checkpoint covers and the one before it does not.
    async fn tree_of(&self, point: &Checkpoint) -> Result<Tree, Error> {
        let (mut hashes, mut at) = (Vec::new(), point.after);
        while at < point.height {
            let page = sealed::links(self.store().read(), at.saturating_add(1), point.height, LINKS_PAGE).await?;
            at = page.last().map(|link| link.height).ok_or_else(|| unprovable("a block is missing"))?;
            for link in page {
                hashes.push(to_hash(&link.hash)?);
            }
        }
        if chain::root_in_order(hashes.clone()) != point.blocks_root.0 {
            return Err(unprovable("the chain is not what was signed"));
        }
        Ok(Tree::in_order(hashes))
    }
}

fn touches(row: &transfers::Model, partner: PartnerId) -> bool {
    let is_partners = |code: i64| Account::from_code(code).is_some_and(Account::is_partners);
    row.partner_id == Some(partner.uuid()) && (is_partners(row.from_account) || is_partners(row.to_account))
}

/// One more than is shown, to know whether there is a next part.
fn limit(part: Part) -> Result<u64, Error> {
    if !(1..=STATEMENT_ENTRIES_MAX).contains(&part.limit) {
        return Err(Error::invalid("/limit", format!("a whole number from 1 to {STATEMENT_ENTRIES_MAX}")));
    }
    Ok(u64::from(part.limit).saturating_add(1))
}

fn add(balances: &mut Balances, from: i64, to: i64, points: i64) -> Result<(), Error> {
    let name = |code| Account::from_code(code).map_or("", Account::name);
    add_entry(balances, name(from), name(to), points).ok_or_else(|| Error::internal(&"a balance beyond 64 bits"))
}

fn line(row: &transfers::Model, block: &blocks::Model, (leaves, tree): &(Vec<Hash>, Tree)) -> Result<EntryLine, Error> {
    let leaf = row.row().leaf();
    let path = leaves.binary_search(&leaf).ok().and_then(|index| tree.path(index));
    let path = path.filter(|path| chain::inclusion(&leaf, path).as_slice() == block.root);
    let path = path.ok_or_else(|| unprovable("an entry is not as its block has sealed it"))?;
    let path = path.into_iter().map(PathStep::from).collect();
    Ok(EntryLine { entry: Entry::of(&row.row()), leaf: Hex(leaf), block: block.height, path })
}

fn header(block: &blocks::Model) -> Result<BlockHeader, Error> {
    Ok(BlockHeader {
        height: block.height,
        previous: Hex(to_hash(&block.previous)?),
        root: Hex(to_hash(&block.root)?),
        leaves: block.leaves,
        recorded_at: Instant(block.recorded_at),
        hash: Hex(to_hash(&block.hash)?),
    })
}

fn to_hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| unprovable("a block's hash is none"))
}
