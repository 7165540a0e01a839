//! Accounts that were closed.

use sea_orm::entity::prelude::*;

/// An account that was closed, and what it gave up. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    pub id: Uuid,
    pub available: i64,
    pub pending: i64,
    /// Was owed, and is no longer asked for.
    pub arrears: i64,
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
