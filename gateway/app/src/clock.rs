//! Business time of a test program, moved by hand: forwards or backwards, never the tokens' time.

use std::time::{SystemTime, UNIX_EPOCH};

use coalition_domain::Instant;
use coalition_store::{DatabaseTransaction, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::error::Error;
use crate::settings::TEST_AGE_MAX;

/// Where business time is to stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClock {
    /// RFC 3339 with an offset, from 1970 to 9999.
    #[schema(value_type = String, format = DateTime)]
    pub now: Instant,
}

/// Where business time stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClockView {
    /// It stands still there.
    #[schema(value_type = String, format = DateTime)]
    pub now: Instant,
    /// Always true: only a test program has this clock.
    pub test: bool,
}

/// 9999-12-31T00:00Z: beyond it calendars end.
const NOW_MAX: i64 = 253_402_214_400_000;

/// The wall clock.
pub(crate) fn wall_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl App {
    /// Sets business time on every gateway: once this has answered, they all go by it.
    ///
    /// # Errors
    /// 404 where the program is no test program, whoever asks; 403 for all but the operator; 400.
    pub async fn put_clock(&self, caller: &Caller, new: NewClock) -> Result<ClockView, Error> {
        let settings = self.settings().await?;
        if !settings.test {
            return Err(Error::not_found());
        }
        caller.operator()?;
        if !(0..=NOW_MAX).contains(&new.now.0) {
            return Err(Error::invalid("/now", "a time from 1970 to 9999"));
        }
        self.write(async |txn: &DatabaseTransaction| {
            let mut row = coalition_store::program::lock(txn).await?.ok_or(StoreError::Corrupt("no program".to_owned()))?;
            if let Some(before) = row.business_now {
                // The days that are passed over are caught up, also where no gateway has looked at the calendar yet.
                self.begin_calendar(txn, &settings, Instant(before)).await?;
            }
            row.business_now = Some(new.now.0);
            coalition_store::program::save(txn, row).await?;
            self.audited(txn, caller, "clock.put", &"program", json!(new)).await?;
            Ok(())
        })
        .await?;
        self.0.memory.settings.forget();
        // No gateway keeps what it read before the commit for longer than this.
        tokio::time::sleep(TEST_AGE_MAX).await;
        Ok(ClockView { now: new.now, test: true })
    }
}
