//! Connecting: pools for reading, and the one way to begin a transaction that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use coalition_migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, SqlxSqliteConnector, TransactionOptions, TransactionTrait as _,
};
use sea_orm_migration::MigratorTrait as _;

use crate::error::StoreError;
use crate::sealed;

/// Connections of one gateway for reading.
const READERS_MAX: u32 = 12;
/// Connections of one gateway to PostgreSQL for writing: batches are committed one after the other, so few know all statements.
const WRITERS_MAX: u32 = 4;
/// A connection that has rested this long is tried before it is used, seconds. To try each, each time, would double the round trips.
const TRY_AFTER_S: u64 = 1;
/// Statements that a connection keeps parsed.
const STATEMENTS_MAX: usize = 512;
/// How long a caller waits for a connection, seconds.
const ACQUIRE_TIMEOUT_S: u64 = 8;
/// How long SQLite waits for another process's lock, seconds.
const BUSY_TIMEOUT_S: u64 = 10;
/// PostgreSQL's advisory lock under which the schema is changed: "coalitio" in ASCII.
const MIGRATION_LOCK: i64 = 0x636f_616c_6974_696f;
/// SQLite's page cache for each connection, KiB.
const CACHE_KIB: u32 = 65_536;
/// Pages of SQLite's journal before they go to the file. Many commits change the same pages, which then go there once: 64 MiB.
const WAL_PAGES: u32 = 16_384;
/// Rows that SQLite's thread may be ahead of whoever reads them.
const ROWS_AHEAD_MAX: usize = 1_024;

/// A database: SQLite in one file with one writer, or PostgreSQL.
#[derive(Clone, Debug)]
pub struct Store {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Store {
    /// Connects to `sqlite://PATH` (made if it isn't there) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Other`] for another scheme, [`StoreError::Unavailable`] where nothing answers.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Self::sqlite(path).await;
        }
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(StoreError::Other("a database is sqlite://PATH or postgres://…".to_owned()));
        }
        let pool = |connections| {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(ACQUIRE_TIMEOUT_S))
                .test_before_acquire_if_idle_for(Duration::from_secs(TRY_AFTER_S))
                .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENTS_MAX))
                .sqlx_logging(false);
            Database::connect(options)
        };
        Ok(Self::of(pool(READERS_MAX).await?, pool(WRITERS_MAX).await?))
    }

    async fn sqlite(path: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With FULL each commit is on the disk before it is acknowledged; NORMAL could lose the last ones with the power.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(BUSY_TIMEOUT_S))
            .statement_cache_capacity(STATEMENTS_MAX)
            // Whole answers at once: to hand rows over few by few would wake two threads in turn.
            .row_buffer_size(ROWS_AHEAD_MAX)
            .pragma("cache_size", format!("-{CACHE_KIB}"))
            .pragma("wal_autocheckpoint", WAL_PAGES.to_string())
            .pragma("temp_store", "MEMORY");
        let pool = |connections| {
            // A file in this process needs no trying.
            let options = SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false);
            options.acquire_timeout(Duration::from_secs(ACQUIRE_TIMEOUT_S))
        };
        let unreachable = |error: sea_orm::sqlx::Error| StoreError::Unavailable(format!("{path}: {error}"));
        // The writer comes first: it makes the file and its journal.
        let writer = pool(1).connect_with(options.clone()).await.map_err(unreachable)?;
        let reader = pool(READERS_MAX).connect_with(options).await.map_err(unreachable)?;
        Ok(Self::of(SqlxSqliteConnector::from_sqlx_sqlite_pool(reader), SqlxSqliteConnector::from_sqlx_sqlite_pool(writer)))
    }

    fn of(mut reader: DatabaseConnection, mut writer: DatabaseConnection) -> Self {
        let statements = Arc::<AtomicU64>::default();
        for pool in [&mut reader, &mut writer] {
            let statements = Arc::clone(&statements);
            pool.set_metric_callback(move |_| {
                statements.fetch_add(1, Ordering::Relaxed);
            });
        }
        Self { reader, writer, statements }
    }

    /// Statements sent so far; how transactions begin and end is not counted.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Brings the schema up to date. Safe to run from several gateways, one after the other.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.is_sqlite() {
            return self.migrate_and_adopt().await;
        }
        // One gateway migrates at a time: the lock goes with this transaction, which itself writes nothing.
        let turn = self.begin().await?;
        turn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        self.migrate_and_adopt().await?;
        turn.commit().await?;
        Ok(())
    }

    /// What the chain covers from a migration on, and was written before it, is sealed with it: once, so that nothing is slipped in later.
    async fn migrate_and_adopt(&self) -> Result<(), StoreError> {
        let is_due = Migrator::get_pending_migrations(&self.writer).await?.iter().any(|pending| pending.name() == sealed::ADOPTING);
        Migrator::up(&self.writer, None).await?;
        if is_due {
            let txn = self.begin().await?;
            sealed::adopt(&txn).await?;
            txn.commit().await?;
        }
        Ok(())
    }

    /// Whether migrations are still to be run.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        Ok(Migrator::get_pending_migrations(&self.writer).await?.is_empty())
    }

    /// For reading: each query sees what was committed before it.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction that writes.
    ///
    /// SQLite: `BEGIN IMMEDIATE` on the one writing connection, since a deferred transaction that turns to writing fails at once when
    /// another process writes. PostgreSQL: READ COMMITTED; what must not move is locked.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Retry`].
    pub async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        self.writer.begin_with_options(options).await.map_err(StoreError::from)
    }

    /// Begins a transaction that only reads, all of it as of one moment, while others go on writing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let txn = if self.is_sqlite() {
            self.reader.begin().await?
        } else {
            self.reader.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await?
        };
        Ok(txn)
    }

    /// Whether this is SQLite: one writer, no row locks.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.reader.get_database_backend() == DbBackend::Sqlite
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.reader.ping().await.map_err(StoreError::from)
    }
}
