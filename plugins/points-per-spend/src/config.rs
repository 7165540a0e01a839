//! What a merchant can change, with defaults that make a working program: one point a dollar, nothing for what the law or the till excludes, points that pay
//! at the till, and five dollars off for 500 of them.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, Pay, PerMember, Selection, Window, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// Points for every unit of money spent.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What a purchase earns: so many points for so many minor units. A begun unit earns nothing.
        pub earn: Exchange = Exchange::new(1, 100),
        /// A purchase below this many minor units earns nothing.
        #[within(0, MOST)]
        pub minimum_basket: i64 = 0,
        /// Goods that earn nothing.
        pub excluded: Excluded = Excluded::usual(),
        /// Goods that earn more. Where several fit, a line has the best of them.
        #[within(0, 20)]
        pub bonuses: Vec<Bonus> = Vec::new(),
        /// Points can be spent so many days after the purchase, such as when goods can no longer be returned; 0: at once.
        #[within(0, 365)]
        pub pending_days: u32 = 0,
        /// Points lapse so many months after the purchase; null: as the coalition has it.
        #[within(1, 120)]
        pub expires_after_months: Option<u32> = None,
        /// Paying with points at the till; null: not here.
        pub pay: Option<Pay> = Some(Pay { rate: Exchange::new(1, 1), minimum_points: 100 }),
        /// Money off the next purchase, for points.
        #[within(0, 20)]
        pub vouchers: Vec<MoneyOff> = vec![five_off()],
    }

    /// Goods that earn more.
    pub struct Bonus {
        /// Its own among the bonuses; members' statements keep to it.
        pub id: Id,
        /// What members read, such as "Fresh fruit week".
        #[within(1, 80)]
        pub title: Words,
        /// Which goods.
        pub goods: Selection,
        /// How much they earn in hundredths of a percent: 20000 is double, 15000 half as much again.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints,
    }

    /// Money off the next purchase.
    pub struct MoneyOff {
        /// Its own among the rewards.
        pub id: Id,
        /// Its price in points.
        #[within(1, MOST)]
        pub points: i64,
        /// Its worth in minor units.
        #[within(1, MOST)]
        pub value: i64,
        /// How many there are, ever; null: without end.
        pub stock: Option<u64> = None,
        /// How many a member can have; null: as many as they like.
        pub per_member: Option<PerMember> = None,
    }
}

impl Bonus {
    /// The key of its awards, and of its title.
    pub(crate) fn key(&self) -> String {
        format!("bonus:{}", self.id)
    }
}

fn five_off() -> MoneyOff {
    MoneyOff { id: Id::of("five-off"), points: 500, value: 500, stock: None, per_member: Some(PerMember { max: 4, window: Window::Month }) }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (index, bonus) in self.bonuses.iter().enumerate() {
            let same = |other: &Bonus| other.id == bonus.id;
            problems.unless(self.bonuses.iter().position(same) == Some(index), format!("/bonuses/{index}/id"), "used by another bonus");
            problems.unless(!bonus.goods.is_empty(), format!("/bonuses/{index}/goods"), "name at least one category or article");
        }
        for (index, voucher) in self.vouchers.iter().enumerate() {
            let same = |other: &MoneyOff| other.id == voucher.id;
            let unique = self.vouchers.iter().position(same) == Some(index);
            problems.unless(unique && &*voucher.id != Pay::ID, format!("/vouchers/{index}/id"), "used by another reward");
        }
    }
}
