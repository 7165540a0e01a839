//! What a partner pays for 1 000 points issued, and is paid for 1 000 redeemed, from a moment on; minor units of the base currency. Only ever added to.

use sea_orm::entity::prelude::*;

/// What a partner pays for 1 000 points issued, and is paid for 1 000 redeemed, from a moment on; minor units of the base currency. Only ever added to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub from_at: i64,
    pub issue_price: i64,
    pub redeem_price: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
