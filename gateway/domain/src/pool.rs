//! Members who spend together: a household's lots are spent in the usual order, whoever's they are.
//!
//! Points stay where they are: each member's ledger holds, captures and gives back its own part of a redemption, under the one redemption id. So who leaves takes what is
//! their own, and what one of them owes stays theirs.

use crate::calendar::Instant;
use crate::ids::{LotId, MemberId, RedemptionId};
use crate::ledger::Ledger;
use crate::lot::Lot;
use crate::points::{Overflow, Points};

/// Part of a member's lot that could pay, is held, or has paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolPart {
    /// Whose.
    pub member: MemberId,
    /// Its place in the order of spending, see [`Lot::spending_order`].
    pub order: (Instant, Instant, LotId),
    /// How many points.
    pub points: Points,
}

/// How much of the first `points`, all parts in the order of spending, falls to each member; those to whom nothing falls are left out.
/// None where there are not that many, or `points` is not positive.
///
/// For a hold, the parts are what can be spent; for a capture, what is held. After a reversal, what each has still paid is this of
/// all that was captured and of the points that stay spent: what came back to each is the difference.
///
/// # Errors
/// [`Overflow`] beyond 64 bits.
pub fn split_pool(parts: &[PoolPart], points: Points) -> Result<Option<Vec<(MemberId, Points)>>, Overflow> {
    let mut sorted: Vec<&PoolPart> = parts.iter().collect();
    sorted.sort_by_key(|part| part.order);
    let (mut wanted, mut shares) = (points, Vec::<(MemberId, Points)>::new());
    for part in sorted {
        let taken = part.points.min(wanted);
        if !taken.is_positive() {
            continue;
        }
        wanted = wanted.minus(taken)?;
        match shares.iter_mut().find(|(member, _)| *member == part.member) {
            Some((_, share)) => *share = share.plus(taken)?,
            None => shares.push((part.member, taken)),
        }
    }
    Ok((points.is_positive() && wanted == Points::ZERO).then_some(shares))
}

impl Ledger {
    /// What this member could pay towards a redemption of their pool.
    #[must_use]
    pub fn pool_parts(&self) -> Vec<PoolPart> {
        self.parts(&self.spendable())
    }

    /// What this member has set aside for a redemption of their pool; nothing where they hold nothing for it.
    #[must_use]
    pub fn held_parts(&self, redemption: RedemptionId) -> Vec<PoolPart> {
        self.hold_of(redemption).map(|hold| self.parts(&hold.allocations)).unwrap_or_default()
    }

    fn parts(&self, shares: &[(LotId, Points)]) -> Vec<PoolPart> {
        let member = self.member();
        let order = |lot: &Lot| lot.spending_order();
        shares.iter().filter_map(|(id, points)| Some(PoolPart { member, order: order(self.lot(*id)?), points: *points })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DecisionId, PartnerId, PluginId, TransactionId};
    use crate::ledger::{Balances, HoldRequest};
    use crate::lot::NewLot;
    use crate::testing::seeded;
    use proptest::prelude::*;
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn lot(points: i64, expires: i64) -> NewLot {
        NewLot {
            issuer: PartnerId(Uuid::nil()),
            points: Points(points),
            available_at: None,
            action: None,
            expires_at: Some(Instant(expires)),
            earned_at: Instant(0),
            price: 900,
            award_key: "base".to_owned(),
            plugin: PluginId(Uuid::nil()),
            decision: DecisionId(Uuid::nil()),
            transaction: TransactionId(Uuid::nil()),
            sliding: None,
            campaign: None,
            decided_by: None,
            reason: String::new(),
        }
    }

    fn member(number: usize) -> MemberId {
        MemberId(Uuid::from_u128(u128::try_from(number).unwrap()))
    }

    fn empty(number: usize) -> Ledger {
        Ledger::whole(member(number), Balances::default(), Vec::new(), Vec::new())
    }

    proptest! {
        #![proptest_config(seeded(256))]

        /// A pool spends as one member would who had all its lots, on a capture in part as well.
        #[test]
        fn a_pool_spends_as_one(lots in proptest::collection::vec((0_usize..3, 1_i64..100, 10_i64..30), 1..20), percent in 1_i64..=110, kept in 1_i64..=100) {
            let next = Cell::new(0_u128);
            let id = || { next.set(next.get() + 1); Uuid::from_u128(next.get()) };
            let (mut ledgers, mut one) = ((0..3).map(empty).collect::<Vec<_>>(), empty(9));
            let mut owners = BTreeMap::new();
            for (owner, points, expires) in &lots {
                ledgers[*owner].award(lot(*points, *expires), Instant(0), &id).unwrap();
                // Ids grow alike in both, so that ties fall alike.
                owners.insert(one.award(lot(*points, *expires), Instant(0), &id).unwrap(), member(*owner));
            }
            let whole: i64 = lots.iter().map(|(_, points, _)| points).sum();
            let points = Points((whole * percent / 100).max(1));
            let (redemption, partner, decision) = (RedemptionId(id()), PartnerId(Uuid::nil()), DecisionId(Uuid::nil()));
            let request = |points| HoldRequest { redemption, partner, points, until: Instant(9), decision };
            let parts: Vec<PoolPart> = ledgers.iter().flat_map(Ledger::pool_parts).collect();
            let shares = split_pool(&parts, points).unwrap();
            prop_assert_eq!(shares.is_some(), one.hold(&request(points), Instant(1), &id).is_ok());
            let Some(shares) = shares else { return Ok(()) };
            let of = |shares: &[(LotId, Points)]| {
                let mut sums: BTreeMap<MemberId, i64> = BTreeMap::new();
                shares.iter().for_each(|(lot, points)| *sums.entry(owners[lot]).or_default() += points.0);
                sums
            };
            let hold = one.hold_of(redemption).unwrap();
            let told = |shares: &[(MemberId, Points)]| shares.iter().map(|(member, points)| (*member, points.0)).collect::<BTreeMap<_, _>>();
            prop_assert_eq!(told(&shares), of(&hold.allocations));
            for (payer, share) in &shares {
                let ledger = ledgers.iter_mut().find(|ledger| ledger.member() == *payer).unwrap();
                ledger.hold(&request(*share), Instant(1), &id).unwrap();
            }
            let spent = Points((points.0 * kept / 100).max(1));
            let held: Vec<PoolPart> = ledgers.iter().flat_map(|ledger| ledger.held_parts(redemption)).collect();
            prop_assert_eq!(told(&split_pool(&held, spent).unwrap().unwrap()), of(&hold.split(spent).unwrap().0));
        }
    }

    #[test]
    fn nothing_is_not_split() {
        assert_eq!(split_pool(&[], Points(0)), Ok(None));
        assert_eq!(split_pool(&[], Points(1)), Ok(None));
    }
}
