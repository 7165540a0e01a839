//! The program's row in memory: its money, calendar and policies, and business time. A copy is at most two seconds old.

use std::sync::Arc;
use std::time::Duration;

use coalition_domain::{Calendar, Currency, ExpiryPolicy, Instant, PartnerId, Span, Window};
use coalition_store::{ConnectionTrait, Store, StoreError, entities};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::error::Error;
use crate::refunds::RefundPolicy;
use crate::tiers::TierPolicy;

/// How old the settings in memory may be.
const AGE_MAX: Duration = Duration::from_secs(2);
/// The same on a test program, whose clock is moved by hand: whoever moves it waits this long for all gateways to see it.
pub(crate) const TEST_AGE_MAX: Duration = Duration::from_millis(100);
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
    /// That many calendar days after the member's last activity: a purchase or a redemption.
    SlidingDays {
        /// 1–36 600.
        days: u32,
    },
    /// That many calendar months after the member's last activity: a purchase or a redemption.
    SlidingMonths {
        /// 1–1 200.
        months: u32,
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

/// Whether and how members may give points to one another. Days and years are the program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Transfers {
    /// Not at all.
    Off,
    /// Within these limits.
    On(TransferLimits),
}

/// The same as it is documented: the mode beside the limits, which what is derived for a struct within an enum can't say.
#[derive(Serialize, ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Transfers)]
#[expect(dead_code, reason = "only its schema is of use")]
pub(crate) enum TransfersShape {
    /// Not at all.
    Off,
    /// Within these limits.
    On {
        /// The least at a time; 1 where it is left out.
        #[schema(minimum = 1)]
        #[serde(skip_serializing_if = "Option::is_none")]
        points_min: Option<i64>,
        /// The most a day; without end where it is null, 10 000 where it is left out.
        #[schema(minimum = 1)]
        daily_points_max: Option<i64>,
        /// The most a year; without end where it is null, 100 000 where it is left out.
        #[schema(minimum = 1)]
        yearly_points_max: Option<i64>,
        /// Days after joining, and after receiving points from somebody, in which nothing can be given; 0 where it is left out.
        #[schema(minimum = 0, maximum = 366)]
        #[serde(skip_serializing_if = "Option::is_none")]
        cooling_off_d: Option<u32>,
    },
}

/// The limits of what a member may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransferLimits {
    /// The least at a time.
    pub points_min: i64,
    /// The most a day; without end where it is null.
    pub daily_points_max: Option<i64>,
    /// The most a year; without end where it is null.
    pub yearly_points_max: Option<i64>,
    /// Days after joining, and after receiving points from somebody, in which nothing can be given.
    pub cooling_off_d: u32,
}

impl Default for TransferLimits {
    fn default() -> Self {
        Self { points_min: 1, daily_points_max: Some(10_000), yearly_points_max: Some(100_000), cooling_off_d: 0 }
    }
}

impl Default for Transfers {
    fn default() -> Self {
        Self::On(TransferLimits::default())
    }
}

impl Transfers {
    /// The limits; none where nothing may be given.
    #[must_use]
    pub const fn limits(&self) -> Option<&TransferLimits> {
        match self {
            Self::Off => None,
            Self::On(limits) => Some(limits),
        }
    }
}

/// Reads a policy from an object and from nothing else: by itself, serde would take a list of its fields too.
pub(crate) fn record<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let fields = serde_json::Map::deserialize(deserializer)?;
    T::deserialize(serde_json::Value::Object(fields)).map_err(D::Error::custom)
}

/// Days, where nothing is said.
pub(crate) const fn default_backdating() -> i64 {
    30
}

/// Points of an adjustment that need no second pair of eyes, where nothing is said.
pub(crate) const fn default_approval() -> i64 {
    10_000
}

/// Days ahead, where nothing is said.
pub(crate) const fn default_notice() -> u32 {
    30
}

/// Members of a household, where nothing is said.
pub(crate) const fn default_household() -> i64 {
    6
}

/// What is kept as JSON in the program's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policies {
    #[serde(default = "default_backdating")]
    pub(crate) backdating_d_max: i64,
    #[serde(default)]
    pub(crate) expiry: Expiry,
    #[serde(default)]
    pub(crate) till_redemption: TillRedemption,
    #[serde(default)]
    pub(crate) refund_policy: RefundPolicy,
    #[serde(default = "default_approval")]
    pub(crate) adjustment_approval_above: i64,
    #[serde(default = "default_notice")]
    pub(crate) expiry_notice_d: u32,
    #[serde(default)]
    pub(crate) tiers: Option<TierPolicy>,
    #[serde(default)]
    pub(crate) transfers: Transfers,
    #[serde(default = "default_household")]
    pub(crate) household_members_max: i64,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            backdating_d_max: default_backdating(),
            expiry: Expiry::None,
            till_redemption: TillRedemption::Code,
            refund_policy: RefundPolicy::Arrears,
            adjustment_approval_above: default_approval(),
            expiry_notice_d: default_notice(),
            tiers: None,
            transfers: Transfers::default(),
            household_members_max: default_household(),
        }
    }
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
    /// How far a refund may go where the award is no longer there.
    pub refund_policy: RefundPolicy,
    /// Points of an adjustment above which a second operator has to agree.
    pub adjustment_approval_above: i64,
    /// How many days ahead members are told that points run out; 0 for not at all.
    pub expiry_notice_d: u32,
    /// The coalition's own tiers.
    pub tiers: Option<Arc<TierPolicy>>,
    /// Whether and how members may give points to one another.
    pub transfers: Transfers,
    /// Members of a household; with 0 nobody spends together.
    pub household_members_max: i64,
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
            refund_policy: policies.refund_policy,
            adjustment_approval_above: policies.adjustment_approval_above,
            expiry_notice_d: policies.expiry_notice_d,
            tiers: policies.tiers.map(Arc::new),
            transfers: policies.transfers,
            household_members_max: policies.household_members_max,
        })
    }

    /// When points earned at `earned_at` expire where the rules gave them no end; None for never.
    #[must_use]
    pub fn default_expiry(&self, earned_at: Instant) -> Option<Instant> {
        self.expiry.policy().expires_at(&self.calendar, earned_at)
    }

    /// How long points live on after each activity of their member, where the program has it so.
    #[must_use]
    pub fn sliding(&self) -> Option<Span> {
        match self.expiry.policy() {
            ExpiryPolicy::Sliding(span) => Some(span),
            _ => None,
        }
    }
}

impl Expiry {
    /// In the domain's words.
    #[must_use]
    pub const fn policy(self) -> ExpiryPolicy {
        match self {
            Self::None => ExpiryPolicy::Never,
            Self::FixedDays { days } => ExpiryPolicy::After(Span::Days(days)),
            Self::FixedMonths { months } => ExpiryPolicy::After(Span::Months(months)),
            Self::EndOfMonth { months_later } => ExpiryPolicy::EndOf { window: Window::Month, after: Span::Months(months_later) },
            Self::EndOfYear { years_later } => {
                ExpiryPolicy::EndOf { window: Window::Year, after: Span::Months(years_later.saturating_mul(12)) }
            }
            Self::SlidingDays { days } => ExpiryPolicy::Sliding(Span::Days(days)),
            Self::SlidingMonths { months } => ExpiryPolicy::Sliding(Span::Months(months)),
        }
    }
}

/// The settings of a new program, as the row keeps them.
pub(crate) fn initial_policies() -> Result<String, Error> {
    serde_json::to_string(&Policies::default()).map_err(|error| Error::internal(&error))
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
        assert_eq!(end(Expiry::SlidingDays { days: 10 }).unwrap(), "2026-12-01T10:00:00Z");
        assert_eq!(settings(Expiry::SlidingMonths { months: 6 }).sliding(), Some(Span::Months(6)));
        assert_eq!(settings(Expiry::FixedMonths { months: 6 }).sliding(), None);
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
}
