//! What a merchant can change. As it comes: a point for two dollars, double within three days of groceries for twenty dollars at Freshmart, a car wash for points, and
//! paying with points at the pump.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, Pay, PerMember, Priced, RewardKind, Selection, Window, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// A filling station that rewards groceries at a partner.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 200),
        /// Goods that earn nothing.
        pub excluded: Excluded = Excluded::usual(),
        /// What is earned after a purchase at these partners.
        pub after: After = standard(),
        /// Paying with points at the pump; null: not here.
        pub pay: Option<Pay> = Some(Pay { rate: Exchange::new(1, 1), minimum_points: 100 }),
        /// What members can get for points.
        #[within(0, 20)]
        pub services: Vec<Priced> = vec![wash()],
    }

    /// More points after a purchase elsewhere.
    pub struct After {
        /// The partners, by their names in the coalition.
        #[within(1, 20)]
        pub partners: Vec<Id> = vec![FRESHMART],
        /// What members read of them.
        #[within(1, 120)]
        pub title: Words = GROCERIES,
        /// A purchase there counts from so many minor units on.
        #[within(0, MOST)]
        pub minimum: i64 = 2_000,
        /// On the day itself and so many days after it.
        #[within(0, 24)]
        pub days: u32 = 3,
        /// What earns more here; null: all that earns.
        pub goods: Option<Selection> = None,
        /// How much it earns in hundredths of a percent: 20000 is double.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints = BasisPoints::percent(200),
        /// The most that it can give a member on top in a month; null: as much as it comes to.
        #[within(1, MOST)]
        pub extra_max: Option<i64> = Some(500),
        /// The campaign of the coalition that pays for it, with the shares that both partners agreed on; null: this merchant alone.
        pub paid_by: Option<Id> = None,
    }
}

const FRESHMART: Id = Id::of("freshmart");

const GROCERIES: Words = Words::own(&[
    ("en", "groceries at Freshmart"),
    ("ro", "cumpărături la Freshmart"),
    ("mk", "купување во Freshmart"),
    ("pl", "zakupy we Freshmart"),
    ("ru", "покупки во Freshmart"),
]);

fn standard() -> After {
    After {
        partners: vec![FRESHMART],
        title: GROCERIES,
        minimum: 2_000,
        days: 3,
        goods: None,
        multiplier_bp: BasisPoints::percent(200),
        extra_max: Some(500),
        paid_by: None,
    }
}

fn wash() -> Priced {
    const ID: Id = Id::of("car-wash");
    Priced {
        id: ID,
        title: Words::own(&[
            ("en", "A car wash"),
            ("ro", "O spălătorie auto"),
            ("mk", "Перење автомобил"),
            ("pl", "Mycie samochodu"),
            ("ru", "Мойка автомобиля"),
        ]),
        kind: RewardKind::Service,
        points: 600,
        value: 900,
        stock: None,
        per_member: Some(PerMember { max: 4, window: Window::Month }),
    }
}

impl After {
    /// Whether it is one of the partners.
    pub(crate) fn counts_at(&self, partner: &str) -> bool {
        self.partners.iter().any(|known| **known == *partner)
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let goods = self.after.goods.as_ref().is_none_or(|goods| !goods.is_empty());
        problems.unless(goods, "/after/goods", "name at least one category or article; null means all");
        for (index, service) in self.services.iter().enumerate() {
            let same = |other: &Priced| other.id == service.id;
            let unique = self.services.iter().position(same) == Some(index);
            let free = unique && &*service.id != Pay::ID && &*service.id != crate::AFTER;
            problems.unless(free, format!("/services/{index}/id"), "used by another reward");
        }
    }
}
