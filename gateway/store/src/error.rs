//! What can go wrong at the database, cut by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// A failed query or transaction. After any of them the transaction is to be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with this key exists.
    #[error("a row with this key exists")]
    Conflict,
    /// Deadlock, serialization failure or a busy database: run the transaction again.
    #[error("the transaction is to be run again: {0}")]
    Retry(String),
    /// The database can't be reached, or the connection broke: what was being committed may or may not hold.
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// A row holds what no gateway wrote.
    #[error("the database holds what it should not: {0}")]
    Corrupt(String),
    /// Anything else: a bug, or a schema that doesn't fit.
    #[error("the database refused: {0}")]
    Other(String),
}

/// `SQLSTATE`s after which PostgreSQL asks for another try: serialization_failure, deadlock_detected, lock_not_available.
const RETRY_STATES: [&str; 3] = ["40001", "40P01", "55P03"];
/// SQLite's BUSY, LOCKED and BUSY_SNAPSHOT, as sqlx tells them.
const RETRY_CODES: [&str; 4] = ["5", "6", "261", "517"];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Conflict;
        }
        match &error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => match cause.as_database_error() {
                Some(refusal) => {
                    let code = refusal.code().unwrap_or_default();
                    if RETRY_STATES.contains(&code.as_ref()) || RETRY_CODES.contains(&code.as_ref()) {
                        Self::Retry(error.to_string())
                    } else if code.starts_with("57P") || code.starts_with("08") || code.starts_with("53") {
                        Self::Unavailable(error.to_string())
                    } else {
                        Self::Other(error.to_string())
                    }
                }
                None => Self::Unavailable(error.to_string()),
            },
            _ => Self::Other(error.to_string()),
        }
    }
}
