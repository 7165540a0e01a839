//! Reading receipts: NDJSON, plain or gzip, one line as `POST /v1/transactions` takes it.
//!
//! A line may name the member by `member_card` instead of `member`, and carry `partner`, which never reaches the gateway.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value, json};

use crate::error::{CliError, Result};

/// The longest line that is read; a receipt of 1 000 lines has about 100 KB.
pub const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// The two bytes that every gzip file starts with; more telling than the name, and stdin has none.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// One receipt, ready to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Line in the file, from 1.
    pub line: u64,
    /// The business id; empty where the line has none and the gateway will say so.
    pub external_id: String,
    /// Names the member; receipts of one member are posted in order.
    pub member: String,
    /// The body for the gateway: one line of JSON.
    pub body: String,
}

/// What a line turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// To be posted. The second is the `partner` that the line named.
    Receipt(Receipt, Option<String>),
    /// Another partner's, or blank.
    Skipped,
    /// Not a receipt at all.
    Invalid {
        /// Why.
        detail: String,
    },
}

/// Reads one line of NDJSON; `only` keeps the lines of that partner.
#[must_use]
pub fn convert(number: u64, text: &str, only: Option<&str>) -> Line {
    if text.trim().is_empty() {
        return Line::Skipped;
    }
    let mut object: Map<String, Value> = match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => {
            return Line::Invalid { detail: "the line is JSON, but no object".to_owned() };
        }
        Err(error) => {
            return Line::Invalid { detail: format!("the line is no JSON: {error}") };
        }
    };
    let partner = match object.remove("partner") {
        None => None,
        Some(Value::String(partner)) => Some(partner),
        Some(_) => {
            return Line::Invalid { detail: "\"partner\" is no text".to_owned() };
        }
    };
    if only.is_some() && only != partner.as_deref() {
        return Line::Skipped;
    }
    if let Some(card) = object.remove("member_card") {
        if object.contains_key("member") {
            return Line::Invalid { detail: "the line has both \"member\" and \"member_card\"".to_owned() };
        }
        object.insert("member".to_owned(), json!({ "card": card }));
    }
    let member = object.get("member").map(Value::to_string).unwrap_or_default();
    let external_id = object.get("external_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Line::Receipt(Receipt { line: number, external_id, member, body: Value::Object(object).to_string() }, partner)
}

/// A file or stdin, line by line. What it has read of the input is known to others while it reads.
pub struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
}

/// An input that was opened.
pub struct Source {
    /// Its lines.
    pub lines: Lines,
    /// Bytes of the input read so far, before decompression.
    pub read_bytes: Arc<AtomicU64>,
    /// Bytes of the input in all; None for a stream.
    pub total_bytes: Option<u64>,
}

/// Opens a file, or stdin for `-`; gzip is recognised by its content.
///
/// # Errors
/// A usage error when it can't be opened.
pub fn open(path: &Path) -> Result<Source> {
    let unreadable = |error: std::io::Error| CliError::usage(format!("can't read {}: {error}", path.display()));
    let read_bytes = Arc::new(AtomicU64::new(0));
    let (input, total_bytes): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
        (Box::new(std::io::stdin()), None)
    } else {
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(CliError::usage(format!("{} is a folder", path.display())).fix("name a file of receipts, one JSON object a line"));
        }
        (Box::new(file), metadata.is_file().then_some(metadata.len()))
    };
    let counting = Counting { input, read_bytes: Arc::clone(&read_bytes) };
    let reader = decompressed(counting).map_err(unreadable)?;
    Ok(Source { lines: Lines { reader, number: 0 }, read_bytes, total_bytes })
}

fn decompressed(mut input: impl Read + Send + 'static) -> std::io::Result<Box<dyn BufRead + Send>> {
    let mut magic = Vec::with_capacity(GZIP_MAGIC.len());
    input.by_ref().take(2).read_to_end(&mut magic)?;
    let zipped = magic == GZIP_MAGIC;
    let whole = Cursor::new(magic).chain(input);
    Ok(if zipped { Box::new(BufReader::new(MultiGzDecoder::new(BufReader::new(whole)))) } else { Box::new(BufReader::new(whole)) })
}

struct Counting<R> {
    input: R,
    read_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read_bytes.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(count)
    }
}

impl Lines {
    /// The next line with its number, from 1; None at the end.
    ///
    /// # Errors
    /// When the input breaks, is no UTF-8, or has a line over [`LINE_BYTES_MAX`].
    pub fn next_line(&mut self) -> Result<Option<(u64, String)>> {
        self.number += 1;
        let number = self.number;
        let broken = |why: &dyn std::fmt::Display| CliError::usage(format!("line {number} can't be read: {why}"));
        let mut bytes = Vec::new();
        let count = self.reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes).map_err(|error| broken(&error))?;
        if count == 0 {
            return Ok(None);
        }
        if u64::try_from(count).is_ok_and(|count| count > LINE_BYTES_MAX) {
            return Err(broken(&"it is over 1 MiB").fix("one receipt a line, as NDJSON has it"));
        }
        let text = String::from_utf8(bytes).map_err(|_| broken(&"it is no UTF-8").fix("save the file as UTF-8"))?;
        // Some editors put a byte order mark before the first line.
        let text = if number == 1 { text.trim_start_matches('\u{feff}').to_owned() } else { text };
        Ok(Some((number, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn receipt(line: Line) -> (Receipt, Option<String>) {
        match line {
            Line::Receipt(receipt, partner) => (receipt, partner),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn cards_become_members_and_partners_stay_here() {
        let text = r#"{"partner":"bakehouse","external_id":"1-bakehouse","member_card":"HH00900","total":50,"lines":[{"quantity":1.25}]}"#;
        let (receipt, partner) = receipt(convert(7, text, None));
        assert_eq!(partner.as_deref(), Some("bakehouse"));
        assert_eq!((receipt.line, receipt.external_id.as_str(), receipt.member.as_str()), (7, "1-bakehouse", r#"{"card":"HH00900"}"#));
        let body: Value = serde_json::from_str(&receipt.body).unwrap();
        assert_eq!(body, json!({"external_id": "1-bakehouse", "member": {"card": "HH00900"}, "total": 50, "lines": [{"quantity": 1.25}]}));
        assert!(!receipt.body.contains('\n'));
    }

    #[test]
    fn lines_of_other_partners_are_skipped_when_one_is_asked_for() {
        let text = r#"{"partner":"bakehouse","external_id":"1"}"#;
        assert_eq!(convert(1, text, Some("freshmart")), Line::Skipped);
        assert_eq!(convert(1, r#"{"external_id":"1"}"#, Some("freshmart")), Line::Skipped);
        assert!(matches!(convert(1, text, Some("bakehouse")), Line::Receipt(..)));
        assert_eq!(convert(1, "  \n", None), Line::Skipped);
    }

    #[test]
    fn what_is_no_receipt_says_why() {
        for (text, why) in [
            ("{", "no JSON"),
            ("[1]", "no object"),
            (r#"{"member":{"id":"m"},"member_card":"c"}"#, "both"),
            (r#"{"partner":5}"#, "no text"),
        ] {
            match convert(1, text, None) {
                Line::Invalid { detail } => assert!(detail.contains(why), "{detail}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn gzip_is_recognised_by_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let plain = "\u{feff}{\"a\":1}\n\n{\"b\":2}";
        let path = folder.path().join("named.without.hint");
        // Two members one after the other, as `cat a.gz b.gz` makes them.
        let zip = |text: &str| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        };
        let (head, tail) = plain.split_at(6);
        std::fs::write(&path, [zip(head), zip(tail)].concat()).unwrap();
        let read = |path: &Path| {
            let mut source = open(path).unwrap();
            let mut lines = Vec::new();
            while let Some((number, line)) = source.lines.next_line().unwrap() {
                lines.push((number, line.trim_end().to_owned()));
            }
            assert_eq!(Some(source.read_bytes.load(Ordering::Relaxed)), source.total_bytes);
            lines
        };
        let expected = vec![(1, r#"{"a":1}"#.to_owned()), (2, String::new()), (3, r#"{"b":2}"#.to_owned())];
        assert_eq!(read(&path), expected);
        std::fs::write(&path, plain).unwrap();
        assert_eq!(read(&path), expected);
    }

    #[test]
    fn endless_lines_and_cut_archives_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, vec![b'x'; usize::try_from(LINE_BYTES_MAX).unwrap() + 5]).unwrap();
        assert!(open(&path).unwrap().lines.next_line().unwrap_err().message.contains("1 MiB"));
        std::fs::write(&path, [0x1f, 0x8b, 8, 0]).unwrap();
        assert!(open(&path).unwrap().lines.next_line().is_err());
        assert!(open(Path::new("/nowhere/at/all")).is_err());
    }
}
