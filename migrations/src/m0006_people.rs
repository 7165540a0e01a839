//! People together: gifts, households that spend as one, members merged into others, and accounts that were closed.

use sea_orm_migration::prelude::*;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::execute(manager, include_str!("m0006_people.sql")).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        // A ledger is not dropped by a tool: going back means restoring a backup.
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
