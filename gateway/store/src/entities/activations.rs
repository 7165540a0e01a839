//! Which plugin version decides for a partner, from when, with which configuration.

use sea_orm::entity::prelude::*;

/// Which plugin version decides for a partner, from when, with which configuration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    pub plugin_id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub config_id: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub mode: String,
    #[sea_orm(column_type = "Text")]
    pub manifest: String,
    pub starts_at: i64,
    pub ended_at: Option<i64>,
    pub created_at: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
