//! Members who became others.

use sea_orm::entity::prelude::*;

/// A member who became another: their entries name it. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "merges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    pub id: Uuid,
    pub into_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
