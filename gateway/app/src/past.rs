//! A member's points at a past moment: what was recorded by then, and the clock's changes due by then. Asked again later, it answers the same.

use std::collections::HashMap;

use coalition_domain::tiers::{Days, Standing};
use coalition_domain::{Entry, Instant, Ledger, LotId, MemberId, Points, Timeline, TransferKind};
use coalition_store::{ConnectionTrait, people, reads};
use uuid::Uuid;

use crate::App;
use crate::error::Error;
use crate::settings::Settings;
use crate::tiers::{self, TierProgress};
use crate::write_path::world::{promise, promise_of_share, to_lot};

impl App {
    /// The ledger as it was at `at`, and the coalition's tier that the member had then. That moment is not the present: what is recorded in this very moment would change the answer.
    ///
    /// # Errors
    /// 400 where `at` is not in the past; 503.
    pub(crate) async fn as_of(
        &self,
        member: MemberId,
        at: Instant,
        now: Instant,
    ) -> Result<(Ledger, (Option<String>, Option<TierProgress>)), Error> {
        if at >= now {
            return Err(Error::invalid("/as_of", "is in the past; leave it out for the present"));
        }
        let conn = self.store().snapshot().await?;
        let settings = self.settings().await?;
        let entries = reads::history(&conn, member.uuid()).await?;
        let lots = reads::all_lots(&conn, member.uuid()).await?;
        let redemptions = reads::all_redemptions(&conn, member.uuid()).await?;
        // Redemptions keep points alive from when they were held, and captured; purchases from when they happened.
        let spent = |kind: i64| [TransferKind::Hold, TransferKind::Capture].iter().any(|spending| spending.code() == kind);
        let mut activity: Vec<(Instant, Instant)> =
            entries.iter().filter(|row| spent(row.kind)).map(|row| (Instant(row.effective_at), Instant(row.recorded_at))).collect();
        let bought = reads::times_bought(&conn, member.uuid()).await?;
        activity.extend(bought.into_iter().map(|(occurred_at, recorded_at)| (Instant(occurred_at), Instant(recorded_at))));
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
        // Of a household's redemptions there are some that others made.
        let shares = people::all_shares(&conn, member.uuid()).await?;
        let parts = shares.iter().filter(|row| row.redeemer_id != member.uuid()).map(promise_of_share);
        let timeline = Timeline {
            member,
            lots: lots.iter().map(to_lot).collect(),
            holds: redemptions.iter().map(promise).chain(parts).collect(),
            entries: history,
            activity,
        };
        let ledger = timeline.as_of(at, &settings.calendar).map_err(|error| Error::internal(&error))?;
        Ok((ledger, tier_by(&conn, &settings, member, at).await?))
    }
}

/// The tier that was held, and where the member stood among the program's own, by what was recorded by `at`.
async fn tier_by(
    conn: &impl ConnectionTrait,
    settings: &Settings,
    member: MemberId,
    at: Instant,
) -> Result<(Option<String>, Option<TierProgress>), Error> {
    let set = reads::tier_change_by(conn, member.uuid(), settings.operator.uuid(), at.0).await?;
    let set = set.filter(|change| change.until_at.is_none_or(|until| until > at.0)).and_then(|change| change.tier);
    let Some(policy) = settings.tiers.as_deref() else { return Ok((set, None)) };
    let known = reads::tier_change_by(conn, member.uuid(), Uuid::nil(), at.0).await?;
    let known = known.map(|change| Standing { tier: change.tier, until: change.until_at.map(Instant) }).unwrap_or_default();
    let mut days = Days::new();
    for (occurred_at, amount) in reads::counted_by(conn, member.uuid(), policy.counts.name(), at.0).await? {
        let sum = days.entry(tiers::day(settings, Instant(occurred_at))).or_default();
        *sum = sum.saturating_add(amount);
    }
    let progress = tiers::stands(settings, policy, &days, &known, at);
    Ok((set.or_else(|| progress.tier.clone()), Some(progress)))
}
