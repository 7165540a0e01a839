//! The one program of this database.

use sea_orm::entity::prelude::*;

/// The one program of this database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "program")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub points_name: String,
    #[sea_orm(column_type = "Text")]
    pub base_currency: String,
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    pub test: bool,
    pub business_now: Option<i64>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub secret: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub settings: String,
    pub created_at: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
