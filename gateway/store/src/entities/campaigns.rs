//! A promotion that several partners fund, as of one of its versions: the newest holds.

use sea_orm::entity::prelude::*;

/// A promotion that several partners fund, as of one of its versions: the newest holds.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    #[sea_orm(column_type = "Text")]
    pub slug: String,
    pub budget_points: i64,
    pub from_at: i64,
    pub to_at: i64,
    pub closed: bool,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
