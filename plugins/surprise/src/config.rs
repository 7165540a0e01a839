//! What a merchant can change. As it comes: a draw a day with a purchase of five dollars, a hundred points in one of fifty, a coffee in one of two hundred, and
//! two thousand points in one of ten thousand.

use coalition_sdk::{
    Currency, Exchange, Excluded, RewardKind, settings,
    settings::{Id, Problems, Words},
};

/// Above this a number is a slip of the finger; below it nothing overflows.
const MOST: i64 = 100_000_000_000;

/// What is drawn from: a number from 0 up to, not including, this.
pub const DRAWN_FROM: i64 = 1_000_000;

/// The reward that shows whether today's draw is open.
pub const DRAW: &str = "draw";

settings! {
    /// A surprise with one purchase a day.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that earn nothing and don't count for the draw.
        pub excluded: Excluded = Excluded::usual(),
        /// A purchase takes part from so many minor units on.
        #[within(1, MOST)]
        pub minimum: i64 = 500,
        /// What can be won; of a million draws, each wins in so many.
        #[within(1, 16)]
        pub prizes: Vec<Prize> = vec![hundred(), coffee(), jackpot()],
    }

    /// A prize.
    pub struct Prize {
        /// Its own among the prizes.
        pub id: Id,
        /// What members read.
        #[within(1, 120)]
        pub title: Words,
        /// In so many of a million draws: 20000 is one in fifty.
        #[within(1, DRAWN_FROM)]
        pub per_million: i64,
        /// Points; 0: none.
        #[within(0, 1_000_000)]
        pub points: i64 = 0,
        /// A voucher; null: none.
        pub voucher: Option<Gift> = None,
    }

    /// What a voucher is for.
    pub struct Gift {
        /// What it is.
        pub kind: RewardKind = RewardKind::Gift,
        /// The most it is worth, in minor units; null: whatever it costs.
        #[within(1, MOST)]
        pub value: Option<i64> = None,
        /// How many days it can be fetched.
        #[within(1, 3_650)]
        pub days: u32 = 30,
    }
}

fn hundred() -> Prize {
    const ID: Id = Id::of("hundred");
    let title = Words::own(&[
        ("en", "a hundred points"),
        ("ro", "o sută de puncte"),
        ("mk", "сто поени"),
        ("pl", "sto punktów"),
        ("ru", "сто баллов"),
    ]);
    Prize { id: ID, title, per_million: 20_000, points: 100, voucher: None }
}

fn coffee() -> Prize {
    const ID: Id = Id::of("coffee");
    let title = Words::own(&[
        ("en", "a coffee on the house"),
        ("ro", "o cafea din partea casei"),
        ("mk", "кафе на сметка на куќата"),
        ("pl", "kawa na koszt firmy"),
        ("ru", "кофе за счёт заведения"),
    ]);
    let voucher = Gift { kind: RewardKind::FreeProduct, value: Some(450), days: 30 };
    Prize { id: ID, title, per_million: 5_000, points: 0, voucher: Some(voucher) }
}

fn jackpot() -> Prize {
    const ID: Id = Id::of("jackpot");
    let title = Words::own(&[
        ("en", "two thousand points"),
        ("ro", "două mii de puncte"),
        ("mk", "две илјади поени"),
        ("pl", "dwa tysiące punktów"),
        ("ru", "две тысячи баллов"),
    ]);
    Prize { id: ID, title, per_million: 100, points: 2_000, voucher: None }
}

impl Prize {
    /// Its odds as people write them: `1:50`, or so many of a million where it is no whole number.
    pub(crate) fn odds(&self) -> String {
        if self.per_million > 0 && DRAWN_FROM % self.per_million == 0 {
            format!("1:{}", DRAWN_FROM / self.per_million)
        } else {
            format!("{}:{DRAWN_FROM}", self.per_million)
        }
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let mut all = 0_i64;
        for (index, prize) in self.prizes.iter().enumerate() {
            let same = |other: &Prize| other.id == prize.id;
            let unique = self.prizes.iter().position(same) == Some(index) && &*prize.id != DRAW;
            problems.unless(unique, format!("/prizes/{index}/id"), "used by another reward");
            problems.unless(prize.points > 0 || prize.voucher.is_some(), format!("/prizes/{index}"), "points, a voucher, or both");
            all = all.saturating_add(prize.per_million);
            problems.unless(all <= DRAWN_FROM, format!("/prizes/{index}/per_million"), "at most a million with the prizes before it");
        }
    }
}
