//! What proofs need: each block's list of leaves, and a way from an entry's id to its row.
//!
//! **The list of leaves.** A proof that an entry is in a block needs the hashes of all that the block covers. They could be computed again
//! from the rows, but no table has an index on its commit, and nine such indexes would cost every posting nine more insertions. The list
//! costs 32 bytes a row in a statement that is made anyway: some 200 bytes beside the five thousand of a purchase; the 1,400 leaves of a full
//! batch took PostgreSQL a third of a millisecond, where the 256 rows of a single table of that batch took it six. It also lets a
//! verification name the very row that is not as it was, where a root alone only names its block. Older gateways leave it out; then a
//! block's rows are searched.
//!
//! **The index.** A transfer's key begins with its member, so an entry's id alone finds nothing. On PostgreSQL a block range index does:
//! ids grow with time and rows are appended, so a range of pages holds a range of ids. It keeps two values for each 128 pages, and an
//! insertion looks at one page in memory; a B-tree would cost each transfer an insertion of its own. SQLite has no such index, and reads
//! the table: it is as large as one writer makes it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl;

/// See the module.
#[derive(Debug)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_proofs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::execute(manager, include_str!("m0002_proofs.sql")).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Hashes can't be compressed: it is not tried.
            ddl::execute(manager, include_str!("m0002_proofs_postgres.sql")).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("this migration has no way back: restore a backup instead".to_owned()))
    }
}
