//! The write path's own jobs: decisions that were deferred, holds and lots that the clock has changed. None of them is needed for a balance
//! to be right; they write what reads derive, and make what could not be decided.

use std::sync::{Arc, Weak};
use std::time::Duration;

use coalition_domain::{EventId, MemberId, PartnerId, TransactionId};
use coalition_store::load;

use crate::error::{Error, Kind};
use crate::write_path::command::{Command, Work, kind};
use crate::write_path::signals;
use crate::{App, Inner};

/// How often due work is looked for.
const EVERY: Duration = Duration::from_millis(500);
/// Deferred decisions taken up in one round.
const DEFERRED_MAX: u64 = 500;
/// Members settled in one round.
const SETTLED_MAX: u64 = 500;
/// Rounds between two looks for members whose balance the clock has changed: a look reads every balance.
const SETTLE_ROUNDS: u32 = 60;
/// The same for what members are to be told ahead of time; a new day of the program is looked at anew at once.
const ANNOUNCE_ROUNDS: u32 = 1_200;

impl App {
    /// Does this until the application is dropped. What fails is logged, and done again at its next turn.
    pub(crate) fn keep_books(&self) {
        let app = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            let mut round: u32 = 0;
            let mut announced_on = String::new();
            loop {
                // Held only while it waits, so that an application that is dropped ends.
                if let Some(inner) = Weak::upgrade(&app) {
                    let waiting = inner.memory.queued.notified();
                    let _ = tokio::time::timeout(EVERY, waiting).await;
                }
                let Some(app) = Weak::upgrade(&app).map(|inner: Arc<Inner>| App(inner)) else { return };
                if app.is_draining() {
                    return;
                }
                if let Err(error) = app.decide_deferred().await {
                    tracing::warn!(%error, "deferred decisions could not be taken up");
                }
                if let Err(error) = app.keep_calendar().await {
                    tracing::warn!(%error, "what the calendar brings could not be noted");
                }
                if let Err(error) = app.settle_due_holds().await {
                    tracing::warn!(%error, "holds that have ended could not be written");
                }
                if round.is_multiple_of(SETTLE_ROUNDS)
                    && let Err(error) = app.settle_due_members().await
                {
                    tracing::warn!(%error, "what the clock has changed could not be written");
                }
                if let Err(error) = app.announce_in_time(round, &mut announced_on).await {
                    tracing::warn!(%error, "members could not be told what runs out");
                }
                round = round.wrapping_add(1);
            }
        });
    }

    async fn announce_in_time(&self, round: u32, announced_on: &mut String) -> Result<(), Error> {
        let today = self.settings().await?.calendar.day(self.now().await?);
        if round.is_multiple_of(ANNOUNCE_ROUNDS) || today != *announced_on {
            let told = self.announce_expiry().await?;
            tracing::debug!(told, "announced what runs out");
            *announced_on = today;
        }
        Ok(())
    }

    /// Makes decisions that are due, the oldest of each member and program first, until none is left that can be made. How many were.
    pub(crate) async fn decide_deferred(&self) -> Result<usize, Error> {
        let mut count: usize = 0;
        loop {
            let due = load::deferrals_due(self.store().read(), self.wall_now().0, DEFERRED_MAX).await?;
            let keys: Vec<_> = due.iter().map(|row| (row.member_id, row.transaction_id)).collect();
            let events = if keys.is_empty() { Vec::new() } else { load::events(self.store().read(), &keys).await? };
            let works = due.into_iter().map(|row| {
                let (member, owner) = (MemberId(row.member_id), PartnerId(row.partner_id));
                let reversal = events.iter().find(|event| event.id == row.transaction_id && event.kind == signals::REVERSAL);
                let work = match reversal.and_then(|event| event.cause_id) {
                    Some(of) => Work::Undo { member, owner, event: EventId(row.transaction_id), of: EventId(of) },
                    None => Work::Evaluate { member, owner, transaction: TransactionId(row.transaction_id) },
                };
                let key = (row.partner_id, kind::COMMAND, self.new_id().to_string());
                self.write_path().submit(Command { work, caller: None, claim: None, key, body_hash: [0; 32] })
            });
            let mut made: usize = 0;
            for done in futures::future::join_all(works).await {
                match done {
                    Ok(_) => made = made.saturating_add(1),
                    // Another gateway has made it, or the member has left.
                    Err(error) if error.kind == Kind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            count = count.saturating_add(made);
            if made == 0 || self.is_draining() {
                return Ok(count);
            }
        }
    }

    async fn settle_due_members(&self) -> Result<(), Error> {
        let now = self.now().await?;
        for member in load::changes_due(self.store().read(), now.0, SETTLED_MAX).await? {
            self.settle_member(MemberId(member)).await?;
        }
        Ok(())
    }
}
