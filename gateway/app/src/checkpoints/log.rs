//! The log of checkpoints: one JSON document a line, only ever appended to, on the disk before it counts.
//!
//! Heights grow from line to line, so that a checkpoint is found by halving. A line without its end was never whole: it is left out when the
//! log is read, and gone when the next line is written.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use coalition_domain::PartnerId;
use coalition_domain::evidence::Checkpoint;

const LOG_FILE: &str = "checkpoints.jsonl";
/// Read at once when going backwards; no line is as long.
const CHUNK_BYTES: u64 = 64 * 1024;

/// A log, whether or not it is there yet.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    path: PathBuf,
}

impl Log {
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join(LOG_FILE) }
    }

    /// The log as far as it is whole; None where there is none.
    fn open(&self) -> Result<Option<(File, u64)>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let end = whole(&mut file)?;
        Ok(Some((file, end)))
    }

    /// The newest checkpoint.
    pub(crate) fn last(&self) -> Result<Option<Checkpoint>> {
        Ok(self.before(None, 1)?.pop().map(|(_, point)| point))
    }

    /// Up to `limit` checkpoints before the line that begins at `end`, newest first, each with where its line begins.
    pub(crate) fn before(&self, end: Option<u64>, limit: usize) -> Result<Vec<(u64, Checkpoint)>> {
        let Some((mut file, whole)) = self.open()? else { return Ok(Vec::new()) };
        let mut end = end.unwrap_or(whole).min(whole);
        let mut found = Vec::new();
        while end > 0 && found.len() < limit {
            let start = end.saturating_sub(CHUNK_BYTES);
            let bytes = read(&mut file, start, end)?;
            // What is before the first line end began in the chunk before, unless this is the beginning.
            let mut lines: Vec<(u64, &[u8])> = Vec::new();
            let mut at = start;
            for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                lines.push((at, line));
                at = at.saturating_add(length(line));
            }
            if start > 0 {
                lines.remove(0);
            }
            let Some((first, _)) = lines.first().copied() else { return Err(unreadable(start)) };
            for (at, line) in lines.into_iter().rev().take(limit.saturating_sub(found.len())) {
                found.push((at, parse(at, line)?));
            }
            end = first;
        }
        Ok(found)
    }

    /// The first checkpoint that covers this height.
    pub(crate) fn at_or_above(&self, height: i64) -> Result<Option<Checkpoint>> {
        let Some((file, whole)) = self.open()? else { return Ok(None) };
        let mut reader = BufReader::new(file);
        let (mut low, mut high, mut best) = (0, whole, None);
        while low < high {
            let middle = low.midpoint(high);
            // The first line that begins at the middle or after it.
            let mut skipped = Vec::new();
            reader.seek(SeekFrom::Start(middle.saturating_sub(1)))?;
            let start = if middle == 0 { 0 } else { middle - 1 + u64::try_from(reader.read_until(b'\n', &mut skipped)?).unwrap_or(0) };
            if start >= high {
                high = middle;
                continue;
            }
            let mut line = Vec::new();
            reader.read_until(b'\n', &mut line)?;
            let point = parse(start, &line)?;
            if point.height >= height {
                best = Some(point);
                high = middle;
            } else {
                low = start.saturating_add(length(&line));
            }
        }
        Ok(best)
    }

    /// All checkpoints that there are now, from the oldest, each line by itself.
    pub(crate) fn lines(&self) -> Result<impl Iterator<Item = Result<Checkpoint>> + use<>> {
        let (file, whole) = match self.open()? {
            Some((mut file, whole)) => {
                file.seek(SeekFrom::Start(0))?;
                (Some(file), whole)
            }
            None => (None, 0),
        };
        let mut at = 0_u64;
        let lines = file.into_iter().flat_map(move |file| BufReader::new(file.take(whole)).split(b'\n'));
        Ok(lines.map(move |line| {
            let (line, start) = (line?, at);
            at = at.saturating_add(length(&line)).saturating_add(1);
            parse(start, &line)
        }))
    }

    /// Appends a checkpoint that follows the newest one; whether it did: another gateway may have come first.
    pub(crate) fn append(&self, point: &Checkpoint) -> Result<bool> {
        let mut line = serde_json::to_vec(point)?;
        line.push(b'\n');
        let mut file = self.writable()?;
        file.lock()?;
        if self.last()?.map_or(0, |last| last.height) != point.after {
            return Ok(false);
        }
        let end = whole(&mut file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&line)?;
        file.sync_data()?;
        Ok(true)
    }

    /// Whether it could be appended to, or is not there yet.
    pub(crate) fn try_append(&self) -> Result<()> {
        if self.path.exists() { self.writable().map(|_| ()) } else { Ok(()) }
    }

    fn writable(&self) -> Result<File> {
        let is_new = !self.path.exists();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        if let Some(folder) = self.path.parent().filter(|_| is_new) {
            File::open(folder)?.sync_all()?;
        }
        Ok(file)
    }

    /// Renames the log where it is another program's, so that a new one can begin; answers the new path.
    pub(crate) fn set_aside_unless_of(&self, program: PartnerId) -> Result<Option<PathBuf>> {
        let Some(last) = self.last()?.filter(|last| last.program != program) else { return Ok(None) };
        let aside = self.path.with_file_name(format!("checkpoints-{}.jsonl", last.program));
        std::fs::rename(&self.path, &aside)?;
        Ok(Some(aside))
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn unreadable(at: u64) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the log of checkpoints can't be read at byte {at}"))
}

fn parse(at: u64, line: &[u8]) -> Result<Checkpoint> {
    serde_json::from_slice(line).map_err(|_| unreadable(at))
}

fn read(file: &mut File, start: u64, end: u64) -> Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where the last whole line ends.
fn whole(file: &mut File) -> Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    let start = end.saturating_sub(CHUNK_BYTES);
    let bytes = read(file, start, end)?;
    match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(last) => Ok(start.saturating_add(u64::try_from(last).unwrap_or(0)).saturating_add(1)),
        None if start == 0 => Ok(0),
        None => Err(unreadable(start)),
    }
}

#[cfg(test)]
mod tests {
    use coalition_domain::Instant;
    use coalition_domain::evidence::Hex;
    use uuid::Uuid;

    use super::*;

    fn point(after: i64, height: i64) -> Checkpoint {
        Checkpoint {
            program: PartnerId(Uuid::from_u128(1)),
            name: "Coalition".to_owned(),
            after,
            height,
            hash: Hex([1; 32]),
            blocks_root: Hex([2; 32]),
            recorded_at: Instant(5),
            signed_at: Instant(6),
            kid: "key".to_owned(),
            signature: "signature".to_owned(),
        }
    }

    #[test]
    fn what_is_appended_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::in_folder(folder.path());
        assert_eq!(log.last().unwrap(), None);
        assert_eq!(log.at_or_above(1).unwrap(), None);
        assert_eq!(log.lines().unwrap().count(), 0);
        // Some hundreds of lines, so that several chunks are read.
        for n in 0..500 {
            assert!(log.append(&point(n * 3, n * 3 + 3)).unwrap());
            assert!(!log.append(&point(n * 3, n * 3 + 3)).unwrap(), "somebody else was first");
        }
        assert_eq!(log.last().unwrap().unwrap().height, 1500);
        assert_eq!(log.lines().unwrap().map(|line| line.unwrap().height).collect::<Vec<_>>(), (1..=500).map(|n| n * 3).collect::<Vec<_>>());
        for height in 1..=1500 {
            assert_eq!(log.at_or_above(height).unwrap().unwrap().height, (height + 2) / 3 * 3);
        }
        assert_eq!(log.at_or_above(1501).unwrap(), None);
        let (mut end, mut seen) = (None, Vec::new());
        loop {
            let page = log.before(end, 7).unwrap();
            let Some((start, _)) = page.last() else { break };
            end = Some(*start);
            seen.extend(page.iter().map(|(_, point)| point.height));
        }
        assert_eq!(seen, (1..=500).rev().map(|n| n * 3).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_without_its_end_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::in_folder(folder.path());
        assert!(log.append(&point(0, 3)).unwrap());
        let mut file = OpenOptions::new().append(true).open(&log.path).unwrap();
        file.write_all(b"{\"program\":\"prt_").unwrap();
        assert_eq!(log.last().unwrap().unwrap().height, 3);
        assert_eq!(log.lines().unwrap().count(), 1);
        assert!(log.append(&point(3, 4)).unwrap());
        assert_eq!(log.lines().unwrap().map(|line| line.unwrap().height).collect::<Vec<_>>(), [3, 4]);
    }

    #[test]
    fn a_line_that_is_none_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::in_folder(folder.path());
        std::fs::write(&log.path, "nonsense\n").unwrap();
        assert!(log.last().is_err() && log.append(&point(0, 3)).is_err());
        assert!(log.lines().unwrap().next().unwrap().is_err());
    }

    #[test]
    fn another_programs_log_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::in_folder(folder.path());
        assert!(log.append(&point(0, 3)).unwrap());
        assert_eq!(log.set_aside_unless_of(PartnerId(Uuid::from_u128(1))).unwrap(), None);
        assert!(log.set_aside_unless_of(PartnerId(Uuid::from_u128(2))).unwrap().unwrap().exists());
        assert_eq!(log.last().unwrap(), None);
    }
}
