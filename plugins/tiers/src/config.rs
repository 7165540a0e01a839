//! What a merchant can change. As it comes: bronze, 5 % off, from 100; silver, 10 % and a quarter more points, from 500; gold, 15 %, half as many points again
//! and an evening of its own, from 1 000.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, Window, settings,
    settings::{Id, Problems, Words},
};

/// The id of the reward "members' discount".
pub const DISCOUNT: &str = "member-discount";

settings! {
    /// Tiers by what is spent in a calendar year.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns, tier or none: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that neither earn points nor count for a tier.
        pub excluded: Excluded = Excluded::usual(),
        /// The tiers, lowest first.
        #[within(1, 8)]
        pub tiers: Vec<Tier> = standard_tiers(),
        /// What only members of a tier can get for points.
        #[within(0, 20)]
        pub exclusives: Vec<Exclusive> = vec![evening()],
    }

    /// A tier.
    pub struct Tier {
        /// Its own among the tiers.
        pub id: Id,
        /// What members read, such as "Gold".
        #[within(1, 40)]
        pub title: Words,
        /// Spend in a calendar year that reaches it, in minor units. It is kept until the end of the next year.
        #[within(1, MOST)]
        pub from: i64,
        /// Its discount at the till in hundredths of a percent: 500 is 5 %.
        #[within(0, 10_000)]
        pub discount_bp: BasisPoints = BasisPoints::ZERO,
        /// Points on top of what a purchase earns, in hundredths of a percent: 5000 is half as many again.
        #[within(0, 100_000)]
        pub bonus_bp: BasisPoints = BasisPoints::ZERO,
        /// Points for reaching it, once a year; 0: none.
        #[within(0, 1_000_000)]
        pub welcome_points: u32 = 0,
    }

    /// Something that only members of a tier, or of a higher one, can get for points.
    pub struct Exclusive {
        /// Its own among the rewards.
        pub id: Id,
        /// What members read.
        #[within(1, 120)]
        pub title: Words,
        /// The lowest tier that can get it.
        pub tier: Id,
        /// Its price in points.
        #[within(1, MOST)]
        pub points: i64,
        /// Its worth in minor units.
        #[within(0, MOST)]
        pub value: i64,
        /// How many there are, ever; null: without end.
        pub stock: Option<u64> = None,
        /// How many a member can have in a calendar year; null: as many as they like.
        #[within(1, 1_000)]
        pub per_year: Option<u32> = None,
    }
}

fn standard_tiers() -> Vec<Tier> {
    const BRONZE: Id = Id::of("bronze");
    const SILVER: Id = Id::of("silver");
    let tier = |id: Id, title: Words, from, discount, bonus, welcome_points| Tier {
        id,
        title,
        from,
        discount_bp: BasisPoints::percent(discount),
        bonus_bp: BasisPoints::percent(bonus),
        welcome_points,
    };
    vec![
        tier(BRONZE, Words::own(&BRONZE_TITLE), 10_000, 5, 0, 0),
        tier(SILVER, Words::own(&SILVER_TITLE), 50_000, 10, 25, 50),
        tier(GOLD, Words::own(&GOLD_TITLE), 100_000, 15, 50, 150),
    ]
}

const GOLD: Id = Id::of("gold");

const BRONZE_TITLE: [(&str, &str); 5] = [("en", "Bronze"), ("ro", "Bronz"), ("mk", "Бронза"), ("pl", "Brąz"), ("ru", "Бронза")];
const SILVER_TITLE: [(&str, &str); 5] = [("en", "Silver"), ("ro", "Argint"), ("mk", "Сребро"), ("pl", "Srebro"), ("ru", "Серебро")];
const GOLD_TITLE: [(&str, &str); 5] = [("en", "Gold"), ("ro", "Aur"), ("mk", "Злато"), ("pl", "Złoto"), ("ru", "Золото")];
const EVENING_TITLE: [(&str, &str); 5] = [
    ("en", "An evening of tasting, for gold members"),
    ("ro", "O seară de degustare, pentru nivelul Aur"),
    ("mk", "Вечер на дегустација, за ниво Злато"),
    ("pl", "Wieczór degustacji dla poziomu Złoto"),
    ("ru", "Вечер дегустации для уровня «Золото»"),
];

fn evening() -> Exclusive {
    const EVENING: Id = Id::of("gold-evening");
    Exclusive { id: EVENING, title: Words::own(&EVENING_TITLE), tier: GOLD, points: 300, value: 2_500, stock: Some(40), per_year: Some(2) }
}

impl Tier {
    /// The key of what is said about it.
    pub(crate) fn says(&self, what: &str) -> String {
        format!("{what}:{}", self.id)
    }
}

impl Exclusive {
    /// Its limit in the manifest.
    pub(crate) fn limit(&self) -> Option<(i64, Window)> {
        self.per_year.map(|max| (max.into(), Window::Year))
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let mut before = 0;
        for (index, tier) in self.tiers.iter().enumerate() {
            let same = |other: &Tier| other.id == tier.id;
            problems.unless(self.tiers.iter().position(same) == Some(index), format!("/tiers/{index}/id"), "used by another tier");
            problems.unless(tier.from > before, format!("/tiers/{index}/from"), "more than the tier before");
            before = tier.from;
        }
        for (index, exclusive) in self.exclusives.iter().enumerate() {
            let same = |other: &Exclusive| other.id == exclusive.id;
            let unique = self.exclusives.iter().position(same) == Some(index);
            problems.unless(unique && &*exclusive.id != DISCOUNT, format!("/exclusives/{index}/id"), "used by another reward");
            problems.unless(
                self.tiers.iter().any(|tier| tier.id == exclusive.tier),
                format!("/exclusives/{index}/tier"),
                "not one of the tiers",
            );
        }
    }
}
