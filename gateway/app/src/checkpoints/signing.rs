//! What a checkpoint signs, and when nothing is signed: a chain that does not go on from what was signed last is not signed again.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coalition_domain::chain::{Hash, OrderedRoot};
use coalition_domain::evidence::{Checkpoint, Hex};
use coalition_domain::{Instant, chain};
use coalition_store::sealed;

use super::blocking;
use super::folder::Signer;
use super::log::Log;
use crate::App;
use crate::error::Error;

/// Blocks that one checkpoint covers: a proof reads as many hashes. A gateway that comes late signs several checkpoints.
const BLOCKS_MAX: i64 = 65_536;
/// Links read at once.
const LINKS_PAGE: u64 = 4_096;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsigned {
    #[error("{0}")]
    Folder(#[from] std::io::Error),
    #[error("{0}")]
    Database(#[from] Error),
    /// Somebody has changed the database, or it is an older copy.
    #[error("the chain does not go on from the last checkpoint: {0}; run `coalition-gateway verify`")]
    Broken(String),
}

impl From<coalition_store::StoreError> for Unsigned {
    fn from(error: coalition_store::StoreError) -> Self {
        Self::Database(error.into())
    }
}

/// Signs up to the head. Answers the newest checkpoint that was made, if one was.
pub(super) async fn sign_head(app: &App, folder: &Path, signer: &mut Option<Signer>) -> Result<Option<Checkpoint>, Unsigned> {
    let signer = match signer {
        Some(signer) => signer,
        None => {
            let folder = folder.to_path_buf();
            signer.insert(blocking(move || Signer::open(&folder)).await?)
        }
    };
    let log = Log::in_folder(folder);
    let mut made = None;
    loop {
        let last = {
            let log = log.clone();
            blocking(move || log.last()).await?
        };
        let Some(point) = next(app, last.as_ref(), signer).await? else { return Ok(made) };
        let point = Arc::new(point);
        let (log, appended) = (log.clone(), Arc::clone(&point));
        // Where another gateway with the same folder came first, this one goes on from there.
        if blocking(move || log.append(&appended)).await? {
            made = Some(Arc::unwrap_or_clone(point));
        }
    }
}

/// The checkpoint that follows the last one; None where the head has not moved.
async fn next(app: &App, last: Option<&Checkpoint>, signer: &Signer) -> Result<Option<Checkpoint>, Unsigned> {
    let settings = app.settings().await?;
    let broken = |what: String| Unsigned::Broken(what);
    if last.is_some_and(|last| last.program != settings.operator) {
        return Err(broken("it is of another program; give each program a folder of its own".to_owned()));
    }
    let conn = app.store().read();
    let head = sealed::head(conn).await?.map_or(0, |(height, _)| height);
    let (after, mut before) = last.map_or((0, chain::GENESIS), |last| (last.height, last.hash.0));
    if head < after {
        return Err(broken(format!("it is at block {after}, the chain ends at block {head}")));
    }
    if after > 0 && sealed::links(conn, after, after, 1).await?.first().is_none_or(|link| link.hash != before) {
        return Err(broken(format!("block {after} is another than the one that was signed")));
    }
    if head == after {
        return Ok(None);
    }
    let height = head.min(after.saturating_add(BLOCKS_MAX));
    let (mut root, mut at, mut recorded_at) = (OrderedRoot::default(), after, 0);
    while at < height {
        let page = sealed::links(conn, at.saturating_add(1), height, LINKS_PAGE).await?;
        if page.is_empty() {
            return Err(broken(format!("block {} is missing", at.saturating_add(1))));
        }
        for link in page {
            let hash: Hash = link.hash.try_into().map_err(|_| broken(format!("the hash of block {} is none", link.height)))?;
            if link.height != at.saturating_add(1) || link.previous != before {
                return Err(broken(format!("block {} does not follow block {at}", link.height)));
            }
            root.push(hash);
            (at, before, recorded_at) = (link.height, hash, link.recorded_at);
        }
    }
    let mut point = Checkpoint {
        program: settings.operator,
        name: settings.name.clone(),
        after,
        height,
        hash: Hex(before),
        blocks_root: Hex(root.root()),
        recorded_at: Instant(recorded_at),
        signed_at: app.wall_now(),
        kid: signer.public.kid.clone(),
        signature: String::new(),
    };
    point.signature = URL_SAFE_NO_PAD.encode(signer.sign(&point.signed_bytes()));
    Ok(Some(point))
}
