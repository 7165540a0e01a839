//! Run figures of a plugin version: one row, whose gateway is nil; beside it those that earlier releases kept, one a gateway.

use sea_orm::entity::prelude::*;

/// Run figures of a plugin version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plugin_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub plugin_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub gateway_id: Uuid,
    pub calls: i64,
    pub traps: i64,
    pub fuel_max: i64,
    #[sea_orm(column_type = "Text")]
    pub fuel_histogram: String,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
