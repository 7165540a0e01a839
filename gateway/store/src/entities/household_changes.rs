//! Who joined which household, and who left it.

use sea_orm::entity::prelude::*;

/// A member joined a household, or left it. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub household_id: Uuid,
    /// `joined` or `left`.
    #[sea_orm(column_type = "Text")]
    pub step: String,
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
