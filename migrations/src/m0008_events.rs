//! Events beyond purchases and refunds: what happened, whom it is to be told, how members are related, and what they agree to.

use sea_orm_migration::prelude::*;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0008_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::execute(manager, include_str!("m0008_events.sql")).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // A ledger is not dropped by a tool: going back means restoring a backup.
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
