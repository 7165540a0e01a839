//! The write path's own jobs: decisions that were deferred, holds and lots that the clock has changed. None of them is needed for a balance
//! to be right; they write what reads derive, and make what could not be decided.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use coalition_domain::{MemberId, PartnerId, TransactionId};
use coalition_store::load;

use crate::error::{Error, Kind};
use crate::write_path::command::{Command, Work, kind};
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
                tokio::time::sleep(EVERY).await;
                let Some(app) = Weak::upgrade(&app).map(|inner: Arc<Inner>| App(inner)) else { return };
                if app.is_draining() {
                    return;
                }
                if let Err(error) = app.decide_deferred().await {
                    tracing::warn!(%error, "deferred decisions could not be taken up");
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

    /// Makes decisions that are due, the oldest of each member and program first. How many were taken up.
    pub(crate) async fn decide_deferred(&self) -> Result<usize, Error> {
        let due = load::deferrals_due(self.store().read(), self.wall_now().0, DEFERRED_MAX).await?;
        let mut seen = BTreeSet::new();
        let mut works = Vec::new();
        for row in due {
            // Later ones of the same member and program wait for this one.
            if !seen.insert((row.member_id, row.partner_id)) {
                continue;
            }
            let work = Work::Evaluate {
                member: MemberId(row.member_id),
                owner: PartnerId(row.partner_id),
                transaction: TransactionId(row.transaction_id),
            };
            let key = (row.partner_id, kind::COMMAND, self.new_id().to_string());
            works.push(self.write_path().submit(Command { work, caller: None, claim: None, key, body_hash: [0; 32] }));
        }
        let count = works.len();
        for done in futures::future::join_all(works).await {
            // Another gateway may have made it, or there are no rules yet: it is looked at again.
            if let Err(error) = done
                && error.kind != Kind::NotFound
            {
                return Err(error);
            }
        }
        Ok(count)
    }

    async fn settle_due_members(&self) -> Result<(), Error> {
        let now = self.now().await?;
        for member in load::changes_due(self.store().read(), now.0, SETTLED_MAX).await? {
            self.settle_member(MemberId(member)).await?;
        }
        Ok(())
    }
}
