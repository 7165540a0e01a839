//! What a merchant can change. As it comes: ten percent of what was bought at full price in a year, paid when the year ends, and ten percent off our own brand.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, MemberPrice, Pay, Selection, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// A co-operative's dividend.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What of a year's purchases comes back, in hundredths of a percent; null where a surplus is shared.
        #[within(1, 10_000)]
        pub rate_bp: Option<BasisPoints> = Some(BasisPoints::percent(10)),
        /// What all members share by what each has bought, in minor units; null where there is a rate.
        #[within(1, MOST)]
        pub surplus: Option<i64> = None,
        /// So many points for so many minor units of dividend.
        pub worth: Exchange = Exchange::new(1, 1),
        /// A dividend of fewer points is not paid.
        #[within(1, MOST)]
        pub least_points: i64 = 1,
        /// The dividend lapses so many months later; null: as the coalition has it.
        #[within(1, 120)]
        pub expires_after_months: Option<u32> = Some(24),
        /// Goods that don't count.
        pub excluded: Excluded = Excluded::usual(),
        /// Whether only what is sold at full price counts: lines that the till marks as a promotion then don't.
        pub full_price_only: bool = true,
        /// Articles that make a member of the co-op, once for all; null: everybody is one.
        pub membership: Option<Selection> = None,
        /// Goods that cost members less, at the till.
        #[within(0, 20)]
        pub member_prices: Vec<MemberPrice> = vec![own_brand()],
        /// Paying with the dividend at the till; null: not here.
        pub pay: Option<Pay> = Some(Pay { rate: Exchange::new(1, 1), minimum_points: 0 }),
    }
}

fn own_brand() -> MemberPrice {
    const OWN: Id = Id::of("own-brand");
    const TITLE: Words = Words::own(&[
        ("en", "Our own brand"),
        ("ro", "Marca noastră"),
        ("mk", "Нашата марка"),
        ("pl", "Nasza marka"),
        ("ru", "Наша марка"),
    ]);
    let goods = Selection::of_categories(&["OWN BRAND*", "PRIVATE LABEL*"]);
    MemberPrice { id: OWN, title: TITLE, goods, discount_bp: BasisPoints::percent(10) }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        problems.unless(self.rate_bp.is_some() != self.surplus.is_some(), "/surplus", "either a rate or a surplus, and the other null");
        if let Some(membership) = &self.membership {
            problems.unless(!membership.is_empty(), "/membership", "name the article that makes a member, or null");
        }
        for (index, price) in self.member_prices.iter().enumerate() {
            let same = |other: &MemberPrice| other.id == price.id;
            let unique = self.member_prices.iter().position(same) == Some(index);
            problems.unless(unique, format!("/member_prices/{index}/id"), "used by another member price");
            problems.unless(!price.goods.is_empty(), format!("/member_prices/{index}/goods"), "name at least one category or article");
        }
    }
}
