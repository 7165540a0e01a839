//! What became of a purchase since it was posted: what came back of it, and what became of awards that waited.

use std::collections::HashMap;

use coalition_domain::{Instant, LotId, RefundId, TransferKind};
use coalition_store::entities::{refunds, transactions, transfers};
use coalition_store::{load, reads};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::purchase::NewTransaction;
use crate::refunds::RefundPoints;
use crate::write_path::command::kind;
use crate::write_path::evaluation::KnownRefund;
use crate::write_path::returned::basket;

/// What came back of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartReturned {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: RefundId,
    /// The till's.
    pub external_id: String,
    /// When it came back.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// When the gateway recorded it.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Minor units.
    pub amount: i64,
    /// What was taken back for it, for all programs.
    pub points: RefundPoints,
}

/// What became of an award that waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitEnded {
    /// `activation` or `cancellation`.
    pub kind: String,
    /// Which lot.
    #[schema(value_type = Option<String>)]
    pub lot: Option<LotId>,
    /// How many points.
    pub points: i64,
    /// When it holds from.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Instant,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

/// All that became of one purchase.
#[derive(Debug, Default)]
pub(crate) struct Sequel {
    pub(crate) refunds: Vec<PartReturned>,
    pub(crate) ended: Vec<WaitEnded>,
    known: Vec<KnownRefund>,
}

impl Sequel {
    /// Minor units that are left of the purchase.
    pub(crate) fn left(&self, input: &NewTransaction) -> Result<i64, Error> {
        Ok(basket(input, &self.known)?.amount_left())
    }
}

/// What a refund's answer is read for.
#[derive(Deserialize)]
struct Answered {
    points: RefundPoints,
}

impl App {
    /// What became of each of these purchases, in a few queries for all of them.
    pub(crate) async fn sequels(&self, rows: &[transactions::Model]) -> Result<HashMap<Uuid, Sequel>, Error> {
        let conn = self.store().read();
        let keys: Vec<(Uuid, Uuid)> = rows.iter().map(|row| (row.member_id, row.id)).collect();
        let refunds = reads::refunds_of(conn, &keys).await?;
        let ids: Vec<_> = refunds.iter().map(|row| (row.partner_id, kind::REFUND, row.external_id.clone())).collect();
        let mut answers: HashMap<Uuid, RefundPoints> = HashMap::new();
        for row in load::business_ids(conn, &ids).await? {
            let answered: Answered = serde_json::from_str(&row.answer).map_err(|error| Error::internal(&error))?;
            answers.insert(row.subject_id, answered.points);
        }
        let mut sequels: HashMap<Uuid, Sequel> = HashMap::new();
        for row in refunds {
            let sequel = sequels.entry(row.transaction_id).or_default();
            sequel.refunds.push(returned(&row, answers.get(&row.id).copied().unwrap_or_default()));
            sequel.known.push(KnownRefund::read(row)?);
        }
        let kinds = [TransferKind::Activation, TransferKind::Cancellation].map(TransferKind::code);
        for row in reads::transfers_of(conn, &keys, &kinds).await? {
            if let Some(subject) = row.subject_id {
                sequels.entry(subject).or_default().ended.push(ended(row));
            }
        }
        Ok(sequels)
    }
}

fn returned(row: &refunds::Model, points: RefundPoints) -> PartReturned {
    PartReturned {
        id: RefundId(row.id),
        external_id: row.external_id.clone(),
        occurred_at: Instant(row.occurred_at),
        recorded_at: Instant(row.recorded_at),
        amount: row.amount,
        points,
    }
}

fn ended(row: transfers::Model) -> WaitEnded {
    WaitEnded {
        kind: TransferKind::from_code(row.kind).map_or("", TransferKind::name).to_owned(),
        lot: row.lot_id.map(LotId),
        points: row.points,
        effective_at: Instant(row.effective_at),
        recorded_at: Instant(row.recorded_at),
    }
}
