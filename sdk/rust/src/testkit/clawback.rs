//! What a refund takes back of a decision's points, as the gateway works it out: by difference on the total, so that what one key has more of on what is kept is set off
//! against the others.

use std::collections::BTreeMap;

use crate::{Effect, Effects};

/// Points by award key.
pub(super) type ByKey = BTreeMap<String, i64>;

/// What an answer awards.
pub(super) fn awarded(effects: &Effects) -> ByKey {
    let award = |effect: &Effect| if let Effect::Award(award) = effect { Some((award.key.clone(), award.points.get())) } else { None };
    effects.iter().filter_map(award).collect()
}

/// What is still to be taken back of each key: `original − kept − taken` on the sums, never below zero, in proportion to what each key has too much.
pub(super) fn due(original: &ByKey, kept: &ByKey, taken: &ByKey) -> ByKey {
    let of = |map: &ByKey, key: &str| map.get(key).copied().unwrap_or(0);
    let sum = |map: &ByKey| map.values().sum::<i64>();
    let all = (sum(original) - sum(kept) - sum(taken)).max(0);
    let surplus: ByKey = original.keys().map(|key| (key.clone(), (of(original, key) - of(kept, key) - of(taken, key)).max(0))).collect();
    let total = sum(&surplus).max(1);
    let mut parts: ByKey = surplus.iter().map(|(key, much)| (key.clone(), much * all / total)).collect();
    // The largest remainders have what rounding down left.
    let mut rests: Vec<(i64, &String)> = surplus.iter().map(|(key, much)| (much * all % total, key)).collect();
    rests.sort_by_key(|(rest, _)| std::cmp::Reverse(*rest));
    let left = all - sum(&parts);
    for (_, key) in rests.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        *parts.entry(key.clone()).or_default() += 1;
    }
    parts
}

/// What is left of each award, in the order they were made: what a program recovers is borne by an award's own lots, so that a refund of theirs does not ask for it again.
#[derive(Clone, Debug, Default)]
pub(super) struct Lots(Vec<Lot>);

#[derive(Clone, Debug)]
struct Lot {
    /// The purchase that it was awarded for; none for what other events brought.
    purchase: Option<usize>,
    key: String,
    left: i64,
}

impl Lots {
    /// Adds what an answer awards, and takes what it recovers from the newest lots of that key first.
    pub fn follow(&mut self, effects: &Effects) {
        for effect in effects {
            match effect {
                Effect::Award(award) => self.0.push(Lot { purchase: None, key: award.key.clone(), left: award.points.get() }),
                Effect::Recover(recovery) => {
                    let mut owed = recovery.points.get();
                    for lot in self.0.iter_mut().rev().filter(|lot| lot.key == recovery.key) {
                        let part = lot.left.min(owed);
                        lot.left -= part;
                        owed -= part;
                    }
                }
                _ => {}
            }
        }
    }

    /// The awards that were just made are those of this purchase.
    pub fn bought(&mut self, purchase: usize, awards: usize) {
        for lot in self.0.iter_mut().rev().take(awards) {
            lot.purchase = Some(purchase);
        }
    }

    /// What was taken of a purchase's awards so far.
    pub fn taken(&self, purchase: usize, awarded: &ByKey) -> ByKey {
        let left =
            |key: &str| self.0.iter().filter(|lot| lot.purchase == Some(purchase) && lot.key == key).map(|lot| lot.left).sum::<i64>();
        awarded.iter().map(|(key, points)| (key.clone(), points - left(key))).collect()
    }

    /// Takes what is due of a purchase's awards.
    pub fn take(&mut self, purchase: usize, due: &ByKey) {
        for lot in self.0.iter_mut().filter(|lot| lot.purchase == Some(purchase)) {
            lot.left -= due.get(&lot.key).copied().unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, i64)]) -> ByKey {
        pairs.iter().map(|(key, points)| ((*key).to_owned(), *points)).collect()
    }

    #[test]
    fn keys_are_set_off_against_each_other() {
        let original = map(&[("base", 33), ("triple", 67)]);
        let none = ByKey::new();
        assert_eq!(due(&original, &none, &none), original);
        // Less than the minimum of one campaign is kept, and another fits.
        let parts = due(&original, &map(&[("base", 7), ("double", 8)]), &none);
        assert_eq!(parts.values().sum::<i64>(), 85);
        assert!(parts["base"] <= 26 && parts["triple"] <= 67);
        let again = due(&original, &none, &parts);
        assert_eq!(again.values().sum::<i64>(), 15);
        assert_eq!(due(&original, &map(&[("base", 200)]), &none).values().sum::<i64>(), 0);
    }
}
