//! A member as one partner knows them: link, alias, and the facts that its rules may see.

use sea_orm::entity::prelude::*;

/// A member as one partner knows them: link, alias, and the facts that its rules may see.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profiles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub alias: Option<String>,
    pub linked_at: i64,
    #[sea_orm(column_type = "Text")]
    pub facts: String,
    pub state_version: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
