//! The schema, step by step, for SQLite and PostgreSQL.
//!
//! Migrations expand first and contract later: a released gateway must be able to run on the schema of the next release,
//! so a column is added (nullable or with a default) in one release and dropped in a later one, never renamed in place.

use sea_orm_migration::prelude::*;

mod ddl;
mod m0001_main_job;
mod m0002_proofs;
mod m0003_refunds;
mod m0004_adjustments;
mod m0005_speed;
mod m0006_people;
mod m0007_terms;
mod m0008_events;
mod m0009_activity;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_main_job::Migration),
            Box::new(m0002_proofs::Migration),
            Box::new(m0003_refunds::Migration),
            Box::new(m0004_adjustments::Migration),
            Box::new(m0005_speed::Migration),
            Box::new(m0006_people::Migration),
            Box::new(m0007_terms::Migration),
            Box::new(m0008_events::Migration),
            Box::new(m0009_activity::Migration),
        ]
    }
}
