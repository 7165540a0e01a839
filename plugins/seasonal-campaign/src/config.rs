//! What a merchant can change. As it comes: a point a dollar, triple on Black Friday from 20 dollars on, double at the happy hour of every weekday, and a place
//! at an early opening for points.

use coalition_sdk::{
    BasisPoints, Currency, Date, Event, Exchange, Excluded, Instant, Purchase, Selection, Weekday, Window, choices, settings,
    settings::{Id, Problems, Words},
};

/// Above this a number is a slip of the finger; below it nothing overflows.
const MOST: i64 = 100_000_000_000;

settings! {
    /// Campaigns that multiply points in a window of time.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What a purchase earns at any time: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that earn nothing, in no campaign.
        pub excluded: Excluded = Excluded::usual(),
        /// The campaigns.
        #[within(0, 12)]
        pub campaigns: Vec<Campaign> = vec![black_friday(), happy_hour()],
        /// What goods have that several campaigns fit.
        pub stacking: Stacking = Stacking::Best,
        /// The most that campaigns can give a member on top of what every purchase earns; null: as much as it comes to.
        pub extra_max: Option<ExtraMax> = Some(ExtraMax { points: 5_000, window: Window::Month }),
        /// A campaign is shown so many days before it begins.
        #[within(0, 60)]
        pub announce_days: u32 = 14,
        /// Early openings, a place for points.
        #[within(0, 10)]
        pub early_access: Vec<EarlyAccess> = vec![early_opening()],
    }

    /// A campaign.
    pub struct Campaign {
        /// Its own among the campaigns; members' statements keep to it.
        pub id: Id,
        /// What members read, in one text or by language.
        #[within(1, 120)]
        pub title: Words,
        /// Its first day.
        pub from: Date,
        /// Its last day.
        pub to: Date,
        /// Only in these hours of the day; null: all day.
        pub hours: Option<Hours> = None,
        /// Only on these days of the week; none: all.
        #[within(0, 7)]
        pub weekdays: Vec<Weekday> = Vec::new(),
        /// Only in these stores; none: all.
        #[within(0, 100)]
        pub stores: Vec<String> = Vec::new(),
        /// Only through these channels, such as app or web; none: all.
        #[within(0, 10)]
        pub channels: Vec<String> = Vec::new(),
        /// Only these goods; null: all that earn.
        pub goods: Option<Selection> = None,
        /// Only for purchases of at least so many minor units.
        #[within(0, MOST)]
        pub minimum_basket: i64 = 0,
        /// How much goods earn in it, in hundredths of a percent: 20000 is double, 30000 triple.
        #[within(10_001, 1_000_000)]
        pub multiplier_bp: BasisPoints,
        /// Where campaigns add up: this one does not, it counts alone if that is more.
        pub exclusive: bool = false,
        /// The campaign of the coalition that pays for it, as agreed with the operator: its budget, its window, its shares; null: the merchant itself pays.
        pub paid_by: Option<Id> = None,
    }

    /// Hours of the day, by the clocks of the program.
    pub struct Hours {
        /// The first, 0 to 23.
        #[within(0, 23)]
        pub from: u32,
        /// The hour at which it ends, 1 to 24.
        #[within(1, 24)]
        pub to: u32,
    }

    /// At most so many points in a window of the calendar.
    pub struct ExtraMax {
        /// The most.
        #[within(1, MOST)]
        pub points: i64,
        /// In which window.
        pub window: Window = Window::Month,
    }

    /// A place at an opening before everybody else's.
    pub struct EarlyAccess {
        /// Its own among the rewards.
        pub id: Id,
        /// What members read, in one text or by language.
        #[within(1, 120)]
        pub title: Words,
        /// The first day on which everybody is let in: until then there are places.
        pub opens_to_all: Date,
        /// Its price in points.
        #[within(1, MOST)]
        pub points: i64,
        /// Its worth in minor units.
        #[within(0, MOST)]
        pub value: i64 = 0,
        /// How many places there are; null: without end.
        pub stock: Option<u64> = None,
        /// How many a member can have; null: as many as they like.
        #[within(1, 1_000)]
        pub per_member: Option<u32> = Some(1),
    }
}

choices! {
    /// What goods have that several campaigns fit.
    pub enum Stacking {
        /// The best of them.
        Best = "best",
        /// What each of them gives on top, added up.
        Sum = "sum",
    }
}

const fn day(year: i64, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

fn black_friday() -> Campaign {
    const ID: Id = Id::of("black-friday");
    Campaign {
        title: Words::own(&[
            ("en", "Black Friday"),
            ("ro", "Black Friday"),
            ("mk", "Црн петок"),
            ("pl", "Czarny piątek"),
            ("ru", "Чёрная пятница"),
        ]),
        minimum_basket: 2_000,
        ..plain(ID, (day(2026, 11, 27), day(2026, 11, 30)), 300)
    }
}

fn happy_hour() -> Campaign {
    const ID: Id = Id::of("happy-hour");
    Campaign {
        title: Words::own(&[
            ("en", "Happy hour"),
            ("ro", "Ora fericită"),
            ("mk", "Среќен час"),
            ("pl", "Szczęśliwa godzina"),
            ("ru", "Счастливый час"),
        ]),
        hours: Some(Hours { from: 14, to: 16 }),
        weekdays: vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday],
        ..plain(ID, (day(2026, 1, 1), day(2026, 12, 31)), 200)
    }
}

fn plain(id: Id, (from, to): (Date, Date), percent: u32) -> Campaign {
    Campaign {
        id,
        title: Words::own(&[]),
        from,
        to,
        hours: None,
        weekdays: Vec::new(),
        stores: Vec::new(),
        channels: Vec::new(),
        goods: None,
        minimum_basket: 0,
        multiplier_bp: BasisPoints::percent(percent),
        exclusive: false,
        paid_by: None,
    }
}

fn early_opening() -> EarlyAccess {
    const ID: Id = Id::of("early-opening");
    EarlyAccess {
        id: ID,
        title: Words::own(&[
            ("en", "Black Friday a day early"),
            ("ro", "Black Friday cu o zi mai devreme"),
            ("mk", "Црн петок еден ден порано"),
            ("pl", "Czarny piątek dzień wcześniej"),
            ("ru", "Чёрная пятница на день раньше"),
        ]),
        opens_to_all: day(2026, 11, 27),
        points: 200,
        value: 500,
        stock: Some(100),
        per_member: Some(1),
    }
}

impl Campaign {
    /// Whether it runs at that moment there, whatever is bought.
    pub(crate) fn runs(&self, at: Instant, store: Option<&str>, channel: Option<&str>) -> bool {
        let named = |list: &[String], name: Option<&str>| list.is_empty() || list.iter().any(|known| Some(known.as_str()) == name);
        let date = at.date();
        let hour = u32::from(at.hour());
        self.from <= date
            && date <= self.to
            && self.hours.as_ref().is_none_or(|hours| hours.from <= hour && hour < hours.to)
            && (self.weekdays.is_empty() || self.weekdays.contains(&at.weekday()))
            && named(&self.stores, store)
            && named(&self.channels, channel)
    }

    /// Whether this purchase has it.
    pub(crate) fn is_for(&self, event: &Event, purchase: &Purchase) -> bool {
        purchase.total.minor() >= self.minimum_basket && self.runs(event.at, event.store.as_deref(), event.channel.as_deref())
    }

    /// What it gives on top of once.
    pub(crate) fn extra_bp(&self) -> i64 {
        i64::from(self.multiplier_bp.get()).saturating_sub(i64::from(BasisPoints::ONE.get()))
    }
}

impl ExtraMax {
    /// The counter of what campaigns gave: another window is another counter.
    pub(crate) const fn counter(&self) -> &'static str {
        match self.window {
            Window::Day => "extra-day",
            Window::Week => "extra-week",
            Window::Month => "extra-month",
            Window::Quarter => "extra-quarter",
            Window::Year => "extra-year",
            Window::Lifetime => "extra-lifetime",
        }
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (index, campaign) in self.campaigns.iter().enumerate() {
            let same = |other: &Campaign| other.id == campaign.id;
            let unique = self.campaigns.iter().position(same) == Some(index);
            problems.unless(unique, format!("/campaigns/{index}/id"), "used by another campaign");
            problems.unless(campaign.from <= campaign.to, format!("/campaigns/{index}/to"), "not before its first day");
            let hours = campaign.hours.as_ref().is_none_or(|hours| hours.from < hours.to);
            problems.unless(hours, format!("/campaigns/{index}/hours/to"), "after the hour at which it begins");
            let goods = campaign.goods.as_ref().is_none_or(|goods| !goods.is_empty());
            problems.unless(goods, format!("/campaigns/{index}/goods"), "name at least one category or article; null means all");
        }
        for (index, early) in self.early_access.iter().enumerate() {
            let same = |other: &EarlyAccess| other.id == early.id;
            let unique = self.early_access.iter().position(same) == Some(index) && !self.campaigns.iter().any(|it| it.id == early.id);
            problems.unless(unique, format!("/early_access/{index}/id"), "used by another reward or campaign");
        }
    }
}
