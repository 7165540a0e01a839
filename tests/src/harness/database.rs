//! A database of a story's own, fresh and gone with it: a SQLite file, or a database of the process's PostgreSQL cluster.

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

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    kind: Kind,
    folder: tempfile::TempDir,
}

impl Database {
    /// An empty database; none where PostgreSQL is wanted and not installed.
    pub fn fresh(kind: Kind) -> Result<Option<Database>> {
        let folder = tempfile::Builder::new().prefix("coalition-").tempdir()?;
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("coalition.db").display()),
            Kind::Postgres => match postgres::cluster()? {
                Some(cluster) => cluster.create_database()?,
                None => return Ok(None),
            },
        };
        Ok(Some(Database { url, kind, folder }))
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
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
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
        if self.kind == Kind::Postgres
            && let Ok(Some(cluster)) = postgres::cluster()
        {
            // What can't be dropped goes with the cluster.
            let _ = cluster.drop_database(&self.url);
        }
    }
}
