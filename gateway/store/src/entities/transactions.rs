//! A purchase as posted.

use sea_orm::entity::prelude::*;

/// A purchase as posted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub external_id: String,
    pub occurred_at: i64,
    pub recorded_at: i64,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub total: i64,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
