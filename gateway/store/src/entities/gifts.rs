//! Points that a member gave to another.

use sea_orm::entity::prelude::*;

/// Points that a member gave to another; their entries name it. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gifts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub to_id: Uuid,
    pub points: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
