//! The facts of two accounts that turn out to be one person's.

use super::{AWARD_KEYS_MAX, DAYS_MAX, Facts, MONTHS_MAX};

impl Facts {
    /// Adds what another account of the same person has come to: totals, months, counters of the same window, awards, rewards and what limits let through add up; badges and
    /// vouchers are had together; the tier that this account has is kept, and where it has none, the other's.
    pub fn unite(&mut self, other: &Self) {
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.spend = self.spend.saturating_add(other.spend);
        self.first_at = self.first_at.into_iter().chain(other.first_at).min();
        self.last_at = self.last_at.max(other.last_at);
        for month in &other.months {
            match self.months.iter_mut().find(|known| known.month == month.month) {
                Some(known) => {
                    known.purchases = known.purchases.saturating_add(month.purchases);
                    known.spend = known.spend.saturating_add(month.spend);
                }
                None => self.months.push(month.clone()),
            }
        }
        self.months.sort_by_key(|known| std::cmp::Reverse(known.month));
        self.months.truncate(MONTHS_MAX);
        self.unite_counters(other);
        for badge in &other.badges {
            match self.badges.iter_mut().find(|known| known.name == badge.name && known.period == badge.period) {
                Some(known) => known.at = known.at.min(badge.at),
                None => self.badges.push(badge.clone()),
            }
        }
        if self.tier.is_none() {
            self.tier.clone_from(&other.tier);
        }
        for voucher in &other.vouchers {
            match self.vouchers.iter_mut().find(|known| known.template == voucher.template) {
                Some(known) => {
                    known.issued = known.issued.saturating_add(voucher.issued);
                    known.open.extend(voucher.open.iter().cloned());
                }
                None => self.vouchers.push(voucher.clone()),
            }
        }
        for award in &other.awarded {
            match self.awarded.iter_mut().find(|known| known.key == award.key) {
                Some(known) => known.points = known.points.saturating_add(award.points),
                None => self.awarded.push(award.clone()),
            }
        }
        self.awarded.truncate(AWARD_KEYS_MAX);
        for day in &other.days {
            match self.days.iter_mut().find(|known| known.day == day.day) {
                Some(known) => known.points = known.points.saturating_add(day.points),
                None => self.days.push(day.clone()),
            }
        }
        self.days.sort_by(|a, b| b.day.cmp(&a.day));
        self.days.truncate(DAYS_MAX);
        for limit in &other.limits {
            let same =
                |known: &&mut super::LimitFact| known.name == limit.name && known.window == limit.window && known.index == limit.index;
            match self.limits.iter_mut().find(same) {
                Some(known) => known.used = known.used.saturating_add(limit.used),
                None => self.limits.push(limit.clone()),
            }
        }
        for reward in &other.rewards {
            match self.rewards.iter_mut().find(|known| known.reward == reward.reward && known.window == reward.window) {
                Some(known) if known.index == reward.index => known.quantity = known.quantity.saturating_add(reward.quantity),
                Some(known) if known.index < reward.index => *known = reward.clone(),
                Some(_) => {}
                None => self.rewards.push(reward.clone()),
            }
        }
        if let Some(given) = &other.gifts {
            self.gifts.get_or_insert_default().unite(given);
        }
    }

    /// Counters of one name and window add up, window by window; of another window than here they don't count.
    fn unite_counters(&mut self, other: &Self) {
        for theirs in &other.counters {
            let Some(mine) = self.counters.iter_mut().find(|known| known.name == theirs.name) else {
                self.counters.push(theirs.clone());
                continue;
            };
            if mine.window != theirs.window {
                continue;
            }
            let keep = mine.values.len().max(theirs.values.len());
            let (older, newer) = if mine.index < theirs.index { (mine.clone(), theirs.clone()) } else { (theirs.clone(), mine.clone()) };
            let ahead = usize::try_from(newer.index.saturating_sub(older.index)).unwrap_or(usize::MAX);
            let mut values = newer.values;
            for (place, value) in older.values.iter().enumerate() {
                let place = place.saturating_add(ahead);
                if place >= keep {
                    break;
                }
                if values.len() <= place {
                    values.resize(place.saturating_add(1), 0);
                }
                if let Some(sum) = values.get_mut(place) {
                    *sum = sum.saturating_add(*value);
                }
            }
            (mine.index, mine.values) = (newer.index, values);
        }
        self.counters.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

#[cfg(test)]
mod tests {
    use coalition_domain::{Calendar, Instant, Points, Window};

    use super::*;
    use crate::facts::CounterFact;

    #[test]
    fn two_accounts_add_up_to_what_one_would_be() {
        let calendar = Calendar::new("UTC").unwrap();
        let at = |text: &str| Instant::parse(text).unwrap();
        let purchases = [("2026-10-02T10:00:00Z", 500), ("2026-11-03T10:00:00Z", 700), ("2026-11-20T10:00:00Z", 300)];
        let (mut one, mut two, mut whole) = (Facts::default(), Facts::default(), Facts::default());
        for (number, (when, total)) in purchases.into_iter().enumerate() {
            let facts = if number == 1 { &mut two } else { &mut one };
            for facts in [facts, &mut whole] {
                facts.add_purchase(total, &calendar, at(when));
                facts.add_award("base", Points(total / 100), &calendar.day(at(when)));
                facts.take("mug", Window::Month, 1, &calendar, at(when));
            }
        }
        one.unite(&two);
        assert_eq!(one, whole);
    }

    #[test]
    fn counters_add_up_window_by_window() {
        let counter =
            |index, values: &[i64]| CounterFact { name: "visits".to_owned(), window: Window::Week, index, values: values.to_vec() };
        let united = |mine, theirs| {
            let mut facts = Facts { counters: vec![mine], ..Facts::default() };
            facts.unite(&Facts { counters: vec![theirs], ..Facts::default() });
            facts.counters.remove(0)
        };
        assert_eq!(united(counter(10, &[2, 4, 1]), counter(9, &[5, 6])), counter(10, &[2, 9, 7]));
        assert_eq!(united(counter(9, &[5, 6]), counter(10, &[2])), counter(10, &[2, 5]));
        assert_eq!(united(counter(20, &[1]), counter(3, &[9])), counter(20, &[1]));
    }
}
