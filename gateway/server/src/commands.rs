//! The commands, a file each.

pub mod doctor;
pub mod init;
pub mod migrate;
pub mod openapi;
pub mod serve;
pub mod verify;

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use coalition_store::Store;

use crate::config::Common;

/// Connects to a database that must be there: `serve`, `doctor` and `verify` never make one by a slip of the pen.
async fn connect_existing(common: &Common) -> Result<Store> {
    let url = common.database();
    if let Some(path) = url.strip_prefix("sqlite://")
        && !Path::new(path).exists()
    {
        bail!("there is no database at {path}: run `coalition-gateway init --database {url}` first");
    }
    connect(common).await
}

/// Connects to a database; a SQLite file is made where there is none.
async fn connect(common: &Common) -> Result<Store> {
    // The address may hold a password, so it is not shown.
    Store::connect(common.database()).await.context("connecting to the database")
}
