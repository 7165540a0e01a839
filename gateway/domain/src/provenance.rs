//! Where spent points came from: for each, who issued it, at which price, by which decision.

use std::collections::BTreeMap;

use crate::ids::{DecisionId, LotId, PartnerId, PluginId, TransactionId};
use crate::lot::Lot;
use crate::points::{Overflow, Points};

/// A lot's part in what was spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The lot that paid.
    pub lot: LotId,
    /// How many points of it.
    pub points: Points,
    /// Who issued, and owes, them.
    pub issuer: PartnerId,
    /// Price of issue: minor units of the base currency per 1 000 points.
    pub price: i64,
    /// The version that awarded them.
    pub plugin: PluginId,
    /// The decision that awarded them.
    pub decision: DecisionId,
    /// What was bought for them; of points that the operator gave, the adjustment.
    pub transaction: TransactionId,
}

/// Tells of each share of a capture, in its order, where its points came from. `lot` finds a lot by its id.
///
/// # Errors
/// The first lot that is not found.
pub fn provenance<'a>(shares: &[(LotId, Points)], lot: impl Fn(LotId) -> Option<&'a Lot>) -> Result<Vec<Source>, LotId> {
    let source = |(id, points): &(LotId, Points)| {
        let lot = lot(*id).ok_or(*id)?;
        Ok(Source {
            lot: *id,
            points: *points,
            issuer: lot.issuer,
            price: lot.price,
            plugin: lot.plugin,
            decision: lot.decision,
            transaction: TransactionId(lot.transaction),
        })
    };
    shares.iter().map(source).collect()
}

/// Points by issuer and price, as money is reckoned from them: each sum is rounded once.
///
/// # Errors
/// [`Overflow`] beyond 64 bits.
pub fn by_issuer_and_price<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Result<BTreeMap<(PartnerId, i64), Points>, Overflow> {
    let mut sums = BTreeMap::new();
    for source in sources {
        let sum: &mut Points = sums.entry((source.issuer, source.price)).or_default();
        *sum = sum.plus(source.points)?;
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Instant;
    use crate::lot::NewLot;
    use uuid::Uuid;

    fn lot(number: u128, issuer: u128, price: i64) -> Lot {
        let award = NewLot {
            issuer: PartnerId(Uuid::from_u128(issuer)),
            points: Points(10),
            available_at: None,
            action: None,
            expires_at: None,
            earned_at: Instant(0),
            price,
            award_key: "base".to_owned(),
            plugin: PluginId(Uuid::nil()),
            decision: DecisionId(Uuid::from_u128(number)),
            transaction: TransactionId(Uuid::from_u128(number)),
            sliding: None,
            campaign: None,
            decided_by: None,
            reason: String::new(),
        };
        Lot::born(LotId(Uuid::from_u128(number)), &award, false)
    }

    #[test]
    fn every_point_has_an_issuer_and_a_price() {
        let lots = [lot(1, 7, 900), lot(2, 8, 900), lot(3, 7, 800), lot(4, 7, 900)];
        let find = |id| lots.iter().find(|lot| lot.id == id);
        let shares: Vec<_> = lots.iter().zip(1..).map(|(lot, points)| (lot.id, Points(points))).collect();
        let sources = provenance(&shares, find).unwrap();
        assert_eq!(sources.iter().map(|source| (source.lot, source.points)).collect::<Vec<_>>(), shares);
        assert_eq!(sources[2].decision, DecisionId(Uuid::from_u128(3)));
        let partner = |number| PartnerId(Uuid::from_u128(number));
        let sums = by_issuer_and_price(&sources).unwrap();
        assert_eq!(sums, BTreeMap::from([((partner(7), 900), Points(5)), ((partner(7), 800), Points(3)), ((partner(8), 900), Points(2))]));
        let unknown = LotId(Uuid::from_u128(9));
        assert_eq!(provenance(&[(unknown, Points(1))], find), Err(unknown));
    }
}
