//! What rules saw and said.

use sea_orm::entity::prelude::*;

/// What rules saw and said.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub subject_id: Uuid,
    pub plugin_id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub digest: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub config_id: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub contract: String,
    #[sea_orm(column_type = "Text")]
    pub engine: String,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub fuel: i64,
    #[sea_orm(column_type = "Text")]
    pub view: String,
    #[sea_orm(column_type = "Text")]
    pub output: String,
    pub capped: i64,
    pub state_before: i64,
    pub state_after: i64,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
