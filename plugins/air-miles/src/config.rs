//! What a merchant can change. As it comes: a mile for a mile flown, five hundred at least, by cabin and tier; award seats by distance, dearer at the year's end.

use coalition_sdk::{
    BasisPoints, Currency, Date, Exchange, MOST, RewardKind, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// Miles for flights, and flights for miles.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// A flight earns as if it were at least so long, in miles.
        #[within(0, 10_000)]
        pub minimum_miles: i64 = 500,
        /// What cabins and fares earn of the distance; a flight without one of them is of the first.
        #[within(1, 20)]
        pub cabins: Vec<Cabin> = usual_cabins(),
        /// Tiers by the distance flown in a calendar year, as the cabin counts it; lowest first.
        #[within(0, 8)]
        pub tiers: Vec<Tier> = usual_tiers(),
        /// Miles for every so many flights of a calendar year; null: none.
        pub segments: Option<Segments> = Some(Segments { every: 20, miles: 1_000 }),
        /// What is not a flight earns so many miles for so many minor units; null: nothing.
        pub other: Option<Exchange> = Some(Exchange::new(1, 100)),
        /// Miles of a ticket come when the airline reports this, such as flown; null: at once.
        pub waits_for: Option<Id> = None,
        /// Seats and upgrades for miles.
        #[within(0, 20)]
        pub awards: Vec<Award> = usual_awards(),
        /// Times of the year when awards cost more, or less. Where two overlap, the first counts.
        #[within(0, 20)]
        pub seasons: Vec<Season> = usual_seasons(),
    }

    /// A cabin, or a fare in it.
    pub struct Cabin {
        /// As the airline sends it.
        pub id: Id,
        /// What members read.
        #[within(1, 40)]
        pub title: Words,
        /// What it earns of the distance, in hundredths of a percent.
        #[within(0, 100_000)]
        pub rate_bp: BasisPoints,
    }

    /// A tier.
    pub struct Tier {
        /// Its own among the tiers.
        pub id: Id,
        /// What members read, such as "Gold".
        #[within(1, 40)]
        pub title: Words,
        /// Status miles in a calendar year that reach it. It is kept until the end of the next year.
        #[within(1, MOST)]
        pub from: i64,
        /// Miles on top, in hundredths of a percent.
        #[within(0, 100_000)]
        pub bonus_bp: BasisPoints = BasisPoints::ZERO,
    }

    /// A bonus for flying often.
    pub struct Segments {
        /// For every so many flights.
        #[within(1, 1_000)]
        pub every: u32,
        /// So many miles.
        #[within(1, 1_000_000)]
        pub miles: u32,
    }

    /// Something for miles, priced by distance.
    pub struct Award {
        /// Its own among the rewards.
        pub id: Id,
        /// What members read.
        #[within(1, 80)]
        pub title: Words,
        /// What it is.
        pub kind: RewardKind = RewardKind::Service,
        /// Its prices, nearest first.
        #[within(1, 20)]
        pub prices: Vec<Price>,
        /// What the airline is credited for each mile paid, in hundredths of a minor unit.
        #[within(0, 100_000)]
        pub worth_bp: BasisPoints = BasisPoints::percent(100),
    }

    /// A price.
    pub struct Price {
        /// Up to so many miles of distance; null: any.
        #[within(1, 100_000)]
        pub up_to: Option<i64> = None,
        /// So many miles to pay.
        #[within(1, MOST)]
        pub miles: i64,
    }

    /// A time of every year, its days included; it may go over New Year.
    pub struct Season {
        /// What members read.
        #[within(1, 40)]
        pub title: Words,
        /// Its first day.
        pub from: DayOfYear,
        /// Its last day.
        pub to: DayOfYear,
        /// What awards cost of their price, in hundredths of a percent.
        #[within(1, 100_000)]
        pub rate_bp: BasisPoints,
    }

    /// A day of every year.
    pub struct DayOfYear {
        /// 1 to 12.
        #[within(1, 12)]
        pub month: u32,
        /// 1 to 31.
        #[within(1, 31)]
        pub day: u32,
    }
}

type Title = [(&'static str, &'static str); 5];

fn usual_cabins() -> Vec<Cabin> {
    const ECONOMY: Title = [("en", "Economy"), ("ro", "Economică"), ("mk", "Економска"), ("pl", "Ekonomiczna"), ("ru", "Эконом")];
    const SAVER: Title = [("en", "Saver"), ("ro", "Tarif redus"), ("mk", "Штедлива"), ("pl", "Oszczędna"), ("ru", "Эконом-лайт")];
    const FLEXIBLE: Title =
        [("en", "Flexible economy"), ("ro", "Economică flexibilă"), ("mk", "Флексибилна"), ("pl", "Elastyczna"), ("ru", "Эконом-гибкий")];
    const FIRST: Title = [("en", "First"), ("ro", "Întâi"), ("mk", "Прва"), ("pl", "Pierwsza"), ("ru", "Первый")];
    let cabin = |id: Id, title: &'static Title, percent| Cabin { id, title: Words::own(title), rate_bp: BasisPoints::percent(percent) };
    vec![
        cabin(Id::of("economy"), &ECONOMY, 100),
        cabin(Id::of("saver"), &SAVER, 30),
        cabin(Id::of("flexible"), &FLEXIBLE, 150),
        cabin(Id::of("first"), &FIRST, 175),
    ]
}

fn usual_tiers() -> Vec<Tier> {
    const SILVER: Title = [("en", "Silver"), ("ro", "Argint"), ("mk", "Сребро"), ("pl", "Srebro"), ("ru", "Серебро")];
    const GOLD: Title = [("en", "Gold"), ("ro", "Aur"), ("mk", "Злато"), ("pl", "Złoto"), ("ru", "Золото")];
    const PLATINUM: Title = [("en", "Platinum"), ("ro", "Platină"), ("mk", "Платина"), ("pl", "Platyna"), ("ru", "Платина")];
    let tier =
        |id: Id, title: &'static Title, from, percent| Tier { id, title: Words::own(title), from, bonus_bp: BasisPoints::percent(percent) };
    vec![
        tier(Id::of("silver"), &SILVER, 20_000, 50),
        tier(Id::of("gold"), &GOLD, 40_000, 100),
        tier(Id::of("platinum"), &PLATINUM, 75_000, 125),
    ]
}

fn usual_awards() -> Vec<Award> {
    const ECONOMY: Title = [
        ("en", "A seat in economy"),
        ("ro", "Un loc la clasa economică"),
        ("mk", "Место во економска класа"),
        ("pl", "Miejsce w klasie ekonomicznej"),
        ("ru", "Место в экономклассе"),
    ];
    const BUSINESS: Title = [
        ("en", "A seat in business class"),
        ("ro", "Un loc la clasa business"),
        ("mk", "Место во бизнис-класа"),
        ("pl", "Miejsce w klasie biznes"),
        ("ru", "Место в бизнес-классе"),
    ];
    const UPGRADE: Title = [
        ("en", "An upgrade to the next cabin"),
        ("ro", "Trecerea la clasa superioară"),
        ("mk", "Премин во повисока класа"),
        ("pl", "Przejście do wyższej klasy"),
        ("ru", "Повышение класса обслуживания"),
    ];
    let award = |id: Id, title: &'static Title, prices: [(Option<i64>, i64); 6]| Award {
        id,
        title: Words::own(title),
        kind: RewardKind::Service,
        prices: prices.into_iter().map(|(up_to, miles)| Price { up_to, miles }).collect(),
        worth_bp: BasisPoints::percent(100),
    };
    let bands = |miles: [i64; 6]| {
        let [a, b, c, d, e, f] = miles;
        [(Some(700), a), (Some(1_400), b), (Some(2_100), c), (Some(4_000), d), (Some(6_000), e), (None, f)]
    };
    let upgrade = Award { prices: vec![Price { up_to: None, miles: 15_000 }], ..award(Id::of("upgrade"), &UPGRADE, bands([1; 6])) };
    vec![
        award(Id::of("economy"), &ECONOMY, bands([4_500, 7_500, 12_500, 17_500, 25_000, 30_000])),
        award(Id::of("business"), &BUSINESS, bands([9_000, 15_000, 25_000, 35_000, 50_000, 60_000])),
        upgrade,
    ]
}

fn usual_seasons() -> Vec<Season> {
    const YEARS_END: Title =
        [("en", "Year's end"), ("ro", "Sfârșit de an"), ("mk", "Крај на годината"), ("pl", "Przełom roku"), ("ru", "Конец года")];
    const LATE_WINTER: Title =
        [("en", "Late winter"), ("ro", "Sfârșit de iarnă"), ("mk", "Доцна зима"), ("pl", "Późna zima"), ("ru", "Конец зимы")];
    let season = |title: &'static Title, from: (u32, u32), to: (u32, u32), percent| Season {
        title: Words::own(title),
        from: DayOfYear { month: from.0, day: from.1 },
        to: DayOfYear { month: to.0, day: to.1 },
        rate_bp: BasisPoints::percent(percent),
    };
    vec![season(&YEARS_END, (12, 18), (1, 4), 150), season(&LATE_WINTER, (1, 12), (2, 28), 80)]
}

impl Tier {
    /// The key of what is said about it.
    pub(crate) fn says(&self, what: &str) -> String {
        format!("{what}:{}", self.id)
    }
}

impl Award {
    /// The key of its name.
    pub(crate) fn title_key(&self) -> String {
        format!("reward:{}", self.id)
    }
}

impl Season {
    /// Whether this day lies in it.
    pub(crate) fn has(&self, date: Date) -> bool {
        let day = (u32::from(date.month), u32::from(date.day));
        let (from, to) = ((self.from.month, self.from.day), (self.to.month, self.to.day));
        if from <= to { from <= day && day <= to } else { from <= day || day <= to }
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (index, cabin) in self.cabins.iter().enumerate() {
            let same = |other: &Cabin| other.id == cabin.id;
            problems.unless(self.cabins.iter().position(same) == Some(index), format!("/cabins/{index}/id"), "used by another cabin");
        }
        let mut before = 0;
        for (index, tier) in self.tiers.iter().enumerate() {
            let same = |other: &Tier| other.id == tier.id;
            problems.unless(self.tiers.iter().position(same) == Some(index), format!("/tiers/{index}/id"), "used by another tier");
            problems.unless(tier.from > before, format!("/tiers/{index}/from"), "more than the tier before");
            before = tier.from;
        }
        for (index, award) in self.awards.iter().enumerate() {
            let same = |other: &Award| other.id == award.id;
            problems.unless(self.awards.iter().position(same) == Some(index), format!("/awards/{index}/id"), "used by another reward");
            let reach = |price: &Price| price.up_to.unwrap_or(i64::MAX);
            let farther = award.prices.iter().zip(award.prices.iter().skip(1)).position(|(near, far)| reach(near) >= reach(far));
            if let Some(at) = farther {
                problems.at(format!("/awards/{index}/prices/{}/up_to", at.saturating_add(1)), "farther than the price before");
            }
        }
    }
}
