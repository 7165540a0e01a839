//! On which terms a partner takes part: prices, funding, credit and caps.

use coalition_domain::{Currency, Instant, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::{Checks, nullable};

/// A price per 1 000 points is at most this, minor units.
const PRICE_MAX: i64 = 1_000_000_000_000;

/// When a partner pays for the points it issues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// By the settlement of the period.
    #[default]
    Postpaid,
    /// Ahead: it can't issue past its credit.
    Prepaid,
}

impl Funding {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Postpaid => "postpaid",
            Self::Prepaid => "prepaid",
        }
    }

    pub(crate) fn read(text: &str) -> Self {
        if text == "prepaid" { Self::Prepaid } else { Self::Postpaid }
    }
}

/// What the rules can't exceed, whatever they say. None is without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Points for one transaction.
    #[serde(default)]
    pub per_transaction: Option<i64>,
    /// Points for one member in a day of the program.
    #[serde(default)]
    pub per_member_day: Option<i64>,
    /// Points for all members in a day of the program.
    #[serde(default)]
    pub per_day: Option<i64>,
}

/// On which terms a partner takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerms {
    /// What the partner owes for 1 000 points it issues, in the program's base currency.
    #[schema(value_type = crate::schema::Money)]
    pub issue_price: Money,
    /// What the partner is owed for 1 000 points redeemed at it, in the program's base currency.
    #[schema(value_type = crate::schema::Money)]
    pub redeem_price: Money,
    /// Postpaid where it is left out.
    #[serde(default)]
    pub funding: Funding,
    /// How many points a prepaid partner may issue that it has not paid for.
    #[serde(default)]
    pub credit_limit_points: Option<i64>,
    /// What the rules can't exceed.
    #[serde(default)]
    pub caps: Caps,
}

/// What is to change of a partner's terms; what is left out stays. Prices hold from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsPatch {
    /// What the partner owes for 1 000 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::schema::Money>)]
    pub issue_price: Option<Money>,
    /// What the partner is owed for 1 000 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::schema::Money>)]
    pub redeem_price: Option<Money>,
    /// When it pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// Null takes the limit away.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>)]
    pub credit_limit_points: Option<Option<i64>>,
    /// All caps anew: one that is left out or null is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
}

/// A partner's terms as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TermsView {
    /// What the partner owes for 1 000 points it issues.
    #[schema(value_type = crate::schema::Money)]
    pub issue_price: Money,
    /// What the partner is owed for 1 000 points redeemed at it.
    #[schema(value_type = crate::schema::Money)]
    pub redeem_price: Money,
    /// Since when these prices hold; null for the first.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub prices_from: Option<Instant>,
    /// When it pays.
    pub funding: Funding,
    /// How many points a prepaid partner may issue that it has not paid for.
    pub credit_limit_points: Option<i64>,
    /// What the rules can't exceed.
    pub caps: Caps,
}

pub(crate) fn check_price(checks: &mut Checks, pointer: &str, price: Money, base: Currency) {
    checks.within(&format!("{pointer}/amount"), price.amount, 0, PRICE_MAX);
    checks.expect(price.currency == base, &format!("{pointer}/currency"), &format!("prices are in the program's base currency, {base}"));
}

pub(crate) fn check_caps(checks: &mut Checks, caps: &Caps) {
    for (name, cap) in [("per_transaction", caps.per_transaction), ("per_member_day", caps.per_member_day), ("per_day", caps.per_day)] {
        if let Some(cap) = cap {
            checks.within(&format!("/terms/caps/{name}"), cap, 0, i64::MAX);
        }
    }
}
