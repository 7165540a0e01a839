//! One-time codes by which a till may redeem for a member; only their hash.

use sea_orm::entity::prelude::*;

/// One-time codes by which a till may redeem for a member; only their hash.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "VarBinary(StringLen::None)")]
    pub code_hash: Vec<u8>,
    pub member_id: Uuid,
    /// The only partner it may be used at, where a session of that partner's minting made it.
    pub partner_id: Option<Uuid>,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
