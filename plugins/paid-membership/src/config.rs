//! What a merchant can change. As it comes: 139 dollars a year for free delivery, double points, ten percent off our own brand, and sales half an hour early.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, MemberPrice, Selection, settings,
    settings::{Id, Problems, Words},
};

/// The id of the reward "the membership itself".
pub const MEMBERSHIP: &str = "membership";
/// The id of the reward "free delivery".
pub const DELIVERY: &str = "free-delivery";
/// The id of the reward "sales before everybody else".
pub const EARLY: &str = "early-access";

settings! {
    /// A membership that is paid for.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// The membership.
        pub plan: Plan = yearly(),
        /// What every purchase earns, membership or none: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// What members earn of that, in hundredths of a percent: 20000 is double.
        #[within(10_000, 1_000_000)]
        pub member_rate_bp: BasisPoints = BasisPoints::percent(200),
        /// Goods that earn nothing; the fee itself never does.
        pub excluded: Excluded = Excluded::usual(),
        /// Points for joining, once ever; 0: none.
        #[within(0, 1_000_000)]
        pub welcome_points: u32 = 0,
        /// Delivery for nothing; null: no.
        pub delivery: Option<Delivery> = Some(Delivery { minimum: 0, times: None }),
        /// Goods that cost members less, at the till.
        #[within(0, 20)]
        pub member_prices: Vec<MemberPrice> = vec![own_brand()],
        /// How many minutes members can buy at a sale before everybody else; null: not.
        #[within(1, 100_000)]
        pub early_minutes: Option<u32> = Some(30),
    }

    /// What is paid, and for how long.
    pub struct Plan {
        /// Its name among the tiers.
        pub id: Id,
        /// What members read, such as "Plus".
        #[within(1, 40)]
        pub title: Words,
        /// Articles whose purchase is the fee.
        pub goods: Selection,
        /// The fee in minor units, as the terms say it and an unused part is worked out by; the till charges what it charges.
        #[within(0, MOST)]
        pub fee: i64,
        /// How many calendar months it pays for.
        #[within(1, 120)]
        pub months: u32 = 12,
        /// For how many days after the end all stays as it was, and a renewal goes on from the old end.
        #[within(0, 365)]
        pub grace_days: u32 = 14,
    }

    /// Delivery for nothing.
    pub struct Delivery {
        /// From a basket of so many minor units on.
        #[within(0, MOST)]
        pub minimum: i64 = 0,
        /// How often for each fee; null: as often as they like.
        #[within(1, 24)]
        pub times: Option<u32> = None,
    }
}

fn yearly() -> Plan {
    const PLUS: Id = Id::of("plus");
    const TITLE: Words = Words::own(&[("en", "Plus"), ("ro", "Plus"), ("mk", "Плус"), ("pl", "Plus"), ("ru", "Плюс")]);
    let goods = Selection { categories: Vec::new(), skus: vec!["MEMBERSHIP-PLUS".to_owned()] };
    Plan { id: PLUS, title: TITLE, goods, fee: 13_900, months: 12, grace_days: 14 }
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
        problems.unless(!self.plan.goods.is_empty(), "/plan/goods", "name the article that is the fee");
        for (index, price) in self.member_prices.iter().enumerate() {
            let same = |other: &MemberPrice| other.id == price.id;
            let unique = self.member_prices.iter().position(same) == Some(index);
            problems.unless(unique, format!("/member_prices/{index}/id"), "used by another member price");
            problems.unless(!price.goods.is_empty(), format!("/member_prices/{index}/goods"), "name at least one category or article");
        }
    }
}
