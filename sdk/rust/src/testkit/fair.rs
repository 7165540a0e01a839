//! What terms promise of every basket, tried on many: that nobody gains by splitting one, and nobody loses by buying more.

use super::{Basket, Till};
use crate::{Chance, Points, Program};

/// Baskets that are tried.
const BASKETS: u64 = 200;

/// Panics when a basket earns more points bought in two parts than at once. The goods are of `categories`, the baskets follow from fixed seeds; `prepare` sets
/// the member and the clock of each till.
pub fn splitting_never_earns_more<P: Program>(config: &str, categories: &[&str], prepare: impl Fn(&mut Till<P>)) {
    for seed in 0..BASKETS {
        let mut chance = Chance::from_seed(seed);
        let goods = goods(&mut chance, categories);
        let (one, two): (Vec<_>, Vec<_>) = goods.iter().copied().partition(|_| draw(&mut chance, 2) == 0);
        let whole = earned(config, &prepare, &[&goods]);
        let parts = earned(config, &prepare, &[&one, &two]);
        assert!(parts <= whole, "{goods:?} earns {whole} points, {parts} bought as {one:?} and {two:?}");
    }
}

/// Panics when a basket earns fewer points with a line more, or with a dearer line.
pub fn more_never_earns_less<P: Program>(config: &str, categories: &[&str], prepare: impl Fn(&mut Till<P>)) {
    for seed in 0..BASKETS {
        let mut chance = Chance::from_seed(seed);
        let goods = goods(&mut chance, categories);
        let less = earned(config, &prepare, &[&goods]);
        let mut longer = goods.clone();
        longer.extend(self::goods(&mut chance, categories));
        let mut dearer = goods.clone();
        for (_, amount) in &mut dearer {
            *amount += draw(&mut chance, 500);
        }
        for more in [longer, dearer] {
            let earned = earned(config, &prepare, &[&more]);
            assert!(less <= earned, "{goods:?} earns {less} points, {more:?} only {earned}");
        }
    }
}

type Good<'c> = (&'c str, i64);

fn goods<'c>(chance: &mut Chance, categories: &[&'c str]) -> Vec<Good<'c>> {
    let lines = 1 + draw(chance, 7);
    let count = i64::try_from(categories.len()).unwrap_or(i64::MAX);
    let good = |_| {
        let category = usize::try_from(draw(chance, count)).ok().and_then(|index| categories.get(index)).copied().unwrap_or_default();
        // Cents and hundreds: what rounding is about, and what minimums are about.
        let amount = if draw(chance, 2) == 0 { 1 + draw(chance, 250) } else { 1 + draw(chance, 30_000) };
        (category, amount)
    };
    (0..lines).map(good).collect()
}

fn draw(chance: &mut Chance, bound: i64) -> i64 {
    let drawn = u64::try_from(bound).ok().and_then(|bound| chance.below(bound).ok());
    drawn.and_then(|drawn| i64::try_from(drawn).ok()).unwrap_or(0)
}

fn earned<P: Program>(config: &str, prepare: &impl Fn(&mut Till<P>), baskets: &[&[Good<'_>]]) -> Points {
    let mut till = Till::<P>::new(config);
    prepare(&mut till);
    for goods in baskets.iter().filter(|goods| !goods.is_empty()) {
        till.buy(goods.iter().fold(Basket::usd(), |basket, (category, amount)| basket.line(category, *amount)));
    }
    till.points()
}
