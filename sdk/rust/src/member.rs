//! The member as this program may know it: a pseudonym, what it did here, and what the manifest asked for and the member agreed to.
//! All of it is as it was before the event.

use crate::{Attributes, Instant, Points};

/// The member a rule decides about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// A pseudonym that differs per partner.
    pub id: String,
    /// When the member joined the coalition.
    pub enrolled: Instant,
    /// The coalition's tier.
    pub coalition_tier: Option<String>,
    /// The tier this program gave.
    pub tier: Option<TierHeld>,
    /// Kinds of related members, such as `referrer`.
    pub relations: Vec<String>,
    /// Purchases and spend at this partner, ever.
    pub activity: Totals,
    /// The same by month, 13 of them. Needs `months`.
    pub months: Vec<Month>,
    /// This program's counters. Needs `counters`.
    pub counters: Vec<CounterHeld>,
    /// Badges of this program. Needs `badges`.
    pub badges: Vec<BadgeHeld>,
    /// Vouchers of this program. Needs `vouchers`.
    pub vouchers: Vec<VoucherHeld>,
    /// Points by award key, newest 64. Needs `awarded`.
    pub awarded: Vec<AwardHeld>,
    /// Points that can be spent. Needs `balance`.
    pub balance: Option<Points>,
    /// Facts the manifest needs by their own names.
    pub attributes: Attributes,
}

impl Member {
    /// What a counter shows in its open window; zero when it never moved.
    #[must_use]
    pub fn counter(&self, name: &str) -> i64 {
        self.counter_before(name, 0)
    }

    /// What a counter showed `windows` windows ago, as far back as the manifest keeps them; zero beyond.
    #[must_use]
    pub fn counter_before(&self, name: &str, windows: usize) -> i64 {
        let counter = self.counters.iter().find(|counter| counter.name == name);
        counter.and_then(|counter| counter.values.get(windows)).copied().unwrap_or(0)
    }

    /// How many vouchers of this template were ever issued, less those revoked. What is due less this is what to issue now.
    #[must_use]
    pub fn vouchers_issued(&self, template: &str) -> u32 {
        self.voucher(template).map_or(0, |held| held.issued)
    }

    /// Ids of this template's vouchers that can still be used, oldest first.
    #[must_use]
    pub fn open_vouchers(&self, template: &str) -> &[String] {
        self.voucher(template).map_or(&[], |held| held.open.as_slice())
    }

    /// Whether the member holds this badge for this period.
    #[must_use]
    pub fn has_badge(&self, name: &str, period: &str) -> bool {
        self.badges.iter().any(|badge| badge.name == name && badge.period == period)
    }

    /// Points awarded under this key, less what was taken back.
    #[must_use]
    pub fn awarded_under(&self, key: &str) -> Points {
        let held = self.awarded.iter().find(|held| held.key == key);
        held.map_or(Points::ZERO, |held| held.points)
    }

    /// The name of the tier this program gave, if the member has one.
    #[must_use]
    pub fn tier_name(&self) -> Option<&str> {
        self.tier.as_ref().map(|tier| tier.name.as_str())
    }

    fn voucher(&self, template: &str) -> Option<&VoucherHeld> {
        self.vouchers.iter().find(|held| held.template == template)
    }
}

/// Purchases at this partner, ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many.
    pub purchases: u32,
    /// Minor units of the partner's currency.
    pub spend_minor: i64,
    /// The first one, milliseconds since 1970.
    pub first_at_ms: Option<i64>,
    /// The last one, milliseconds since 1970.
    pub last_at_ms: Option<i64>,
}

/// Purchases at this partner in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Year and month, as 202611.
    pub month: u32,
    /// How many purchases.
    pub purchases: u32,
    /// Minor units of the partner's currency.
    pub spend_minor: i64,
}

/// A counter's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterHeld {
    /// Its name.
    pub name: String,
    /// Newest first, the open window's at the front. A late refund may bring one below zero.
    pub values: Vec<i64>,
}

/// The tier a member has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierHeld {
    /// Its name.
    pub name: String,
    /// Since when, milliseconds since 1970.
    pub since_ms: i64,
    /// Until when, milliseconds since 1970; none: until changed.
    pub until_ms: Option<i64>,
}

/// A badge a member has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadgeHeld {
    /// Its name.
    pub name: String,
    /// For which period; empty: once for ever.
    pub period: String,
    /// Since when, milliseconds since 1970.
    pub at_ms: i64,
}

/// The vouchers of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherHeld {
    /// The template: a reward of the manifest.
    pub template: String,
    /// Issued ever, less those revoked.
    pub issued: u32,
    /// Ids that are neither used, revoked nor expired, oldest first.
    pub open: Vec<String>,
}

/// Points under one award key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardHeld {
    /// The award's key.
    pub key: String,
    /// Awarded less taken back.
    pub points: Points,
}
