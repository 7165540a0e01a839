//! Checkpoints: the head of the chain, signed with a key that the database does not hold, in a log outside it.
//!
//! Whoever changes what a checkpoint covers is found out, even if the whole chain is made to agree again: its head is then another than the
//! one that was signed. What was cut off after the last checkpoint can't be seen. Each gateway keeps a folder of its own: [`folder`] has the
//! key, [`log`] the log, [`signing`] what is signed and when it is not. A folder that can't be written stops no posting; it is logged.

pub(crate) mod folder;
pub(crate) mod log;
mod signing;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use coalition_domain::evidence::{Checkpoint, CheckpointKey};
use coalition_store::Store;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Page;
use crate::caller::Caller;
use crate::error::Error;
use crate::{App, Inner, cursor};

use folder::Signer;
use log::Log;

/// The checkpoints that a gateway's log holds, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckpointList {
    /// Up to `limit`.
    pub items: Vec<Checkpoint>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// The keys that they are checked with, the newest first.
    pub keys: Vec<CheckpointKey>,
}

/// A gateway's own.
pub(crate) struct Checkpoints {
    folder: Option<PathBuf>,
    every: Duration,
    /// One at a time; holds the key once it could be read, and what was complained of last.
    turn: tokio::sync::Mutex<Turn>,
}

#[derive(Default)]
struct Turn {
    signer: Option<Signer>,
    complaint: Option<String>,
}

impl Checkpoints {
    pub(crate) fn new(folder: Option<PathBuf>, every: Duration) -> Self {
        Self { folder, every: every.max(Duration::from_millis(100)), turn: tokio::sync::Mutex::default() }
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// Makes the folder ready for the program of this database: draws the key where there is none, and sets the log of another program aside,
/// whose new path is answered.
///
/// # Errors
/// 500 where the folder can't be written; 503 where the database doesn't answer.
pub async fn prepare(store: &Store, folder: &Path) -> Result<Option<PathBuf>, Error> {
    let settings = crate::settings::read_settings(store.read()).await?;
    let folder = folder.to_path_buf();
    let prepared = blocking(move || {
        Signer::open(&folder)?;
        Log::in_folder(&folder).set_aside_unless_of(settings.operator)
    });
    prepared.await.map_err(|error| Error::internal(&error))
}

/// Checks that checkpoints can be signed in this folder, as `doctor` asks, without making what isn't there yet; answers the key's name.
///
/// # Errors
/// Why not.
pub fn try_folder(folder: &Path) -> std::io::Result<Option<String>> {
    if !folder.exists() {
        return Ok(None);
    }
    tempfile::tempfile_in(folder)?;
    Log::in_folder(folder).try_append()?;
    if folder::has_key(folder) { Signer::open(folder).map(|signer| Some(signer.public.kid)) } else { Ok(None) }
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}

impl App {
    /// Signs the head, where it has moved, again and again until the application is dropped.
    pub(crate) fn keep_checkpoints(&self) {
        if self.0.checkpoints.folder.is_none() {
            return;
        }
        let (app, every) = (Arc::downgrade(&self.0), self.0.checkpoints.every);
        tokio::spawn(async move {
            loop {
                let Some(app) = Weak::upgrade(&app).map(|inner: Arc<Inner>| App(inner)) else { return };
                if app.is_draining() {
                    return;
                }
                app.checkpoint().await;
                drop(app);
                tokio::time::sleep(every).await;
            }
        });
    }

    /// Signs the head if it has moved. What stands in the way is logged, once for as long as it stays the same.
    pub(crate) async fn checkpoint(&self) {
        let Some(folder) = self.0.checkpoints.folder() else { return };
        let mut turn = self.0.checkpoints.turn.lock().await;
        match signing::sign_head(self, folder, &mut turn.signer).await {
            Ok(signed) => {
                if let Some(signed) = signed {
                    tracing::debug!(block.height = signed.height, "checkpoint signed");
                }
                if turn.complaint.take().is_some() {
                    tracing::info!("checkpoints are signed again");
                }
            }
            Err(error) => {
                let complaint = error.to_string();
                if turn.complaint.as_ref() != Some(&complaint) {
                    tracing::error!(%error, folder = %folder.display(), "no checkpoint could be signed; postings go on, but what they write is not covered");
                }
                turn.complaint = Some(complaint);
            }
        }
    }

    /// The checkpoints that this gateway's log holds, newest first.
    ///
    /// # Errors
    /// 400 for a cursor that is not of this list; 403 for all but the operator; 503.
    pub async fn list_checkpoints(&self, caller: &Caller, page: Page) -> Result<CheckpointList, Error> {
        caller.operator()?;
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "checkpoints", caller, &page)?;
        let Some(folder) = self.0.checkpoints.folder.clone() else {
            return Ok(CheckpointList { items: Vec::new(), next_cursor: None, keys: Vec::new() });
        };
        let (lines, keys) = {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            // A position is where a line begins: what was read before it stays where it is.
            let before = before.and_then(|position| u64::try_from(position.as_u128()).ok());
            let read = blocking(move || Ok((Log::in_folder(&folder).before(before, limit)?, folder::keys(&folder)?)));
            read.await.map_err(|error| Error::internal(&error))?
        };
        let position = |(start, _): &(u64, Checkpoint)| Uuid::from_u128(u128::from(*start));
        let listing = cursor::page(&settings.secret, "checkpoints", caller, &page, lines, position, |(_, point)| point);
        Ok(CheckpointList { items: listing.items, next_cursor: listing.next_cursor, keys })
    }
}
