//! A reward being redeemed, from hold to capture.

use sea_orm::entity::prelude::*;

/// A reward being redeemed, from hold to capture.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "redemptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partner_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reward: String,
    pub quantity: i64,
    pub points: i64,
    pub value: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    pub settlement_value: i64,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub till: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub code: String,
    pub held_at: i64,
    pub hold_until: i64,
    pub stocked: bool,
    pub decision_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub captured_points: i64,
    pub captured_value: i64,
    pub reversed_points: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub campaign: Option<String>,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
