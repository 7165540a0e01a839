//! What use cases answer with, where more than one of them does.

use coalition_domain::{Balances, DecisionId, Instant, MemberId, PluginId, RedemptionId, TransactionId};
use coalition_store::entities::{decisions, redemptions};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Error;
use crate::write_path::effects::Applied;

/// What a purchase came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointsSummary {
    /// Points awarded, those that wait among them.
    pub awarded: i64,
    /// Of these, points that wait for a moment or an action.
    pub pending: i64,
    /// What the rules said beyond the caps, and was cut.
    pub capped: i64,
}

impl PointsSummary {
    /// What lots and decisions on a subject come to: its awards are (subject, points, whether they wait).
    pub(crate) fn of(subject: Uuid, awards: &[(Uuid, i64, bool)], decisions: &[&decisions::Model]) -> Self {
        let won = awards.iter().filter(|(id, _, _)| *id == subject);
        Self {
            awarded: won.clone().map(|(_, points, _)| points).sum(),
            pending: won.filter(|(_, _, waits)| *waits).map(|(_, points, _)| points).sum(),
            capped: decisions.iter().map(|decision| decision.capped).sum(),
        }
    }

    pub(crate) fn add(&mut self, applied: &Applied) {
        self.awarded = self.awarded.saturating_add(applied.awarded);
        self.pending = self.pending.saturating_add(applied.pending);
        self.capped = self.capped.saturating_add(applied.capped);
    }
}

/// A member's balances right after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BalanceSummary {
    /// To be spent.
    pub available: i64,
    /// Awarded, and not yet to be spent.
    pub pending: i64,
    /// Set aside for redemptions.
    pub held: i64,
    /// Owed by the member.
    pub arrears: i64,
}

impl BalanceSummary {
    pub(crate) const fn of(balances: Balances) -> Self {
        Self { available: balances.available.0, pending: balances.pending.0, held: balances.held.0, arrears: balances.arrears.0 }
    }
}

/// One program's decision on a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecisionSummary {
    /// Whose rules: the slug.
    pub partner: String,
    /// For `GET /v1/decisions/{id}`.
    #[schema(value_type = String)]
    pub id: DecisionId,
    /// The plugin version.
    #[schema(value_type = String)]
    pub plugin: PluginId,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the component.
    pub digest: String,
    /// `applied`, `refused` by the rules, or `deferred`.
    pub status: String,
    /// What the run used.
    pub fuel: i64,
}

/// The answer to a posted purchase.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransactionAnswer {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: TransactionId,
    /// The till's.
    pub external_id: String,
    /// Who bought.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// `posted`, or `deferred` while rules could not run: recorded, and evaluated again by itself.
    pub status: String,
    /// When it was bought.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// Points in all.
    pub points: PointsSummary,
    /// What the rules said, the partner's first, each with its `kind`, `partner` and, for people, `text`.
    #[schema(value_type = Vec<Object>)]
    pub effects: Vec<Value>,
    /// Right after.
    pub balance: BalanceSummary,
    /// The partner's rules first, then the operator's.
    pub decisions: Vec<DecisionSummary>,
}

/// What a till scans or types in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldVoucher {
    /// Unguessable.
    pub code: String,
    /// The hold's end.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
    /// The code as a QR code: an SVG.
    pub qr: String,
}

/// A redemption.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RedemptionView {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: RedemptionId,
    /// Whose reward: the slug.
    pub partner: String,
    /// Which.
    pub reward: String,
    /// For people.
    pub title: String,
    /// How many.
    pub quantity: i64,
    /// Who redeems.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// `held`, `captured`, `voided`, `expired` or `reversed`.
    pub status: String,
    /// What it costs.
    pub points: i64,
    /// What it is worth at the till.
    pub value: Money,
    /// Spent, by capture.
    pub captured_points: i64,
    /// Of the value, taken by capture; minor units.
    pub captured_value: i64,
    /// Given back after capture.
    pub reversed_points: i64,
    /// The till's own number, where the till held it.
    pub external_id: Option<String>,
    /// What the till needs; null once it is no longer held.
    pub voucher: Option<HoldVoucher>,
    /// From the rules, for the till.
    #[schema(value_type = Object)]
    pub till: Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub held_at: Instant,
    /// The member's balances right after; null when it is only read.
    pub balance: Option<BalanceSummary>,
}

/// An amount in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    /// Minor units: cents.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

impl RedemptionView {
    /// A redemption as it is now, for whoever may see it.
    pub(crate) fn of(row: &redemptions::Model, slug: &str) -> Result<Self, Error> {
        let voucher = if row.status == "held" {
            Some(HoldVoucher { code: row.code.clone(), expires_at: Instant(row.hold_until), qr: qr(&row.code)? })
        } else {
            None
        };
        Ok(Self {
            id: RedemptionId(row.id),
            partner: slug.to_owned(),
            reward: row.reward.clone(),
            title: row.title.clone(),
            quantity: row.quantity,
            member: MemberId(row.member_id),
            status: row.status.clone(),
            points: row.points,
            value: Money { amount: row.value, currency: row.currency.clone() },
            captured_points: row.captured_points,
            captured_value: row.captured_value,
            reversed_points: row.reversed_points,
            external_id: row.external_id.clone(),
            voucher,
            till: serde_json::from_str(&row.till).map_err(|error| Error::internal(&error))?,
            held_at: Instant(row.held_at),
            balance: None,
        })
    }
}

fn qr(code: &str) -> Result<String, Error> {
    let code = qrcode::QrCode::new(code).map_err(|error| Error::internal(&error))?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(160, 160).build())
}
