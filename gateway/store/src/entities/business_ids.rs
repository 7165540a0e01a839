//! External ids taken, for ever, with the first answer.

use sea_orm::entity::prelude::*;

/// External ids taken, for ever, with the first answer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_ids")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: i64,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub external_id: String,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub body_hash: Vec<u8>,
    pub member_id: Uuid,
    pub subject_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    pub recorded_at: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
