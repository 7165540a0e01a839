//! What a merchant can change. As it comes: points for two causes, matched by half, a tree for 250 points, rounding up to the full dollar, half as many points again
//! on organic goods, five points for one's own bag, and twenty for clothes that are brought.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, Priced, RewardKind, Selection, settings,
    settings::{Id, Problems, Words},
};

/// The reward that rounds a purchase up.
pub const ROUND_UP: &str = "round-up";

settings! {
    /// Donations, and points for what is kinder to the planet.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that earn nothing.
        pub excluded: Excluded = Excluded::usual(),
        /// What so many points are worth to a cause, in minor units.
        pub rate: Exchange = Exchange::new(1, 1),
        /// What the merchant adds to each donation, in hundredths of a percent of it: 5000 is half as much again.
        #[within(0, 100_000)]
        pub match_bp: BasisPoints = BasisPoints::percent(50),
        /// Causes that any amount can be given to.
        #[within(0, 20)]
        pub causes: Vec<Cause> = vec![food(), forest()],
        /// Donations with a price of their own, such as a tree.
        #[within(0, 20)]
        pub gifts: Vec<Priced> = vec![tree()],
        /// Rounding up at the till; null: not here.
        pub round_up: Option<RoundUp> = Some(RoundUp { cause: FOOD, unit: 100 }),
        /// More points on some goods; null: none.
        pub eco: Option<Eco> = Some(organic()),
        /// Points for one's own bag or cup, once a day; the till says so by the attribute x-own-bag. 0: none.
        #[within(0, 10_000)]
        pub own_bag_points: i64 = 5,
        /// Points for things that are brought, such as old clothes; null: none.
        pub brought: Option<Brought> = Some(Brought { points: 20, a_month: 2 }),
    }

    /// A cause.
    pub struct Cause {
        /// Its own among the rewards.
        pub id: Id,
        /// What members read.
        #[within(1, 120)]
        pub title: Words,
        /// At least so many points at a time.
        #[within(1, MOST)]
        pub minimum_points: i64 = 10,
    }

    /// Rounding a purchase up.
    pub struct RoundUp {
        /// To which cause.
        pub cause: Id,
        /// To the next multiple of so many minor units.
        #[within(2, 100_000)]
        pub unit: i64 = 100,
    }

    /// Goods that earn more.
    pub struct Eco {
        /// What members read of them.
        #[within(1, 120)]
        pub title: Words,
        /// Which; and any line that the till marks by the attribute x-eco.
        pub goods: Selection,
        /// How much they earn in hundredths of a percent: 15000 is half as much again.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints = BasisPoints::percent(150),
    }

    /// Things that are brought: an activity of the kind donation.
    pub struct Brought {
        /// Points each time.
        #[within(1, 1_000_000)]
        pub points: i64 = 20,
        /// At most so often a month.
        #[within(1, 100)]
        pub a_month: i64 = 2,
    }
}

const FOOD: Id = Id::of("food-bank");

fn food() -> Cause {
    let title = Words::own(&[
        ("en", "The food bank"),
        ("ro", "Banca de alimente"),
        ("mk", "Банката за храна"),
        ("pl", "Bank żywności"),
        ("ru", "Продовольственный фонд"),
    ]);
    Cause { id: FOOD, title, minimum_points: 10 }
}

fn forest() -> Cause {
    const ID: Id = Id::of("forest");
    let title = Words::own(&[
        ("en", "The town forest"),
        ("ro", "Pădurea orașului"),
        ("mk", "Градската шума"),
        ("pl", "Las miejski"),
        ("ru", "Городской лес"),
    ]);
    Cause { id: ID, title, minimum_points: 10 }
}

fn tree() -> Priced {
    const ID: Id = Id::of("tree");
    Priced {
        id: ID,
        title: Words::own(&[
            ("en", "A tree is planted"),
            ("ro", "Se plantează un copac"),
            ("mk", "Се сади дрво"),
            ("pl", "Sadzimy drzewo"),
            ("ru", "Посадим дерево"),
        ]),
        kind: RewardKind::Donation,
        points: 250,
        value: 300,
        stock: None,
        per_member: None,
    }
}

fn organic() -> Eco {
    Eco {
        title: Words::own(&[
            ("en", "organic goods"),
            ("ro", "produse ecologice"),
            ("mk", "органски производи"),
            ("pl", "produkty ekologiczne"),
            ("ru", "органические продукты"),
        ]),
        goods: Selection::of_categories(&["ORGANIC*"]),
        multiplier_bp: BasisPoints::percent(150),
    }
}

impl Config {
    /// The cause of this id.
    pub(crate) fn cause(&self, id: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| *cause.id == *id)
    }

    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let ids: Vec<&Id> = self.causes.iter().map(|it| &it.id).chain(self.gifts.iter().map(|it| &it.id)).collect();
        let unique = |id: &Id| &**id != ROUND_UP && ids.iter().filter(|known| **known == id).count() == 1;
        for (index, cause) in self.causes.iter().enumerate() {
            problems.unless(unique(&cause.id), format!("/causes/{index}/id"), "used by another reward");
        }
        for (index, gift) in self.gifts.iter().enumerate() {
            problems.unless(unique(&gift.id), format!("/gifts/{index}/id"), "used by another reward");
            problems.unless(gift.kind == RewardKind::Donation, format!("/gifts/{index}/kind"), "donation");
        }
        if let Some(round_up) = &self.round_up {
            problems.unless(self.cause(&round_up.cause).is_some(), "/round_up/cause", "not one of the causes");
        }
    }
}
