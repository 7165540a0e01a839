//! What a partner's rules may know of a member: aggregates, counters, badges, vouchers, tier, awards. One JSON document a member and
//! partner, read and written whole under the member's version; the rows of their own tables tell how each came about.

mod gifts;
mod limits;
mod unite;

use coalition_domain::{Calendar, Instant, Points, Window};
use coalition_rules::contract;
use serde::{Deserialize, Serialize};

pub use crate::about::{About, pseudonym, seed, source};
use crate::tiers::StandingFact;
pub use gifts::GiftFacts;
pub use limits::LimitFact;

/// Months kept, the current one among them.
const MONTHS_MAX: usize = 13;
/// Award keys kept, the newest.
const AWARD_KEYS_MAX: usize = 64;
/// Local days for which awards are added up: as far back as a purchase may be dated, and some.
const DAYS_MAX: usize = 100;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Purchases decided.
    pub purchases: u32,
    /// Their sum, minor units.
    pub spend: i64,
    /// The first's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_at: Option<i64>,
    /// The last's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<i64>,
    /// By month, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<contract::Month>,
    /// The program's counters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<CounterFact>,
    /// Badges held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<contract::BadgeHeld>,
    /// Tier held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<contract::TierHeld>,
    /// Vouchers by template.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vouchers: Vec<VoucherFact>,
    /// Points by award key, less what was taken back; newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awarded: Vec<contract::AwardHeld>,
    /// Points awarded by local day, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayFact>,
    /// Rewards taken, for the limits a member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<RewardFact>,
    /// Where the member stands in the program's own tiers; in the operator's document only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<StandingFact>,
    /// Points given to others and received, for the limits of transfers; among the operator's facts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gifts: Option<GiftFacts>,
    /// What the manifest's own limits have let through.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitFact>,
}

/// A counter, window by window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterFact {
    /// The manifest's name.
    pub name: String,
    /// Its window; a counter whose window changes starts again.
    pub window: Window,
    /// The number of the window of `values[0]`.
    pub index: i64,
    /// Newest first.
    pub values: Vec<i64>,
}

/// Vouchers of one template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherFact {
    /// The manifest's name for it.
    pub template: String,
    /// Ever, less those revoked.
    pub issued: u32,
    /// Neither used, revoked nor expired, oldest first.
    pub open: Vec<OpenVoucher>,
}

/// A voucher that can still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenVoucher {
    /// Its id as rules see it.
    pub id: String,
    /// Gone from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

/// Points awarded on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFact {
    /// `2026-11-21`, in the program's time zone.
    pub day: String,
    /// How many.
    pub points: i64,
}

/// Rewards taken in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardFact {
    /// Which.
    pub reward: String,
    /// The window of the limit.
    pub window: Window,
    /// The number of that window.
    pub index: i64,
    /// How many, held ones among them.
    pub quantity: i64,
}

/// The contract's window in the domain's words.
#[must_use]
pub const fn window(window: contract::Window) -> Window {
    match window {
        contract::Window::Day => Window::Day,
        contract::Window::Week => Window::Week,
        contract::Window::Month => Window::Month,
        contract::Window::Quarter => Window::Quarter,
        contract::Window::Year => Window::Year,
        contract::Window::Lifetime => Window::Lifetime,
    }
}

/// Closed windows that are kept beyond what rules see, so that their close can be told when the job that tells it is late.
const fn spare_windows(window: Window) -> usize {
    match window {
        Window::Day => 14,
        Window::Week => 4,
        Window::Month => 2,
        Window::Quarter | Window::Year => 1,
        Window::Lifetime => 0,
    }
}

/// An instant as rules see it.
#[must_use]
pub fn instant(calendar: &Calendar, at: Instant) -> contract::Instant {
    contract::Instant { ms: at.0, offset_minutes: calendar.offset_minutes(at) }
}

impl Facts {
    /// The member as this program may know them at `at`: what the manifest needs, and no more.
    #[must_use]
    pub fn view(&self, manifest: &contract::Manifest, calendar: &Calendar, at: Instant, about: &About) -> contract::Member {
        let needs = |name: &str| manifest.needs.iter().any(|need| need == name);
        let counters =
            manifest.counters.iter().map(|def| contract::Counter { name: def.name.clone(), values: self.counter(def, calendar, at) });
        let vouchers = self.vouchers.iter().map(|fact| contract::VoucherHeld {
            template: fact.template.clone(),
            issued: fact.issued,
            open: fact
                .open
                .iter()
                .filter(|open| open.expires_at.is_none_or(|expires| expires > at.0))
                .map(|open| open.id.clone())
                .collect(),
        });
        contract::Member {
            id: about.pseudonym.clone(),
            enrolled: instant(calendar, about.enrolled_at),
            coalition_tier: about.coalition_tier.clone(),
            tier: self.tier.clone().filter(|tier| tier.until.is_none_or(|until| until > at.0)),
            relations: about.relations.clone(),
            activity: contract::Totals { purchases: self.purchases, spend: self.spend, first_at: self.first_at, last_at: self.last_at },
            months: if needs("months") { self.months.clone() } else { Vec::new() },
            counters: counters.collect(),
            badges: if needs("badges") { self.badges.clone() } else { Vec::new() },
            vouchers: if needs("vouchers") { vouchers.collect() } else { Vec::new() },
            awarded: if needs("awarded") { self.awarded.clone() } else { Vec::new() },
            balance: needs("balance").then_some(about.available.0),
            attributes: about.attributes.clone(),
        }
    }

    /// Values of a counter as of `at`, the window that `at` lies in first, then those closed before it.
    fn counter(&self, def: &contract::CounterDef, calendar: &Calendar, at: Instant) -> Vec<i64> {
        let windows = usize::from(def.keep) + 1;
        let kind = window(def.window);
        let index = calendar.window_index(kind, at);
        let fact = self.counters.iter().find(|fact| fact.name == def.name && fact.window == kind);
        (0..windows)
            .map(|back| {
                let wanted = index.saturating_sub(i64::try_from(back).unwrap_or(i64::MAX));
                fact.and_then(|fact| usize::try_from(fact.index.saturating_sub(wanted)).ok().and_then(|at| fact.values.get(at)).copied())
                    .unwrap_or(0)
            })
            .collect()
    }

    /// Counts a purchase that rules have decided.
    pub fn add_purchase(&mut self, total: i64, calendar: &Calendar, at: Instant) {
        self.purchases = self.purchases.saturating_add(1);
        self.spend = self.spend.saturating_add(total);
        self.first_at = Some(self.first_at.map_or(at.0, |first| first.min(at.0)));
        self.last_at = Some(self.last_at.map_or(at.0, |last| last.max(at.0)));
        let month = calendar.month(at);
        match self.months.iter_mut().find(|known| known.month == month) {
            Some(known) => {
                known.purchases = known.purchases.saturating_add(1);
                known.spend = known.spend.saturating_add(total);
            }
            None => {
                self.months.push(contract::Month { month, purchases: 1, spend: total });
                self.months.sort_by_key(|known| std::cmp::Reverse(known.month));
                self.months.truncate(MONTHS_MAX);
            }
        }
    }

    /// Adds to a counter, in the window that `at` lies in; a window no longer kept is let go. Saturates at the ends of 64 bits.
    pub fn progress(&mut self, def: &contract::CounterDef, delta: i64, calendar: &Calendar, at: Instant) {
        let kind = window(def.window);
        let index = calendar.window_index(kind, at);
        let keep = usize::from(def.keep) + 1 + spare_windows(kind);
        self.counters.retain(|fact| fact.name != def.name || fact.window == kind);
        let known = self.counters.iter().position(|fact| fact.name == def.name);
        let mut fact = known.map_or_else(
            || CounterFact { name: def.name.clone(), window: kind, index, values: vec![0] },
            |position| self.counters.remove(position),
        );
        if index > fact.index {
            let ahead = usize::try_from(index - fact.index).unwrap_or(keep).min(keep);
            let mut values = vec![0; ahead];
            values.append(&mut fact.values);
            (fact.index, fact.values) = (index, values);
        }
        if let Ok(back) = usize::try_from(fact.index - index)
            && back < keep
        {
            if fact.values.len() <= back {
                fact.values.resize(back + 1, 0);
            }
            if let Some(value) = fact.values.get_mut(back) {
                *value = value.saturating_add(delta);
            }
        }
        fact.values.truncate(keep);
        self.counters.push(fact);
        self.counters.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Remembers an award under its key and its local day.
    pub fn add_award(&mut self, key: &str, points: Points, day: &str) {
        let known = self.awarded.iter().position(|held| held.key == key);
        let before = known.map_or(0, |position| self.awarded.remove(position).points);
        self.awarded.insert(0, contract::AwardHeld { key: key.to_owned(), points: before.saturating_add(points.0) });
        self.awarded.truncate(AWARD_KEYS_MAX);
        match self.days.iter_mut().find(|known| known.day == day) {
            Some(known) => known.points = known.points.saturating_add(points.0),
            None => {
                self.days.push(DayFact { day: day.to_owned(), points: points.0 });
                self.days.sort_by(|a, b| b.day.cmp(&a.day));
                self.days.truncate(DAYS_MAX);
            }
        }
    }

    /// Points of an award that were taken back. The day they were awarded on keeps them: what a cap let through is not let through twice.
    pub fn take_back(&mut self, key: &str, points: i64) {
        if let Some(held) = self.awarded.iter_mut().find(|held| held.key == key) {
            held.points = held.points.saturating_sub(points).max(0);
        }
        self.awarded.retain(|held| held.points > 0);
    }

    /// Points under an award key, less what was taken back.
    #[must_use]
    pub fn awarded_under(&self, key: &str) -> i64 {
        self.awarded.iter().find(|held| held.key == key).map_or(0, |held| held.points)
    }

    /// Moves a counter back in the window that `at` lies in, where it still counts in such windows.
    pub fn put_back(&mut self, def: &contract::CounterDef, delta: i64, calendar: &Calendar, at: Instant) {
        let counts = self.counters.iter().any(|fact| fact.name == def.name && fact.window == window(def.window));
        if counts {
            self.progress(def, delta, calendar, at);
        }
    }

    /// Counts back what came back of a purchase at `at`; where nothing is left of it, the purchase too.
    pub fn return_purchase(&mut self, amount: i64, is_all: bool, calendar: &Calendar, at: Instant) {
        let purchases = u32::from(is_all);
        self.purchases = self.purchases.saturating_sub(purchases);
        self.spend = self.spend.saturating_sub(amount);
        let month = calendar.month(at);
        if let Some(known) = self.months.iter_mut().find(|known| known.month == month) {
            known.purchases = known.purchases.saturating_sub(purchases);
            known.spend = known.spend.saturating_sub(amount);
        }
    }

    /// Points awarded on a local day.
    #[must_use]
    pub fn awarded_on(&self, day: &str) -> i64 {
        self.days.iter().find(|known| known.day == day).map_or(0, |known| known.points)
    }

    /// How often a reward was taken in the window that `at` lies in.
    #[must_use]
    pub fn taken(&self, reward: &str, kind: Window, calendar: &Calendar, at: Instant) -> i64 {
        let index = calendar.window_index(kind, at);
        let known = self.rewards.iter().find(|fact| fact.reward == reward && fact.window == kind && fact.index == index);
        known.map_or(0, |fact| fact.quantity)
    }

    /// Counts (or, below zero, gives back) a reward taken at `at`. Only the newest window of a reward is kept.
    pub fn take(&mut self, reward: &str, kind: Window, quantity: i64, calendar: &Calendar, at: Instant) {
        let index = calendar.window_index(kind, at);
        let known = self.rewards.iter_mut().find(|fact| fact.reward == reward && fact.window == kind);
        match known {
            Some(fact) if fact.index == index => fact.quantity = fact.quantity.saturating_add(quantity).max(0),
            Some(fact) if fact.index < index => (fact.index, fact.quantity) = (index, quantity.max(0)),
            Some(_) => {}
            None => self.rewards.push(RewardFact { reward: reward.to_owned(), window: kind, index, quantity: quantity.max(0) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn weekly(keep: u8) -> contract::CounterDef {
        contract::CounterDef { name: "visits".to_owned(), window: contract::Window::Week, keep, totals: false }
    }

    #[test]
    fn counters_move_with_their_window_and_late_events_find_theirs() {
        let calendar = Calendar::new("UTC").unwrap();
        let mut facts = Facts::default();
        facts.progress(&weekly(2), 1, &calendar, at("2026-11-02T10:00:00Z"));
        facts.progress(&weekly(2), 2, &calendar, at("2026-11-16T10:00:00Z"));
        facts.progress(&weekly(2), 4, &calendar, at("2026-11-10T10:00:00Z"));
        assert_eq!(facts.counter(&weekly(2), &calendar, at("2026-11-18T00:00:00Z")), vec![2, 4, 1]);
        assert_eq!(facts.counter(&weekly(2), &calendar, at("2026-11-25T00:00:00Z")), vec![0, 2, 4]);
        // As of the week before, the last is not yet known.
        assert_eq!(facts.counter(&weekly(2), &calendar, at("2026-11-10T00:00:00Z")), vec![4, 1, 0]);
        // Too late to be kept.
        facts.progress(&weekly(2), 9, &calendar, at("2026-09-01T10:00:00Z"));
        assert_eq!(facts.counter(&weekly(2), &calendar, at("2026-11-18T00:00:00Z")), vec![2, 4, 1]);
        // A year later nothing of it is left.
        facts.progress(&weekly(2), 1, &calendar, at("2027-11-18T10:00:00Z"));
        assert_eq!(facts.counters[0].values, vec![1, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn limits_a_member_count_by_window() {
        let calendar = Calendar::new("UTC").unwrap();
        let mut facts = Facts::default();
        let (monday, tuesday) = (at("2026-11-16T10:00:00Z"), at("2026-11-17T10:00:00Z"));
        facts.take("cake", Window::Day, 2, &calendar, monday);
        assert_eq!(facts.taken("cake", Window::Day, &calendar, monday), 2);
        assert_eq!(facts.taken("cake", Window::Day, &calendar, tuesday), 0);
        facts.take("cake", Window::Day, 1, &calendar, tuesday);
        // What is given back after its day was over changes nothing any more.
        facts.take("cake", Window::Day, -2, &calendar, monday);
        assert_eq!(facts.taken("cake", Window::Day, &calendar, tuesday), 1);
    }

    #[test]
    fn months_and_awards_are_kept_newest_first() {
        let calendar = Calendar::new("UTC").unwrap();
        let mut facts = Facts::default();
        for month in 1..=12 {
            for year in [2025, 2026] {
                facts.add_purchase(100, &calendar, at(&format!("{year}-{month:02}-05T10:00:00Z")));
            }
        }
        assert_eq!(facts.months.len(), MONTHS_MAX);
        assert_eq!(facts.months[0].month, 202_612);
        assert_eq!((facts.purchases, facts.spend), (24, 2400));
        for n in 0..100 {
            facts.add_award(&format!("k{n}"), Points(1), "2026-11-21");
        }
        assert_eq!((facts.awarded.len(), facts.awarded[0].key.as_str(), facts.awarded_on("2026-11-21")), (AWARD_KEYS_MAX, "k99", 100));
    }
}
