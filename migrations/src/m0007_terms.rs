//! Terms: points that live on with activity, the coalition's tiers, campaigns that several partners fund, announcements, and what the chain
//! did not cover so far.
//!
//! **Covered now.** A capture has a row of its own, with the money it took; vouchers and prices name their commit. Prices move to a table
//! that is only ever added to: of two for one moment the later holds. `partner_prices` is no longer read, and goes in a later release.
//!
//! **Indexes.** Lots that ran out are counted by the time at which they did: few transfers are of that kind, so that nobody else pays for it.
//! SQLite finds an entry by its id, and a partner's entries, by indexes of its own; on PostgreSQL the block range index of `m0002` does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_terms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::execute(manager, include_str!("m0007_terms.sql")).await?;
        let own = match manager.get_database_backend() {
            DbBackend::Sqlite => include_str!("m0007_terms_sqlite.sql"),
            _ => include_str!("m0007_terms_postgres.sql"),
        };
        ddl::execute(manager, own).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // A ledger is not dropped by a tool: going back means restoring a backup.
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
