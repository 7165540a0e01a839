//! What came back of a purchase, and what was taken back for it.

use sea_orm::entity::prelude::*;

/// What came back of a purchase, and what was taken back for it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    pub transaction_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub external_id: String,
    pub occurred_at: i64,
    pub recorded_at: i64,
    /// Minor units.
    pub amount: i64,
    /// As posted, with what it came to line by line: JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// What each program's rules said of what is left, and what was taken back for it: JSON.
    #[sea_orm(column_type = "Text")]
    pub evaluations: String,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
