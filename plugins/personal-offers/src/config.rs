//! What a merchant can change. As it comes: a welcome with the first purchase, a gift around the birthday, half as many points again on the favourite goods, a bonus on
//! coming back after eight weeks, a segment of regulars, thanks for each year, and a sample for points.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, PerMember, Priced, RewardKind, Selection, Window, settings,
    settings::{Id, Problems, Words},
};

/// Above this a number is a slip of the finger; below it nothing overflows.
const MOST: i64 = 100_000_000_000;

/// The reward, and the badge, of the welcome.
pub const WELCOME: &str = "welcome";
/// The reward of the birthday.
pub const BIRTHDAY: &str = "birthday-gift";
/// The reward that shows the bonus on coming back.
pub const WINBACK: &str = "winback";
/// The reward that shows the favourite goods.
pub const FAVOURITE: &str = "favourite";

settings! {
    /// Offers for one member.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that earn nothing.
        pub excluded: Excluded = Excluded::usual(),
        /// Points with the first purchase; 0: none.
        #[within(0, 1_000_000)]
        pub welcome_points: i64 = 100,
        /// A gift around the birthday; null: none.
        pub birthday: Option<Birthday> = Some(birthday()),
        /// More points on the goods that a member spent most on last month; null: none.
        pub favourite: Option<Favourite> = Some(favourite()),
        /// A bonus on coming back; null: none.
        pub winback: Option<Winback> = Some(Winback { weeks: 8, points: 75 }),
        /// More points for members who buy often, or much. Where several fit, a line has the best of them.
        #[within(0, 8)]
        pub segments: Vec<Segment> = vec![regulars()],
        /// Points for each year as a member; 0: none.
        #[within(0, 1_000_000)]
        pub yearly_points: i64 = 25,
        /// What members can get for points.
        #[within(0, 20)]
        pub samples: Vec<Priced> = vec![sample()],
    }

    /// A gift with a purchase around the birthday. The program learns only that it is near, and only with the member's consent.
    pub struct Birthday {
        /// What is given.
        #[within(1, 120)]
        pub title: Words,
        /// What kind of thing.
        pub kind: RewardKind = RewardKind::Gift,
        /// The most it is worth, in minor units; null: whatever it costs.
        #[within(1, MOST)]
        pub value: Option<i64> = None,
        /// Points besides; 0: none.
        #[within(0, 1_000_000)]
        pub points: i64 = 0,
        /// How many days it can be fetched.
        #[within(1, 3_650)]
        pub days: u32 = 30,
    }

    /// More points on what a member spent most on in the month before.
    pub struct Favourite {
        /// Among which goods.
        #[within(1, 12)]
        pub groups: Vec<Group>,
        /// From so many minor units a month on.
        #[within(1, MOST)]
        pub minimum: i64 = 1_000,
        /// How much they earn in hundredths of a percent: 15000 is half as much again.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints = BasisPoints::percent(150),
    }

    /// Goods that belong together.
    pub struct Group {
        /// Its own among the groups.
        pub id: Id,
        /// What members read.
        #[within(1, 80)]
        pub title: Words,
        /// Which goods.
        pub goods: Selection,
    }

    /// A bonus for members who were not seen for a while.
    pub struct Winback {
        /// After so many calendar weeks without a purchase.
        #[within(2, 23)]
        pub weeks: u32 = 8,
        /// Points for coming back.
        #[within(1, 1_000_000)]
        pub points: i64 = 75,
    }

    /// Members who bought often, or much, in the twelve months before this one.
    pub struct Segment {
        /// Its own among segments and rewards.
        pub id: Id,
        /// What members read, such as "Thanks to our regulars".
        #[within(1, 120)]
        pub title: Words,
        /// In at least so many of the twelve.
        #[within(0, 12)]
        pub months: u32 = 0,
        /// For at least so many minor units in all of them.
        #[within(0, MOST)]
        pub spend: i64 = 0,
        /// Only these goods; null: all that earn.
        pub goods: Option<Selection> = None,
        /// How much they earn in hundredths of a percent.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints,
    }
}

fn birthday() -> Birthday {
    Birthday {
        title: Words::own(&[
            ("en", "A piece of cake for your birthday"),
            ("ro", "O felie de tort de ziua dumneavoastră"),
            ("mk", "Парче торта за вашиот роденден"),
            ("pl", "Kawałek tortu na urodziny"),
            ("ru", "Кусочек торта ко дню рождения"),
        ]),
        kind: RewardKind::Gift,
        value: Some(500),
        points: 0,
        days: 30,
    }
}

fn favourite() -> Favourite {
    const FRUIT: Id = Id::of("fruit");
    const BAKERY: Id = Id::of("bakery");
    const DAIRY: Id = Id::of("dairy");
    let fruit = Words::own(&[
        ("en", "fruit and vegetables"),
        ("ro", "fructe și legume"),
        ("mk", "овошје и зеленчук"),
        ("pl", "owoce i warzywa"),
        ("ru", "фрукты и овощи"),
    ]);
    let bakery = Words::own(&[
        ("en", "bread and cakes"),
        ("ro", "pâine și prăjituri"),
        ("mk", "леб и колачи"),
        ("pl", "pieczywo i ciasta"),
        ("ru", "хлеб и выпечка"),
    ]);
    let dairy = Words::own(&[
        ("en", "milk and cheese"),
        ("ro", "lapte și brânză"),
        ("mk", "млеко и сирење"),
        ("pl", "mleko i sery"),
        ("ru", "молоко и сыр"),
    ]);
    let group = |id, title, categories| Group { id, title, goods: Selection::of_categories(categories) };
    Favourite {
        groups: vec![
            group(FRUIT, fruit, &["FRUIT*", "TROPICAL FRUIT*", "VEGETABLES*", "SALAD*"]),
            group(BAKERY, bakery, &["BREAD*", "BAKED BREAD*", "ROLLS*", "CAKES*"]),
            group(DAIRY, dairy, &["FLUID MILK*", "CHEESE*", "YOGURT*"]),
        ],
        minimum: 1_000,
        multiplier_bp: BasisPoints::percent(150),
    }
}

fn regulars() -> Segment {
    const ID: Id = Id::of("regulars");
    Segment {
        id: ID,
        title: Words::own(&[
            ("en", "Thanks to our regulars"),
            ("ro", "Mulțumire clienților fideli"),
            ("mk", "Благодарност за редовните купувачи"),
            ("pl", "Podziękowanie dla stałych klientów"),
            ("ru", "Спасибо постоянным покупателям"),
        ]),
        months: 10,
        spend: 0,
        goods: None,
        multiplier_bp: BasisPoints::percent(120),
    }
}

fn sample() -> Priced {
    const ID: Id = Id::of("tea-sample");
    Priced {
        id: ID,
        title: Words::own(&[
            ("en", "A sample of a new tea"),
            ("ro", "O mostră de ceai nou"),
            ("mk", "Примерок од нов чај"),
            ("pl", "Próbka nowej herbaty"),
            ("ru", "Пробник нового чая"),
        ]),
        kind: RewardKind::Sample,
        points: 50,
        value: 100,
        stock: Some(500),
        per_member: Some(PerMember { max: 1, window: Window::Month }),
    }
}

impl Group {
    /// The counter of what is spent on it in a month.
    pub(crate) fn counter(&self) -> String {
        format!("spent-{}", self.id)
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        if let Some(favourite) = &self.favourite {
            for (index, group) in favourite.groups.iter().enumerate() {
                let same = |other: &Group| other.id == group.id;
                let unique = favourite.groups.iter().position(same) == Some(index);
                problems.unless(unique, format!("/favourite/groups/{index}/id"), "used by another group");
                problems.unless(
                    !group.goods.is_empty(),
                    format!("/favourite/groups/{index}/goods"),
                    "name at least one category or article",
                );
            }
        }
        let named = |id: &str| [WELCOME, BIRTHDAY, WINBACK, FAVOURITE].contains(&id);
        for (index, segment) in self.segments.iter().enumerate() {
            let same = |other: &Segment| other.id == segment.id;
            let unique = self.segments.iter().position(same) == Some(index) && !named(&segment.id);
            problems.unless(unique, format!("/segments/{index}/id"), "used by another segment or reward");
            problems.unless(segment.months > 0 || segment.spend > 0, format!("/segments/{index}"), "months, spend, or both");
        }
        for (index, sample) in self.samples.iter().enumerate() {
            let same = |other: &Priced| other.id == sample.id;
            let unique = self.samples.iter().position(same) == Some(index);
            let free = unique && !named(&sample.id) && !self.segments.iter().any(|segment| segment.id == sample.id);
            problems.unless(free, format!("/samples/{index}/id"), "used by another reward");
        }
    }
}
