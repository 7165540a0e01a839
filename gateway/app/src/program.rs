//! The program: its name, money and calendar, and the policies that the operator sets.

use coalition_domain::{Calendar, Currency};
use coalition_store::{DatabaseTransaction, StoreError, entities};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::check::Checks;
use crate::error::Error;
use crate::refunds::RefundPolicy;
pub use crate::settings::{Expiry, Settings, TillRedemption, TransferLimits, Transfers};
use crate::settings::{Policies, default_approval, default_backdating, default_household, default_notice, read_settings, record};
use crate::tiers::TierPolicy;

/// The longest that receipts may be posted late, days.
const BACKDATING_D_MAX: i64 = 3_660;
/// The longest fixed life of points, days.
const LIFE_D_MAX: u32 = 36_600;

/// The most members that a household may have: what any of them redeems looks at the lots of all.
const HOUSEHOLD_MEMBERS_MAX: i64 = 20;

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
    #[serde(default, deserialize_with = "record")]
    pub expiry: Expiry,
    /// How a till may redeem for a member; by one-time code by default.
    #[serde(default, deserialize_with = "record")]
    pub till_redemption: TillRedemption,
    /// How far a refund may go where the award is no longer there; into arrears by default.
    #[serde(default)]
    pub refund_policy: RefundPolicy,
    /// Points of an adjustment above which a second operator has to agree; 10 000 by default, and with 0 always.
    #[serde(default = "default_approval")]
    #[schema(minimum = 0)]
    pub adjustment_approval_above: i64,
    /// How many days ahead members are told that points run out, 0–366; 30 by default, and with 0 not at all.
    #[serde(default = "default_notice")]
    #[schema(maximum = 366)]
    pub expiry_notice_d: u32,
    /// The coalition's own tiers; none by default. A tier that the operator's rules have set holds before them, as long as they say.
    #[serde(default)]
    pub tiers: Option<TierPolicy>,
    /// Whether and how members may give points to one another; by default up to 10 000 a day and 100 000 a year.
    #[serde(default, deserialize_with = "record")]
    #[schema(value_type = crate::settings::TransfersShape)]
    pub transfers: Transfers,
    /// Members of a household, 0–20; 6 by default, and with 0 nobody spends together. One that has more keeps them.
    #[serde(default = "default_household")]
    #[schema(minimum = 0, maximum = 20)]
    pub household_members_max: i64,
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
    /// How far a refund may go where the award is no longer there.
    pub refund_policy: RefundPolicy,
    /// Points of an adjustment above which a second operator has to agree.
    pub adjustment_approval_above: i64,
    /// How many days ahead members are told that points run out; 0 for not at all.
    pub expiry_notice_d: u32,
    /// The coalition's own tiers.
    pub tiers: Option<TierPolicy>,
    /// Whether and how members may give points to one another.
    #[schema(value_type = crate::settings::TransfersShape)]
    pub transfers: Transfers,
    /// Members of a household; with 0 nobody spends together.
    pub household_members_max: i64,
}

impl Settings {
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
            refund_policy: self.refund_policy,
            adjustment_approval_above: self.adjustment_approval_above,
            expiry_notice_d: self.expiry_notice_d,
            tiers: self.tiers.as_deref().cloned(),
            transfers: self.transfers,
            household_members_max: self.household_members_max,
        }
    }
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
        Expiry::FixedDays { days } | Expiry::SlidingDays { days } => checks.within("/expiry/days", days.into(), 1, LIFE_D_MAX.into()),
        Expiry::FixedMonths { months } | Expiry::SlidingMonths { months } => checks.within("/expiry/months", months.into(), 1, 1_200),
        Expiry::EndOfMonth { months_later } => checks.within("/expiry/months_later", months_later.into(), 0, 1_200),
        Expiry::EndOfYear { years_later } => checks.within("/expiry/years_later", years_later.into(), 0, 100),
    }
    if let TillRedemption::Card { daily_points_max } = new.till_redemption {
        checks.within("/till_redemption/daily_points_max", daily_points_max, 0, i64::MAX);
    }
    checks.within("/adjustment_approval_above", new.adjustment_approval_above, 0, i64::MAX);
    checks.within("/expiry_notice_d", new.expiry_notice_d.into(), 0, 366);
    if let Some(tiers) = &new.tiers {
        tiers.check(&mut checks);
    }
    if let Some(limits) = new.transfers.limits() {
        checks.within("/transfers/points_min", limits.points_min, 1, i64::MAX);
        for (pointer, max) in
            [("/transfers/daily_points_max", limits.daily_points_max), ("/transfers/yearly_points_max", limits.yearly_points_max)]
        {
            checks.within(pointer, max.unwrap_or(1), 1, i64::MAX);
        }
        checks.within("/transfers/cooling_off_d", limits.cooling_off_d.into(), 0, 366);
    }
    checks.within("/household_members_max", new.household_members_max, 0, HOUSEHOLD_MEMBERS_MAX);
    checks.done()
}

impl App {
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
        let slugs = self.slugs().await?;
        for (place, partner) in new.tiers.iter().flat_map(|tiers| tiers.partners.iter().flatten()).enumerate() {
            if !slugs.values().any(|slug| slug == partner) {
                return Err(Error::invalid(format!("/tiers/partners/{place}"), "no partner has this slug"));
            }
        }
        let policies = Policies {
            backdating_d_max: new.backdating_d_max,
            expiry: new.expiry,
            till_redemption: new.till_redemption,
            refund_policy: new.refund_policy,
            adjustment_approval_above: new.adjustment_approval_above,
            expiry_notice_d: new.expiry_notice_d,
            tiers: new.tiers.clone(),
            transfers: new.transfers,
            household_members_max: new.household_members_max,
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_an_object() {
        let read = |expiry: serde_json::Value| {
            let body = json!({"name": "x", "points_name": "x", "base_currency": "EUR", "time_zone": "UTC", "expiry": expiry});
            serde_json::from_value::<NewProgram>(body).map(|new| new.expiry)
        };
        assert_eq!(read(json!({"policy": "fixed_days", "days": 3})).unwrap(), Expiry::FixedDays { days: 3 });
        for wrong in [json!(["fixed_days", 3]), json!("none"), json!({"policy": "fixed_days", "days": 3, "hours": 1})] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
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
            refund_policy: RefundPolicy::Arrears,
            adjustment_approval_above: -1,
            expiry_notice_d: 367,
            tiers: None,
            transfers: Transfers::On(TransferLimits {
                points_min: 0,
                daily_points_max: Some(0),
                yearly_points_max: Some(-1),
                cooling_off_d: 367,
            }),
            household_members_max: 21,
        };
        let faults = check(&new).unwrap_err().errors;
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/name",
                "/points_name",
                "/time_zone",
                "/backdating_d_max",
                "/expiry/days",
                "/till_redemption/daily_points_max",
                "/adjustment_approval_above",
                "/expiry_notice_d",
                "/transfers/points_min",
                "/transfers/daily_points_max",
                "/transfers/yearly_points_max",
                "/transfers/cooling_off_d",
                "/household_members_max"
            ]
        );
    }
}
