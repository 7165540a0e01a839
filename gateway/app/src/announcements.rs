//! Members are told ahead of time that points run out: once for each moment at which some do, whatever gateway looks, and however often.

use std::time::Duration;

use coalition_domain::{Instant, MemberId};
use coalition_store::StoreError;
use coalition_store::entities::{announced, announcements, messages};
use serde_json::json;
use uuid::Uuid;

use crate::App;
use crate::error::Error;

/// What it is called: of the event, and of the message.
pub(crate) const EXPIRING: &str = "points.expiring";
/// Members looked at in one transaction.
const MEMBERS_MAX: u64 = 200;
/// A member is looked at once in so long.
const AGAIN: Duration = Duration::from_hours(24);

impl App {
    /// Tells members what runs out within the program's notice. How many announcements were new.
    pub(crate) async fn announce_expiry(&self) -> Result<usize, Error> {
        let settings = self.settings().await?;
        let now = self.now().await?;
        let Some(until) = settings.calendar.after_days(now, settings.expiry_notice_d).filter(|_| settings.expiry_notice_d > 0) else {
            return Ok(0);
        };
        let since = now.plus_ms(-i64::try_from(AGAIN.as_millis()).unwrap_or(i64::MAX));
        let mut told = 0;
        loop {
            let conn = self.store().read();
            let due = coalition_store::announcements::due(conn, until.0, (since.0, now.0), MEMBERS_MAX).await?;
            if due.is_empty() {
                return Ok(told);
            }
            let mut looked = Vec::with_capacity(due.len());
            let mut found = Vec::new();
            for member in due {
                looked.push(announced::Model { member_id: member, looked_at: now.0 });
                for (at, points) in self.ledger_at(MemberId(member), now).await?.expiring(Some(until)) {
                    let row = announcements::Model {
                        member_id: member,
                        kind: EXPIRING.to_owned(),
                        at: at.0,
                        points: points.0,
                        recorded_at: now.0,
                    };
                    let text = format!("{points} {} run out on {}.", settings.points_name, settings.calendar.day(at));
                    found.push((row, self.message(member, settings.operator.uuid(), &text, points.0, at, now)));
                }
            }
            let txn = self.store().begin().await?;
            told += match coalition_store::announcements::put_new(&txn, &looked, &found).await {
                Ok(new) => new,
                Err(error) => {
                    // The first error is what matters.
                    let _ = txn.rollback().await;
                    return Err(error.into());
                }
            };
            txn.commit().await.map_err(StoreError::from)?;
        }
    }

    fn message(&self, member: Uuid, operator: Uuid, text: &str, points: i64, at: Instant, now: Instant) -> messages::Model {
        messages::Model {
            member_id: member,
            id: self.new_id(),
            partner_id: operator,
            message: json!({"key": EXPIRING, "text": text, "points": points, "expires_at": at}).to_string(),
            // No rules said it: the program's terms do.
            plugin_id: Uuid::nil(),
            decision_id: Uuid::nil(),
            recorded_at: now.0,
        }
    }
}
