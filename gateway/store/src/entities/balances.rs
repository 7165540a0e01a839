//! A member's balances as of their last commit, and the row that orders all writes of the member.

use sea_orm::entity::prelude::*;

/// A member's balances as of their last commit, and the row that orders all writes of the member.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "balances")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    pub version: i64,
    pub pending: i64,
    pub available: i64,
    pub held: i64,
    pub arrears: i64,
    pub next_change_at: Option<i64>,
    pub recorded_at: i64,
    pub active_at: Option<i64>,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
