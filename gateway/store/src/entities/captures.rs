//! What a capture took: points, and money.

use sea_orm::entity::prelude::*;

/// What a capture took: points, and money.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "captures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub redemption_id: Uuid,
    pub partner_id: Uuid,
    pub points: i64,
    pub value: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub settlement_value: i64,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
