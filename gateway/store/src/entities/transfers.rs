//! One movement of points from an account to another. Never changed.

use sea_orm::entity::prelude::*;

/// One movement of points from an account to another. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transfers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: i64,
    pub from_account: i64,
    pub to_account: i64,
    pub partner_id: Option<Uuid>,
    pub points: i64,
    pub lot_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub decision_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    pub effective_at: i64,
    pub recorded_at: i64,
    pub commit_id: Uuid,
}

/// None: rows are joined by hand, in sets.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
