//! The receipts that everything is tried on: real shopping of whole households, as `data/README.md` tells.

pub mod mixed;
pub mod ordeals;
pub mod post;
pub mod stage;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::harness::binaries::workspace;

/// The seven brands of the receipts.
pub const BRANDS: [&str; 7] = ["freshmart", "wellpoint", "bakehouse", "fuelgo", "bloom", "cellar", "voyage"];

/// Business time from which the first part of the receipts can be posted, and the second: no receipt may be older than 30 days.
pub const CLOCKS: [&str; 2] = ["2017-01-29T00:00:00Z", "2017-02-21T00:00:00Z"];

/// One receipt.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The brand's slug.
    pub partner: String,
    /// The till's own id, unique for the brand.
    pub external_id: String,
    /// The member's card.
    pub card: String,
    /// When it was bought, as RFC 3339 in UTC.
    pub occurred_at: String,
    /// Cents.
    pub total: i64,
    /// As `POST /v1/transactions` takes it.
    pub body: Value,
}

/// The receipts of this file, else of `COALITION_RECEIPTS`, else those that the project holds.
pub fn load(file: Option<&Path>) -> Result<Vec<Receipt>> {
    let named = file.map(Path::to_path_buf).or_else(|| std::env::var_os("COALITION_RECEIPTS").map(PathBuf::from));
    let path = named.unwrap_or_else(|| workspace().join("tests/data/receipts.ndjson.gz"));
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    text.lines().enumerate().map(|(at, line)| parse(line).with_context(|| format!("line {} of {}", at + 1, path.display()))).collect()
}

fn parse(line: &str) -> Result<Receipt> {
    let mut body: Value = serde_json::from_str(line)?;
    let fields = body.as_object_mut().context("a receipt is an object")?;
    let mut take = |name: &str| {
        let value = fields.remove(name).with_context(|| format!("a receipt has {name}"))?;
        value.as_str().map(str::to_owned).with_context(|| format!("{name} is text"))
    };
    let (partner, card) = (take("partner")?, take("member_card")?);
    let (external_id, occurred_at) = (take("external_id")?, take("occurred_at")?);
    fields.insert("external_id".to_owned(), json!(external_id));
    fields.insert("occurred_at".to_owned(), json!(occurred_at));
    fields.insert("member".to_owned(), json!({ "card": card }));
    let total = body.get("total").and_then(Value::as_i64).context("a receipt has a total")?;
    Ok(Receipt { partner, external_id, card, occurred_at, total, body })
}

/// Those of the first `households` households in order of first appearance, whole.
pub fn of_households(receipts: &[Receipt], households: usize) -> Vec<Receipt> {
    let mut chosen = std::collections::HashSet::new();
    for receipt in receipts {
        if chosen.len() < households {
            chosen.insert(receipt.card.as_str());
        }
    }
    receipts.iter().filter(|receipt| chosen.contains(receipt.card.as_str())).cloned().collect()
}

/// The receipts in the parts that one setting of the clock allows, each with that setting.
pub fn parts(receipts: &[Receipt]) -> [(&'static str, Vec<Receipt>); 2] {
    CLOCKS.map(|clock| {
        let is_first = clock == CLOCKS[0];
        (clock, receipts.iter().filter(|receipt| (receipt.occurred_at.as_str() < CLOCKS[0]) == is_first).cloned().collect())
    })
}
