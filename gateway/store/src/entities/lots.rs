//! Points of one award, and what is left of them.

use sea_orm::entity::prelude::*;

/// Points of one award, and what is left of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub issuer_id: Uuid,
    pub points: i64,
    pub remaining: i64,
    pub held: i64,
    pub pending: bool,
    pub available_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub action: Option<String>,
    pub expires_at: Option<i64>,
    pub earned_at: i64,
    pub price: i64,
    #[sea_orm(column_type = "Text")]
    pub award_key: String,
    pub plugin_id: Uuid,
    pub decision_id: Uuid,
    pub transaction_id: Uuid,
    pub parent_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub sliding: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub campaign: Option<String>,
    pub decided_by: Option<Uuid>,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
