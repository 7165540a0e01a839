//! The coalition's tiers by the program's own terms: what counts towards them, and what a member holds at a moment.
//!
//! Where the operator's rules (its plugin) have set a tier, that one holds as long as they say; the program's own holds beside it and shows again when
//! theirs ends, or they take it away.

use coalition_domain::tiers::{Days, Downgrade, Level, Qualifying, Standing, TierRules};
use coalition_domain::{Instant, Span, Window};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::check::Checks;
use crate::facts::Facts;
use crate::settings::{Settings, record};

/// Tiers of one program.
const LEVELS_MAX: usize = 20;
/// Partners that are named as counting.
const PARTNERS_MAX: usize = 1_000;
/// The least and the most days of a rolling window; months likewise, of thirty days.
const WINDOW_D: (u32, u32) = (7, 1_100);
const WINDOW_MONTHS: (u32, u32) = (1, 36);

/// What counts towards a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Points that rules award, whether or not they can be spent yet; what is taken back or cancelled counts back.
    Points,
    /// What is spent, in minor units of the base currency; what is bought in another does not count.
    Spend,
}

impl Counts {
    /// In the database.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Spend => "spend",
        }
    }
}

/// In which time what was counted reaches a tier, and for how long it then holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TierWindow {
    /// The calendar year; a tier holds until its end.
    CalendarYear,
    /// The last so many days, today among them; a tier holds for as long.
    RollingDays {
        /// 7–1 100.
        days: u32,
    },
    /// The last so many months; a tier holds for as long.
    RollingMonths {
        /// 1–36.
        months: u32,
    },
}

/// What becomes, at a period's end, of a tier that was not reached again in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TierDowngrade {
    /// It stays.
    None,
    /// The one below it.
    OneLevel,
    /// The one that was reached, if any.
    #[default]
    ByProgress,
}

/// A tier, and what reaches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierLevel {
    /// Its name: what rules and members see.
    #[schema(min_length = 1, max_length = 64, example = "silver")]
    pub name: String,
    /// What has to be counted in the window.
    #[schema(minimum = 1)]
    pub from: i64,
}

/// The coalition's tiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TierPolicy {
    /// What counts, apart from points to be spent.
    pub counts: Counts,
    /// Whose awards count, or where what is spent counts: slugs; everybody's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    pub partners: Option<Vec<String>>,
    /// In which time.
    #[serde(deserialize_with = "record")]
    pub window: TierWindow,
    /// At a period's end.
    #[serde(default)]
    pub downgrade: TierDowngrade,
    /// Lowest first.
    #[schema(min_items = 1, max_items = 20)]
    pub levels: Vec<TierLevel>,
}

impl TierPolicy {
    pub(crate) fn check(&self, checks: &mut Checks) {
        match self.window {
            TierWindow::CalendarYear => {}
            TierWindow::RollingDays { days } => checks.within("/tiers/window/days", days.into(), WINDOW_D.0.into(), WINDOW_D.1.into()),
            TierWindow::RollingMonths { months } => {
                checks.within("/tiers/window/months", months.into(), WINDOW_MONTHS.0.into(), WINDOW_MONTHS.1.into());
            }
        }
        checks.expect((1..=LEVELS_MAX).contains(&self.levels.len()), "/tiers/levels", &format!("1 to {LEVELS_MAX} tiers"));
        for (place, level) in self.levels.iter().enumerate() {
            checks.line(&format!("/tiers/levels/{place}/name"), &level.name, 64);
            checks.within(&format!("/tiers/levels/{place}/from"), level.from, 1, i64::MAX);
            let before = place.checked_sub(1).and_then(|before| self.levels.get(before));
            let rises = before.is_none_or(|before| before.from < level.from);
            checks.expect(rises, &format!("/tiers/levels/{place}/from"), "more than the tier before it: lowest first");
            let known = self.levels.iter().filter(|other| other.name == level.name).count();
            checks.expect(known == 1, &format!("/tiers/levels/{place}/name"), "each tier once");
        }
        if let Some(partners) = &self.partners {
            checks.expect((1..=PARTNERS_MAX).contains(&partners.len()), "/tiers/partners", &format!("1 to {PARTNERS_MAX} slugs"));
        }
    }

    /// Whether what happens at this partner counts.
    pub(crate) fn covers(&self, slug: &str) -> bool {
        self.partners.as_ref().is_none_or(|partners| partners.iter().any(|partner| partner == slug))
    }

    /// In the domain's words.
    pub(crate) fn rules(&self) -> TierRules {
        TierRules {
            qualifying: match self.window {
                TierWindow::CalendarYear => Qualifying::CalendarYear,
                TierWindow::RollingDays { days } => Qualifying::Rolling(Span::Days(days)),
                TierWindow::RollingMonths { months } => Qualifying::Rolling(Span::Months(months)),
            },
            downgrade: match self.downgrade {
                TierDowngrade::None => Downgrade::Never,
                TierDowngrade::OneLevel => Downgrade::OneLevel,
                TierDowngrade::ByProgress => Downgrade::ByProgress,
            },
            levels: self.levels.iter().map(|level| Level { name: level.name.clone(), from: level.from }).collect(),
        }
    }
}

/// What was counted for a member, and the tier that was last written: in the operator's document of the member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StandingFact {
    /// What was counted: of another kind, it counts no more.
    pub counts: String,
    /// The tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// By local day, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<(i64, i64)>,
}

impl StandingFact {
    pub(crate) fn standing(&self) -> Standing {
        Standing { tier: self.tier.clone(), until: self.until.map(Instant) }
    }

    /// What was counted, as far as it is still of the kind that counts.
    pub(crate) fn days(&self, policy: &TierPolicy) -> Days {
        if self.counts == policy.counts.name() { self.days.iter().copied().collect() } else { Days::new() }
    }
}

/// The tier above, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextTier {
    /// Its name.
    pub tier: String,
    /// What has to be counted.
    pub from: i64,
    /// What is missing.
    pub missing: i64,
}

/// Where a member stands in the program's tiers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TierProgress {
    /// What counts: `points`, or `spend` in minor units.
    pub counts: Counts,
    /// So far in the window.
    pub counted: i64,
    /// The program's tier; what the operator's rules have set may stand before it.
    pub tier: Option<String>,
    /// When what was counted decides anew; null where no tier is held.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// The tier above; null at the top.
    pub next: Option<NextTier>,
}

/// The tier that a member holds at `now` by what is known of them, by whomever it was set.
pub(crate) fn held(settings: &Settings, facts: Option<&Facts>, now: Instant) -> Option<String> {
    let set = facts.and_then(|facts| facts.tier.as_ref()).filter(|tier| tier.until.is_none_or(|until| until > now.0));
    set.map(|tier| tier.name.clone()).or_else(|| progress(settings, facts, now).and_then(|progress| progress.tier))
}

/// Where a member stands at `now`; None where the program has no tiers.
pub(crate) fn progress(settings: &Settings, facts: Option<&Facts>, now: Instant) -> Option<TierProgress> {
    let policy = settings.tiers.as_deref()?;
    let fact = facts.and_then(|facts| facts.standing.as_ref());
    let days = fact.map(|fact| fact.days(policy)).unwrap_or_default();
    Some(stands(settings, policy, &days, &fact.map(StandingFact::standing).unwrap_or_default(), now))
}

/// Where whoever has counted so much, and was last known to stand so, stands at `now`.
pub(crate) fn stands(settings: &Settings, policy: &TierPolicy, days: &Days, known: &Standing, now: Instant) -> TierProgress {
    let (calendar, rules) = (&settings.calendar, policy.rules());
    let changes = rules.settle(calendar, days, known, now, now);
    let standing = changes.into_iter().last().map_or_else(|| known.clone(), |change| change.standing);
    let counted = rules.counted(calendar, days, now);
    let next = rules.next(standing.tier.as_deref(), counted);
    let next = next.map(|(level, missing)| NextTier { tier: level.name.clone(), from: level.from, missing });
    TierProgress { counts: policy.counts, counted, tier: standing.tier, until: standing.until, next }
}

/// The number of the local day of a moment.
pub(crate) fn day(settings: &Settings, at: Instant) -> i64 {
    settings.calendar.window_index(Window::Day, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_is_checked_tier_by_tier() {
        let policy = json!({
            "counts": "spend", "window": {"kind": "rolling_days", "days": 3},
            "levels": [{"name": "silver", "from": 5}, {"name": "silver", "from": 5}], "partners": [],
        });
        let policy: TierPolicy = serde_json::from_value(policy).unwrap();
        let mut checks = Checks::default();
        policy.check(&mut checks);
        let faults = checks.done().unwrap_err().errors;
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        let level = ["/tiers/levels/0/name", "/tiers/levels/1/from", "/tiers/levels/1/name", "/tiers/partners"];
        assert_eq!(pointers, [&["/tiers/window/days"][..], &level].concat());
        let list = json!({"counts": "spend", "window": ["calendar_year"], "levels": []});
        assert!(serde_json::from_value::<TierPolicy>(list).is_err());
    }
}
