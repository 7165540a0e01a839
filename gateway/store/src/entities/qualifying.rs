//! What counts towards a tier of the coalition, or counts back.

use sea_orm::entity::prelude::*;

/// What counts towards a tier of the coalition, or counts back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "qualifying")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub counts: String,
    pub occurred_at: i64,
    pub amount: i64,
    pub subject_id: Uuid,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
