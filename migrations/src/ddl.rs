//! One DDL text for both databases: the few words that differ are placeholders.
//!
//! `{int}` is a 64-bit integer, `{uuid}` 16 bytes, `{bytes}` any bytes, `{bool}` a flag, `{rows}` ends a table whose rows are small and
//! found by their primary key (clustered on SQLite), `{table}` any other, `{hot}` one whose rows are updated in place; `{zeros}` are 32 zero bytes, `{nil}` is the nil id.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Runs every statement of `text` (separated by `;`), with the placeholders of `backend` filled in.
pub(crate) async fn execute(manager: &SchemaManager<'_>, text: &str) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let words: [(&str, &str); 9] = if sqlite {
        [
            ("{int}", "INTEGER"),
            ("{uuid}", "BLOB"),
            ("{bytes}", "BLOB"),
            ("{bool}", "INTEGER"),
            ("{rows}", "STRICT, WITHOUT ROWID"),
            ("{table}", "STRICT"),
            ("{hot}", "STRICT, WITHOUT ROWID"),
            ("{zeros}", "X'0000000000000000000000000000000000000000000000000000000000000000'"),
            ("{nil}", "X'00000000000000000000000000000000'"),
        ]
    } else {
        [
            ("{int}", "BIGINT"),
            ("{uuid}", "UUID"),
            ("{bytes}", "BYTEA"),
            ("{bool}", "BOOLEAN"),
            ("{rows}", ""),
            ("{table}", ""),
            // Updates stay within their page (heap-only tuples) as long as it has room.
            ("{hot}", "WITH (fillfactor = 70)"),
            ("{zeros}", r"'\x0000000000000000000000000000000000000000000000000000000000000000'"),
            ("{nil}", "'00000000-0000-0000-0000-000000000000'"),
        ]
    };
    let text = words.iter().fold(text.to_owned(), |text, (word, meaning)| text.replace(word, meaning));
    for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
