//! A member's points at a past moment: what was recorded by then, and the clock's changes due by then. Asked again later, it answers the same.

use std::collections::HashMap;

use coalition_domain::{Entry, Instant, Ledger, LotId, MemberId, PartnerId, Points, Promise, RedemptionId, Timeline, TransferKind};
use coalition_store::reads;
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::write_path::world::to_lot;

impl App {
    /// The ledger as it was at `at`, which is not the present: what is recorded in this very moment would change the answer.
    ///
    /// # Errors
    /// 400 where `at` is not in the past; 503.
    pub(crate) async fn ledger_as_of(&self, member: MemberId, at: Instant, now: Instant) -> Result<Ledger, Error> {
        if at >= now {
            return Err(Error::invalid("/as_of", "is in the past; leave it out for the present"));
        }
        let conn = self.store().snapshot().await?;
        let entries = reads::history(&conn, member.uuid()).await?;
        let lots = reads::all_lots(&conn, member.uuid()).await?;
        let redemptions = reads::all_redemptions(&conn, member.uuid()).await?;
        let mut shares: HashMap<Uuid, Vec<(LotId, Points)>> = HashMap::new();
        for row in reads::all_allocations(&conn, member.uuid()).await? {
            shares.entry(row.transfer_id).or_default().push((LotId(row.lot_id), Points(row.points)));
        }
        let mut history = Vec::with_capacity(entries.len());
        for row in entries {
            let kind = TransferKind::from_code(row.kind).ok_or_else(|| Error::internal(&format!("an entry of the kind {}", row.kind)))?;
            history.push(Entry {
                kind,
                points: Points(row.points),
                lot: row.lot_id.map(LotId),
                subject: row.subject_id,
                recorded_at: Instant(row.recorded_at),
                shares: shares.remove(&row.id).unwrap_or_default(),
            });
        }
        let promise = |row: &coalition_store::entities::redemptions::Model| Promise {
            redemption: RedemptionId(row.id),
            partner: PartnerId(row.partner_id),
            until: Instant(row.hold_until),
        };
        let timeline = Timeline {
            member,
            lots: lots.iter().map(to_lot).collect(),
            holds: redemptions.iter().map(promise).collect(),
            entries: history,
        };
        timeline.as_of(at).map_err(|error| Error::internal(&error))
    }

    /// The coalition's tier that the member had at `at`.
    pub(crate) async fn tier_as_of(&self, member: MemberId, operator: PartnerId, at: Instant) -> Result<Option<String>, Error> {
        let change = reads::tier_change_by(self.store().read(), member.uuid(), operator.uuid(), at.0).await?;
        Ok(change.filter(|change| change.until_at.is_none_or(|until| until > at.0)).and_then(|change| change.tier))
    }
}
