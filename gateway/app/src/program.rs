//! The program: its name, money and calendar, and the policies that the operator sets.

use std::sync::Arc;
use std::time::Duration;

use coalition_domain::{Calendar, Currency, Instant, PartnerId, Window};
use coalition_store::{ConnectionTrait, DatabaseTransaction, Store, StoreError, entities};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::check::Checks;
use crate::error::Error;

/// How old the settings in memory may be.
const AGE_MAX: Duration = Duration::from_secs(2);
/// The same on a test program, whose clock is moved by hand: whoever moves it waits this long for all gateways to see it.
pub(crate) const TEST_AGE_MAX: Duration = Duration::from_millis(100);
/// The longest that receipts may be posted late, days.
const BACKDATING_D_MAX: i64 = 3_660;
/// The longest fixed life of points, days.
const LIFE_D_MAX: u32 = 36_600;

/// When points expire that the rules gave no end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
pub enum Expiry {
    /// Never.
    #[default]
    None,
    /// That many calendar days after they were earned.
    FixedDays {
        /// 1–36 600.
        days: u32,
    },
    /// That many calendar months after they were earned.
    FixedMonths {
        /// 1–1 200.
        months: u32,
    },
    /// At the end of the month in which they were earned, or of one that many months later.
    EndOfMonth {
        /// 0–1 200.
        #[serde(default)]
        months_later: u32,
    },
    /// At the end of the year in which they were earned, or of one that many years later.
    EndOfYear {
        /// 0–100.
        #[serde(default)]
        years_later: u32,
    },
}

/// How a till may redeem for a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum TillRedemption {
    /// With the member's one-time code only.
    #[default]
    Code,
    /// With the card as well, up to a daily maximum.
    Card {
        /// Points that one member may redeem by card in a day of the program.
        daily_points_max: i64,
    },
}

const fn default_backdating() -> i64 {
    30
}

/// What is kept as JSON in the program's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    #[serde(default = "default_backdating")]
    backdating_d_max: i64,
    #[serde(default)]
    expiry: Expiry,
    #[serde(default)]
    till_redemption: TillRedemption,
}

impl Default for Policies {
    fn default() -> Self {
        Self { backdating_d_max: default_backdating(), expiry: Expiry::None, till_redemption: TillRedemption::Code }
    }
}

/// The program as it is to be. What may be left out takes its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgram {
    /// 1–100 characters.
    pub name: String,
    /// What its points are called, 1–40 characters.
    pub points_name: String,
    /// ISO 4217. Prices and settlements are in it; fixed once a partner was admitted.
    #[schema(value_type = String, example = "USD")]
    pub base_currency: Currency,
    /// An IANA time zone: days, months and expiry are counted in it.
    #[schema(example = "Europe/Skopje")]
    pub time_zone: String,
    /// How many days late a purchase may be posted, 0–3 660; 30 by default.
    #[serde(default = "default_backdating")]
    pub backdating_d_max: i64,
    /// When points expire that the rules gave no end; never by default.
    #[serde(default)]
    pub expiry: Expiry,
    /// How a till may redeem for a member; by one-time code by default.
    #[serde(default)]
    pub till_redemption: TillRedemption,
}

/// The program as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgramView {
    /// Its name.
    pub name: String,
    /// What its points are called.
    pub points_name: String,
    /// ISO 4217.
    #[schema(value_type = String)]
    pub base_currency: Currency,
    /// IANA.
    pub time_zone: String,
    /// Whether it is a test program, whose clock can be moved; for good.
    pub test: bool,
    /// How many days late a purchase may be posted.
    pub backdating_d_max: i64,
    /// When points expire that the rules gave no end.
    pub expiry: Expiry,
    /// How a till may redeem for a member.
    pub till_redemption: TillRedemption,
}

/// The program's row, read. A copy in memory is at most two seconds old.
#[derive(Clone)]
pub struct Settings {
    /// Its name.
    pub name: String,
    /// What its points are called.
    pub points_name: String,
    /// Prices and settlements are in it.
    pub base_currency: Currency,
    /// The name of the calendar's time zone.
    pub time_zone: String,
    /// Days and windows are counted in it.
    pub calendar: Calendar,
    /// Whether it is a test program.
    pub test: bool,
    /// Where business time stands still, on a test program whose clock was set.
    pub business_now: Option<Instant>,
    /// Seeds, pseudonyms, cursors and codes are keyed by it.
    pub secret: [u8; 32],
    /// The operator as a partner.
    pub operator: PartnerId,
    /// How many days late a purchase may be posted.
    pub backdating_d_max: i64,
    /// When points expire that the rules gave no end.
    pub expiry: Expiry,
    /// How a till may redeem for a member.
    pub till_redemption: TillRedemption,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("test", &self.test).finish_non_exhaustive()
    }
}

impl Settings {
    fn new(row: &entities::program::Model, operator: PartnerId) -> Result<Self, StoreError> {
        let corrupt = |what: &dyn std::fmt::Display| StoreError::Corrupt(format!("program: {what}"));
        let policies: Policies = serde_json::from_str(&row.settings).map_err(|error| corrupt(&error))?;
        Ok(Self {
            name: row.name.clone(),
            points_name: row.points_name.clone(),
            base_currency: row.base_currency.parse().map_err(|error| corrupt(&error))?,
            calendar: Calendar::new(&row.time_zone).map_err(|error| corrupt(&error))?,
            time_zone: row.time_zone.clone(),
            test: row.test,
            business_now: row.business_now.map(Instant),
            secret: row.secret.as_slice().try_into().map_err(|error| corrupt(&error))?,
            operator,
            backdating_d_max: policies.backdating_d_max,
            expiry: policies.expiry,
            till_redemption: policies.till_redemption,
        })
    }

    /// When points earned at `earned_at` expire where the rules gave them no end; None for never.
    #[must_use]
    pub fn default_expiry(&self, earned_at: Instant) -> Option<Instant> {
        let calendar = &self.calendar;
        match self.expiry {
            Expiry::None => None,
            Expiry::FixedDays { days } => calendar.after_days(earned_at, days),
            Expiry::FixedMonths { months } => calendar.after_months(earned_at, months),
            Expiry::EndOfMonth { months_later } => later_window_end(calendar, Window::Month, earned_at, months_later),
            Expiry::EndOfYear { years_later } => later_window_end(calendar, Window::Year, earned_at, years_later),
        }
    }

    fn view(&self) -> ProgramView {
        ProgramView {
            name: self.name.clone(),
            points_name: self.points_name.clone(),
            base_currency: self.base_currency,
            time_zone: self.time_zone.clone(),
            test: self.test,
            backdating_d_max: self.backdating_d_max,
            expiry: self.expiry,
            till_redemption: self.till_redemption,
        }
    }
}

fn later_window_end(calendar: &Calendar, window: Window, at: Instant, later: u32) -> Option<Instant> {
    let mut end = calendar.window_end(window, at)?;
    for _ in 0..later {
        // The end of a window is the first instant of the next.
        end = calendar.window_end(window, end)?;
    }
    Some(end)
}

/// The settings of a new program, as the row keeps them.
pub(crate) fn initial_policies() -> Result<String, Error> {
    serde_json::to_string(&Policies::default()).map_err(|error| Error::internal(&error))
}

fn check(new: &NewProgram) -> Result<(), Error> {
    let mut checks = Checks::default();
    checks.line("/name", &new.name, 100);
    checks.line("/points_name", &new.points_name, 40);
    if Calendar::new(&new.time_zone).is_err() {
        checks.fault("/time_zone", "a time zone of the IANA database, such as Europe/Skopje");
    }
    checks.within("/backdating_d_max", new.backdating_d_max, 0, BACKDATING_D_MAX);
    match new.expiry {
        Expiry::None => {}
        Expiry::FixedDays { days } => checks.within("/expiry/days", days.into(), 1, LIFE_D_MAX.into()),
        Expiry::FixedMonths { months } => checks.within("/expiry/months", months.into(), 1, 1_200),
        Expiry::EndOfMonth { months_later } => checks.within("/expiry/months_later", months_later.into(), 0, 1_200),
        Expiry::EndOfYear { years_later } => checks.within("/expiry/years_later", years_later.into(), 0, 100),
    }
    if let TillRedemption::Card { daily_points_max } = new.till_redemption {
        checks.within("/till_redemption/daily_points_max", daily_points_max, 0, i64::MAX);
    }
    checks.done()
}

impl App {
    /// The program's settings, at most two seconds old (a tenth of a second on a test program).
    ///
    /// # Errors
    /// 503 where they must be read and can't be.
    pub async fn settings(&self) -> Result<Arc<Settings>, Error> {
        let kept = &self.0.memory.settings;
        let age_max = if kept.peek().is_none_or(|settings| settings.test) { TEST_AGE_MAX } else { AGE_MAX };
        Ok(kept.get(age_max, read_shared_settings(self.store())).await?)
    }

    /// Business time: the wall clock's, or on a test program the one that was set.
    ///
    /// # Errors
    /// 503 where the settings can't be read.
    pub async fn now(&self) -> Result<Instant, Error> {
        Ok(self.settings().await?.business_now.unwrap_or_else(|| self.wall_now()))
    }

    /// The program.
    ///
    /// # Errors
    /// 403 for all but the operator; 503.
    pub async fn program(&self, caller: &Caller) -> Result<ProgramView, Error> {
        caller.operator()?;
        Ok(read_settings(self.store().read()).await?.view())
    }

    /// Sets the program anew.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 409 `base-currency-fixed` once a partner was admitted.
    pub async fn put_program(&self, caller: &Caller, new: NewProgram) -> Result<ProgramView, Error> {
        caller.operator()?;
        check(&new)?;
        let policies =
            Policies { backdating_d_max: new.backdating_d_max, expiry: new.expiry, till_redemption: new.till_redemption };
        let policies = serde_json::to_string(&policies).map_err(|error| Error::internal(&error))?;
        let view = self
            .write(async |txn: &DatabaseTransaction| {
                let row = coalition_store::program::lock(txn).await?.ok_or(StoreError::Corrupt("no program".to_owned()))?;
                let base = new.base_currency.to_string();
                if row.base_currency != base && coalition_store::partners::any_merchant(txn).await? {
                    return Err(Error::conflict(
                        "base-currency-fixed",
                        "Prices and settlements are kept in the base currency: it can't change once a partner was admitted.",
                    )
                    .into());
                }
                let row = entities::program::Model {
                    name: new.name.clone(),
                    points_name: new.points_name.clone(),
                    base_currency: base.clone(),
                    time_zone: new.time_zone.clone(),
                    settings: policies.clone(),
                    ..row
                };
                coalition_store::program::save(txn, row).await?;
                coalition_store::partners::set_operator_currency(txn, &base).await?;
                self.audited(txn, caller, "program.put", &new.name, json!(new)).await?;
                Ok(read_settings(txn).await?.view())
            })
            .await?;
        self.0.memory.settings.forget();
        Ok(view)
    }
}

async fn read_shared_settings(store: &Store) -> Result<Arc<Settings>, StoreError> {
    Ok(Arc::new(read_settings(store.read()).await?))
}

/// Reads the settings as they are now.
///
/// # Errors
/// [`StoreError::Corrupt`] on a database that was not initialised.
pub(crate) async fn read_settings(conn: &impl ConnectionTrait) -> Result<Settings, StoreError> {
    let missing = || StoreError::Corrupt("the database is not initialised".to_owned());
    let row = coalition_store::program::find(conn).await?.ok_or_else(missing)?;
    let operator = coalition_store::partners::operator(conn).await?.ok_or_else(missing)?;
    Settings::new(&row, PartnerId(operator.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(expiry: Expiry) -> Settings {
        let row = entities::program::Model {
            id: 1,
            name: "Test".to_owned(),
            points_name: "points".to_owned(),
            base_currency: "EUR".to_owned(),
            time_zone: "Europe/Skopje".to_owned(),
            test: true,
            business_now: None,
            secret: vec![0; 32],
            settings: serde_json::to_string(&Policies { expiry, ..Policies::default() }).unwrap(),
            created_at: 0,
        };
        Settings::new(&row, PartnerId(uuid::Uuid::nil())).unwrap()
    }

    #[test]
    fn points_end_as_the_policy_says() {
        let earned = Instant::parse("2026-11-21T10:00:00Z").unwrap();
        let end = |expiry| settings(expiry).default_expiry(earned).map(|end| end.to_string());
        assert_eq!(end(Expiry::None), None);
        assert_eq!(end(Expiry::FixedDays { days: 10 }).unwrap(), "2026-12-01T10:00:00Z");
        assert_eq!(end(Expiry::FixedMonths { months: 3 }).unwrap(), "2027-02-21T10:00:00Z");
        assert_eq!(end(Expiry::EndOfMonth { months_later: 0 }).unwrap(), "2026-11-30T23:00:00Z");
        assert_eq!(end(Expiry::EndOfMonth { months_later: 2 }).unwrap(), "2027-01-31T23:00:00Z");
        assert_eq!(end(Expiry::EndOfYear { years_later: 1 }).unwrap(), "2027-12-31T23:00:00Z");
    }

    #[test]
    fn policies_read_as_they_are_written() {
        let read = |text: &str| serde_json::from_str::<Policies>(text);
        assert_eq!(read("{}").unwrap(), Policies::default());
        assert_eq!(read(r#"{"expiry":{"policy":"end_of_year"}}"#).unwrap().expiry, Expiry::EndOfYear { years_later: 0 });
        assert!(read(r#"{"expiry":{"policy":"fixed_days"}}"#).is_err());
        assert!(read(r#"{"expiry":{"policy":"fixed_days","days":3,"hours":2}}"#).is_err());
        assert_eq!(
            read(r#"{"till_redemption":{"mode":"card","daily_points_max":500}}"#).unwrap().till_redemption,
            TillRedemption::Card { daily_points_max: 500 }
        );
    }

    #[test]
    fn a_program_is_checked_field_by_field() {
        let new = NewProgram {
            name: String::new(),
            points_name: "x".repeat(41),
            base_currency: "EUR".parse().unwrap(),
            time_zone: "Mars/Olympus".to_owned(),
            backdating_d_max: -1,
            expiry: Expiry::FixedDays { days: 0 },
            till_redemption: TillRedemption::Card { daily_points_max: -1 },
        };
        let faults = check(&new).unwrap_err().errors;
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/points_name", "/time_zone", "/backdating_d_max", "/expiry/days", "/till_redemption/daily_points_max"]);
    }
}
