//! Who pays for a redemption of a household.

use sea_orm::entity::prelude::*;

/// What a member has set aside for a redemption of their household; of the redeemer also where it is nothing. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "redemption_shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub redemption_id: Uuid,
    /// Whose redemption it is.
    pub redeemer_id: Uuid,
    pub partner_id: Uuid,
    pub points: i64,
    pub hold_until: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
