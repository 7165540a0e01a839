//! Rows and blocks dealt into parts by their commit, so that each part fits in memory: a hash join whose parts go to disk where they are many.
//!
//! A row takes 81 bytes there, a block 32 bytes a row and 73 more. Half a million rows are a part: some 100 MB while it is joined. Over
//! [`PARTS_MAX`] parts they grow instead of their number, which is bounded by the files that a process may have open.

use std::io::{BufReader, BufWriter, ErrorKind, Read, Result, Seek as _, SeekFrom, Write as _};

use coalition_domain::chain::Hash;
use coalition_store::entities::blocks;
use coalition_store::sealed::SealedRow;
use tempfile::SpooledTempFile;
use uuid::Uuid;

/// Rows that one part is meant for.
const PART_ROWS: i64 = 500_000;
/// Parts; each takes up to two files.
const PARTS_MAX: usize = 128;
/// What of a part's rows or blocks is kept in memory before it goes to disk.
const MEMORY_BYTES: usize = 64 * 1024 * 1024;
/// What is collected before it is written.
const BUFFER_BYTES: usize = 16 * 1024;

/// A block, as far as its rows are concerned.
#[derive(Debug)]
pub(super) struct PartBlock {
    pub(super) commit_id: Uuid,
    pub(super) height: i64,
    pub(super) root: Hash,
    pub(super) leaves: i64,
    /// The sorted leaves that it sealed, where they are known for sure.
    pub(super) sealed: Option<Vec<Hash>>,
}

struct Spool(BufWriter<SpooledTempFile>);

impl Spool {
    fn new(memory: usize) -> Self {
        Self(BufWriter::with_capacity(BUFFER_BYTES, SpooledTempFile::new(memory)))
    }

    fn rewound(self) -> Result<BufReader<SpooledTempFile>> {
        let mut file = self.0.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(BUFFER_BYTES, file))
    }
}

/// All parts, while they are dealt.
pub(super) struct Parts {
    blocks: Vec<Spool>,
    rows: Vec<Spool>,
}

impl Parts {
    /// For about so many rows.
    pub(super) fn new(rows: i64) -> Self {
        let wanted = usize::try_from(rows.max(0) / PART_ROWS).unwrap_or(PARTS_MAX);
        let count = wanted.saturating_add(1).min(PARTS_MAX);
        let spools = || (0..count).map(|_| Spool::new(MEMORY_BYTES / count)).collect();
        Self { blocks: spools(), rows: spools() }
    }

    /// Which part: the last bytes of an id are drawn by chance.
    fn place(&self, commit: Uuid) -> usize {
        let chance = usize::try_from(commit.as_u128() & 0xffff_ffff).unwrap_or(0);
        chance % self.blocks.len().max(1)
    }

    pub(super) fn block(&mut self, block: &blocks::Model, sealed: Option<&[Hash]>) -> Result<()> {
        let place = self.place(block.commit_id);
        let Some(Spool(file)) = self.blocks.get_mut(place) else { return Ok(()) };
        let root: Hash = block.root.as_slice().try_into().unwrap_or_default();
        // A length of all ones says that the list is not known.
        let count = sealed.map_or(u64::MAX, |list| u64::try_from(list.len()).unwrap_or(u64::MAX));
        file.write_all(block.commit_id.as_bytes())?;
        file.write_all(&block.height.to_be_bytes())?;
        file.write_all(&root)?;
        file.write_all(&block.leaves.to_be_bytes())?;
        file.write_all(&count.to_be_bytes())?;
        sealed.into_iter().flatten().try_for_each(|hash| file.write_all(hash))
    }

    pub(super) fn row(&mut self, row: &SealedRow) -> Result<()> {
        let place = self.place(row.commit_id);
        let Some(Spool(file)) = self.rows.get_mut(place) else { return Ok(()) };
        file.write_all(row.commit_id.as_bytes())?;
        file.write_all(&row.leaf)?;
        file.write_all(row.name.as_bytes())?;
        file.write_all(&[row.table])
    }

    /// One part after another.
    pub(super) fn end(self) -> impl Iterator<Item = Result<Part>> {
        self.blocks.into_iter().zip(self.rows).map(|(blocks, rows)| Ok(Part { blocks: blocks.rewound()?, rows: rows.rewound()? }))
    }
}

/// One part, to be read once.
pub(super) struct Part {
    blocks: BufReader<SpooledTempFile>,
    rows: BufReader<SpooledTempFile>,
}

fn take<const N: usize>(from: &mut impl Read) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The first field of a record; None at the end.
fn first(from: &mut impl Read) -> Result<Option<Uuid>> {
    match take::<16>(from) {
        Ok(bytes) => Ok(Some(Uuid::from_bytes(bytes))),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

impl Part {
    pub(super) fn next_block(&mut self) -> Result<Option<PartBlock>> {
        let from = &mut self.blocks;
        let Some(commit_id) = first(from)? else { return Ok(None) };
        let height = i64::from_be_bytes(take(from)?);
        let root = take(from)?;
        let leaves = i64::from_be_bytes(take(from)?);
        let count = u64::from_be_bytes(take(from)?);
        let sealed = (count != u64::MAX).then(|| (0..count).map(|_| take(from)).collect::<Result<Vec<Hash>>>()).transpose()?;
        Ok(Some(PartBlock { commit_id, height, root, leaves, sealed }))
    }

    pub(super) fn next_row(&mut self) -> Result<Option<SealedRow>> {
        let from = &mut self.rows;
        let Some(commit_id) = first(from)? else { return Ok(None) };
        let leaf = take(from)?;
        let name = Uuid::from_bytes(take(from)?);
        let [table] = take(from)?;
        Ok(Some(SealedRow { table, name, commit_id, leaf }))
    }
}
