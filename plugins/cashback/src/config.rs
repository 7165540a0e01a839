//! What a merchant can change. As it comes: one percent back, two when paid by phone, three on the shop's own brand; paid at the end of the day, a point a cent.

use coalition_sdk::{
    BasisPoints, Currency, Exchange, Excluded, MOST, Pay, Selection, Window, settings,
    settings::{Id, Problems, Words},
};

/// The id of the reward "paid out".
pub const PAYOUT: &str = "payout";

settings! {
    /// A percentage of what is spent comes back.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What comes back of every purchase, in hundredths of a percent: 100 is 1 %.
        #[within(0, 5_000)]
        pub base_bp: BasisPoints = BasisPoints::percent(1),
        /// What has another rate, by goods, tender or store. Where several fit, a line has the best of them.
        #[within(0, 20)]
        pub rates: Vec<Rate> = vec![own_brand(), by_phone()],
        /// Goods for which nothing comes back.
        pub excluded: Excluded = Excluded::usual(),
        /// So many points are given for so many minor units that come back.
        pub worth: Exchange = Exchange::new(1, 1),
        /// At the end of which window of the calendar the points can be spent; null: at once.
        pub paid: Option<Window> = Some(Window::Day),
        /// At most so many points a calendar month; null: without end.
        #[within(1, MOST)]
        pub month_max: Option<i64> = None,
        /// Paying with the points at the till; null: not here.
        pub pay: Option<Pay> = Some(Pay { rate: Exchange::new(1, 1), minimum_points: 0 }),
        /// Having them paid out to an account, at the rate of paying; null: not here.
        pub payout: Option<Payout> = Some(Payout { minimum_points: 1_000 }),
    }

    /// Another rate.
    pub struct Rate {
        /// Its own among the rates; members' statements keep to it.
        pub id: Id,
        /// What members read, such as "Our own brand".
        #[within(1, 80)]
        pub title: Words,
        /// Which goods.
        pub goods: Selection = Selection::of_categories(&["*"]),
        /// Paid with which tenders, as the till sends them; empty: with any.
        #[within(0, 20)]
        pub tenders: Vec<String> = Vec::new(),
        /// In which stores; empty: in all.
        #[within(0, 100)]
        pub stores: Vec<String> = Vec::new(),
        /// What comes back, in hundredths of a percent.
        #[within(1, 10_000)]
        pub rate_bp: BasisPoints,
    }

    /// Points paid out in money, by the merchant.
    pub struct Payout {
        /// At least so many points at a time.
        #[within(0, MOST)]
        pub minimum_points: i64 = 0,
    }
}

fn own_brand() -> Rate {
    const OWN: Id = Id::of("own-brand");
    const TITLE: Words = Words::own(&[
        ("en", "Our own brand"),
        ("ro", "Marca noastră"),
        ("mk", "Нашата марка"),
        ("pl", "Nasza marka"),
        ("ru", "Наша марка"),
    ]);
    let goods = Selection::of_categories(&["OWN BRAND*", "PRIVATE LABEL*"]);
    Rate { id: OWN, title: TITLE, goods, tenders: Vec::new(), stores: Vec::new(), rate_bp: BasisPoints::percent(3) }
}

fn by_phone() -> Rate {
    const PHONE: Id = Id::of("phone");
    const TITLE: Words = Words::own(&[
        ("en", "Paid with your phone"),
        ("ro", "Plătit cu telefonul"),
        ("mk", "Платено со телефон"),
        ("pl", "Płatność telefonem"),
        ("ru", "Оплата телефоном"),
    ]);
    let goods = Selection::of_categories(&["*"]);
    Rate { id: PHONE, title: TITLE, goods, tenders: vec!["x-mobile".to_owned()], stores: Vec::new(), rate_bp: BasisPoints::percent(2) }
}

impl Rate {
    /// The key of its awards, and of what their reason says.
    pub(crate) fn key(&self) -> String {
        format!("cashback:{}", self.id)
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (index, rate) in self.rates.iter().enumerate() {
            let same = |other: &Rate| other.id == rate.id;
            problems.unless(self.rates.iter().position(same) == Some(index), format!("/rates/{index}/id"), "used by another rate");
            problems.unless(!rate.goods.is_empty(), format!("/rates/{index}/goods"), "name at least one category or article; * means all");
        }
        problems.unless(self.paid != Some(Window::Lifetime), "/paid", "a window that ends, or null for at once");
        problems.unless(self.payout.is_none() || self.pay.is_some(), "/payout", "paid out at the rate of `pay`, which is not there");
    }
}
