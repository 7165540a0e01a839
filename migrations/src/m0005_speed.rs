//! What a flood of postings and refunds needs.
//!
//! **Refunds that charged other awards.** A refund looks at all of its member's refunds in answer to which rules took points of another award:
//! there are hardly any, but without an index on them each refund reads all that ever came back of that member's purchases.
//!
//! **Room in profiles.** A profile is written anew at each purchase. On PostgreSQL an update stays within its page, and touches no index, as long
//! as the page has room; so some is left. What is there already keeps its place until it is updated.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_speed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = match manager.get_database_backend() {
            DbBackend::Postgres => include_str!("m0005_speed_postgres.sql"),
            _ => include_str!("m0005_speed_sqlite.sql"),
        };
        ddl::execute(manager, text).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
