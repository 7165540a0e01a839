//! The chain: one block a commit.

use sea_orm::entity::prelude::*;

/// The chain: one block a commit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub height: i64,
    pub commit_id: Uuid,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub previous: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub root: Vec<u8>,
    #[sea_orm(column_type = "VarBinary(StringLen::None)")]
    pub hash: Vec<u8>,
    pub leaves: i64,
    pub recorded_at: i64,
    /// The leaves' hashes, sorted, 32 bytes each; none in blocks of before they were kept.
    #[sea_orm(column_type = "VarBinary(StringLen::None)", nullable)]
    pub leaf_hashes: Option<Vec<u8>>,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
