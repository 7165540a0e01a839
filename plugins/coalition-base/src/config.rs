//! What an operator can change. As it comes: a point for two dollars at every brand, a tenth more from silver and a fifth from gold on, a welcome with the first purchase,
//! thanks for each year and to whoever enrolled a member who bought, and an evening for gold members.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, PerMember, Priced, RewardKind, Window, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// What the coalition gives at every brand.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase at every brand earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 200),
        /// Goods that neither earn nor count for a tier.
        pub excluded: Excluded = Excluded::usual(),
        /// The coalition's tiers, lowest first.
        #[within(0, 8)]
        pub tiers: Vec<Tier> = standard_tiers(),
        /// Points with the first purchase in the coalition; 0: none.
        #[within(0, 1_000_000)]
        pub welcome_points: i64 = 20,
        /// Points for each year as a member; 0: none.
        #[within(0, 1_000_000)]
        pub yearly_points: i64 = 50,
        /// Thanks to staff who enrolled a member; null: none.
        pub staff: Option<Staff> = Some(Staff { points: 50, minimum: 1_000, a_month: 20 }),
        /// What only members of a tier, or of a higher one, can get for points.
        #[within(0, 20)]
        pub exclusives: Vec<Exclusive> = vec![evening()],
    }

    /// A tier of the coalition.
    pub struct Tier {
        /// Its own among the tiers.
        pub id: Id,
        /// What members read, such as "Gold".
        #[within(1, 40)]
        pub title: Words,
        /// Spend at all brands in a calendar year that reaches it, in minor units. It is kept until the end of the next year.
        #[within(1, MOST)]
        pub from: i64,
        /// Points on top of what a purchase earns, in hundredths of a percent.
        #[within(0, 100_000)]
        pub bonus_bp: BasisPoints = BasisPoints::ZERO,
    }

    /// Thanks to whoever enrolled a member, once that member buys.
    pub struct Staff {
        /// Points for each.
        #[within(1, 1_000_000)]
        pub points: i64 = 50,
        /// The member's purchase is of at least so many minor units.
        #[within(1, MOST)]
        pub minimum: i64 = 1_000,
        /// At most so many a month.
        #[within(1, 10_000)]
        pub a_month: i64 = 20,
    }

    /// Something for members of a tier, or of a higher one.
    pub struct Exclusive {
        /// The lowest tier that can get it.
        pub tier: Id,
        /// What it is, and its price.
        pub reward: Priced,
    }
}

const GOLD: Id = Id::of("gold");

fn standard_tiers() -> Vec<Tier> {
    const SILVER: Id = Id::of("silver");
    let silver = Words::own(&[("en", "Silver"), ("ro", "Argint"), ("mk", "Сребрен"), ("pl", "Srebrny"), ("ru", "Серебряный")]);
    let gold = Words::own(&[("en", "Gold"), ("ro", "Aur"), ("mk", "Златен"), ("pl", "Złoty"), ("ru", "Золотой")]);
    vec![
        Tier { id: SILVER, title: silver, from: 100_000, bonus_bp: BasisPoints::percent(10) },
        Tier { id: GOLD, title: gold, from: 300_000, bonus_bp: BasisPoints::percent(20) },
    ]
}

fn evening() -> Exclusive {
    const ID: Id = Id::of("members-evening");
    Exclusive {
        tier: GOLD,
        reward: Priced {
            id: ID,
            title: Words::own(&[
                ("en", "The members' evening"),
                ("ro", "Seara membrilor"),
                ("mk", "Вечерта на членовите"),
                ("pl", "Wieczór członków"),
                ("ru", "Вечер участников"),
            ]),
            kind: RewardKind::Event,
            points: 400,
            value: 3_000,
            stock: Some(120),
            per_member: Some(PerMember { max: 2, window: Window::Year }),
        },
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
        for (index, it) in self.exclusives.iter().enumerate() {
            let same = |other: &Exclusive| other.reward.id == it.reward.id;
            let unique = self.exclusives.iter().position(same) == Some(index) && &*it.reward.id != crate::NEXT;
            problems.unless(unique, format!("/exclusives/{index}/reward/id"), "used by another reward");
            problems.unless(self.tiers.iter().any(|tier| tier.id == it.tier), format!("/exclusives/{index}/tier"), "not one of the tiers");
        }
    }
}
