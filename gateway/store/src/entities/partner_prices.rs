//! What a partner pays for 1 000 points issued, and is paid for 1 000 redeemed, from a day on; minor units of the base currency.

use sea_orm::entity::prelude::*;

/// What a partner pays for 1 000 points issued, and is paid for 1 000 redeemed, from a day on; minor units of the base currency.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_prices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: i64,
    pub issue_price: i64,
    pub redeem_price: i64,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
