//! A database of a story's own, fresh and gone with it: a SQLite file, or a database of the process's PostgreSQL cluster.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sea_orm::ConnectionTrait as _;

use super::postgres;

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database. One that [`Database::fresh`] made lives as long as this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    kind: Kind,
    folder: PathBuf,
    is_ours: bool,
    _temporary: Option<tempfile::TempDir>,
}

impl Database {
    /// An empty database; none where PostgreSQL is wanted and not installed.
    pub fn fresh(kind: Kind) -> Result<Option<Database>> {
        let temporary = tempfile::Builder::new().prefix("coalition-").tempdir()?;
        let folder = temporary.path().to_path_buf();
        let url = match kind {
            Kind::Sqlite => sqlite_url(&folder),
            Kind::Postgres => match postgres::cluster()? {
                Some(cluster) => cluster.create_database()?,
                None => return Ok(None),
            },
        };
        Ok(Some(Database { url, kind, folder, is_ours: true, _temporary: Some(temporary) }))
    }

    /// A new SQLite file in this folder, in place of one that was there; it stays.
    pub fn kept_in(folder: &Path) -> Result<Database> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        for name in ["coalition.db", "coalition.db-wal", "coalition.db-shm"] {
            match std::fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("removing the database of before"),
                _ => {}
            }
        }
        // What was signed of that database goes with it.
        match std::fs::remove_dir_all(folder.join("coalition-checkpoints")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("removing the checkpoints of before"),
            _ => {}
        }
        let url = sqlite_url(folder);
        Ok(Database { url, kind: Kind::Sqlite, folder: folder.to_path_buf(), is_ours: false, _temporary: None })
    }

    /// Somebody else's PostgreSQL database; it stays.
    pub fn at(url: &str, folder: &Path) -> Database {
        Database { url: url.to_owned(), kind: Kind::Postgres, folder: folder.to_path_buf(), is_ours: false, _temporary: None }
    }

    /// As `--database` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which of the two.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// A folder that goes with the database, for a gateway to run in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs SQL behind the gateway's back, as somebody who tampers would; answers how many rows it changed.
    pub async fn tamper(&self, sql: &str) -> Result<u64> {
        let connection = sea_orm::Database::connect(&self.url).await.context("connecting behind the gateway")?;
        let done = connection.execute_unprepared(sql).await.with_context(|| sql.to_owned())?;
        connection.close().await?;
        Ok(done.rows_affected())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.is_ours
            && self.kind == Kind::Postgres
            && let Ok(Some(cluster)) = postgres::cluster()
        {
            // What can't be dropped goes with the cluster.
            let _ = cluster.drop_database(&self.url);
        }
    }
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("coalition.db").display())
}
