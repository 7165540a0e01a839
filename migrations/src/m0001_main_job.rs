//! The first schema: program, partners, credentials, members, the ledger, rules and their decisions.
//!
//! Hot tables lead their key with the member, so that a posting stays on one shard. Times are milliseconds since 1970-01-01T00:00Z.
//! What the chain of blocks covers carries `commit_id`; nothing that it covers is ever updated or deleted.

use sea_orm_migration::prelude::*;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_main_job"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::execute(manager, include_str!("m0001_main_job.sql")).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // A ledger is not dropped by a tool: going back means restoring a backup.
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
