//! A person, as the ledger knows them.

use sea_orm::entity::prelude::*;

/// A person, as the ledger knows them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub card: Option<String>,
    pub enrolled_at: i64,
    pub enrolled_by: Option<Uuid>,
    pub referred_by: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub merged_into: Option<Uuid>,
    /// Whom they spend with.
    pub household_id: Option<Uuid>,
    /// Whether they ever did: then they may have a part in somebody's redemption.
    pub pooled: bool,
    pub enroller_id: Option<Uuid>,
    pub relations_fixed_at: Option<i64>,
    pub referred_count: i64,
    pub enrolled_count: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
