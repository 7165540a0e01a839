//! What a merchant can change. As it comes: a breakfast challenge a month, one of everything a week, streaks of four, eight and twelve weeks, and three levels.

use coalition_sdk::{
    Currency, Exchange, Excluded, PerMember, Priced, RewardKind, Selection, Window, settings,
    settings::{Id, Problems, Words},
};

/// Above this a number is a slip of the finger; below it nothing overflows.
const MOST: i64 = 100_000_000_000;

/// Parts of all challenges together: each is a counter, and the gateway keeps 32 of them.
const PARTS_MAX: usize = 24;

/// So many closed weeks stay visible: the longest streak.
pub const WEEKS_KEPT: u8 = 24;

/// The reward that shows a streak.
pub const STREAK: &str = "streak";

settings! {
    /// Challenges, streaks and levels.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// What every purchase earns: so many points for so many minor units.
        pub earn: Exchange = Exchange::new(1, 100),
        /// Goods that neither earn nor count.
        pub excluded: Excluded = Excluded::usual(),
        /// The challenges.
        #[within(0, 8)]
        pub challenges: Vec<Challenge> = vec![breakfasts(), everything()],
        /// Coming week after week; null: no streaks.
        pub streak: Option<Streak> = Some(Streak { minimum: 500, milestones: standard_milestones() }),
        /// The score is what purchases earn, and so much more for each piece that counts for a challenge; it isn't spent when points are.
        #[within(0, 1_000_000)]
        pub score_per_piece: i64 = 2,
        /// Levels by score, lowest first.
        #[within(0, 8)]
        pub levels: Vec<Level> = standard_levels(),
        /// What only members of a level, or of a higher one, can get for points.
        #[within(0, 10)]
        pub exclusives: Vec<Exclusive> = vec![mug()],
    }

    /// Something to achieve in a window of the calendar, once in each.
    pub struct Challenge {
        /// Its own among challenges and levels; members' statements keep to it.
        pub id: Id,
        /// What members read.
        #[within(1, 120)]
        pub title: Words,
        /// What is to be bought: all of these parts.
        #[within(1, 8)]
        pub parts: Vec<Part>,
        /// In which window.
        pub window: Window = Window::Month,
        /// Points for it.
        #[within(1, 1_000_000)]
        pub points: i64,
    }

    /// So many pieces of some goods.
    pub struct Part {
        /// Which goods.
        pub goods: Selection,
        /// How many pieces; what is weighed or measured counts once a line.
        #[within(1, 1_000)]
        pub needed: i64 = 1,
    }

    /// Weeks in a row with a purchase.
    pub struct Streak {
        /// A week counts with a purchase of at least so many minor units.
        #[within(1, MOST)]
        pub minimum: i64 = 1,
        /// What so many weeks in a row give, shortest first.
        #[within(1, 8)]
        pub milestones: Vec<Milestone> = standard_milestones(),
    }

    /// So many weeks in a row.
    pub struct Milestone {
        /// How many.
        #[within(2, 24)]
        pub weeks: u32,
        /// Points for them.
        #[within(1, 1_000_000)]
        pub points: i64,
    }

    /// A level.
    pub struct Level {
        /// Its own among challenges and levels.
        pub id: Id,
        /// What members read.
        #[within(1, 40)]
        pub title: Words,
        /// The score that reaches it.
        #[within(1, MOST)]
        pub from: i64,
    }

    /// Something for members of a level, or of a higher one.
    pub struct Exclusive {
        /// The lowest level that can get it.
        pub level: Id,
        /// What it is, and its price.
        pub reward: Priced,
    }
}

fn part(categories: &[&str], needed: i64) -> Part {
    Part { goods: Selection::of_categories(categories), needed }
}

fn breakfasts() -> Challenge {
    const ID: Id = Id::of("breakfast");
    Challenge {
        id: ID,
        title: Words::own(&[
            ("en", "Three breakfasts"),
            ("ro", "Trei mic dejunuri"),
            ("mk", "Три појадоци"),
            ("pl", "Trzy śniadania"),
            ("ru", "Три завтрака"),
        ]),
        parts: vec![part(&["BREAKFAST*", "COFFEE*", "COLD CEREAL*"], 3)],
        window: Window::Month,
        points: 50,
    }
}

fn everything() -> Challenge {
    const ID: Id = Id::of("everything");
    Challenge {
        id: ID,
        title: Words::own(&[
            ("en", "A bit of everything"),
            ("ro", "Câte puțin din toate"),
            ("mk", "По малку од сè"),
            ("pl", "Wszystkiego po trochu"),
            ("ru", "Всего понемногу"),
        ]),
        parts: vec![
            part(&["BREAD*", "BAKED BREAD*"], 1),
            part(&["FRUIT*", "TROPICAL FRUIT*", "APPLES*"], 1),
            part(&["VEGETABLES*", "SALAD*"], 1),
        ],
        window: Window::Week,
        points: 20,
    }
}

fn standard_milestones() -> Vec<Milestone> {
    [(4, 40), (8, 100), (12, 200)].map(|(weeks, points)| Milestone { weeks, points }).into()
}

const MASTER: Id = Id::of("master");

fn standard_levels() -> Vec<Level> {
    const APPRENTICE: Id = Id::of("apprentice");
    const JOURNEYMAN: Id = Id::of("journeyman");
    vec![
        Level {
            id: APPRENTICE,
            title: Words::own(&[("en", "Apprentice"), ("ro", "Ucenic"), ("mk", "Чирак"), ("pl", "Uczeń"), ("ru", "Ученик")]),
            from: 500,
        },
        Level {
            id: JOURNEYMAN,
            title: Words::own(&[("en", "Journeyman"), ("ro", "Calfă"), ("mk", "Калфа"), ("pl", "Czeladnik"), ("ru", "Подмастерье")]),
            from: 2_000,
        },
        Level {
            id: MASTER,
            title: Words::own(&[("en", "Master"), ("ro", "Maestru"), ("mk", "Мајстор"), ("pl", "Mistrz"), ("ru", "Мастер")]),
            from: 5_000,
        },
    ]
}

fn mug() -> Exclusive {
    const ID: Id = Id::of("masters-mug");
    Exclusive {
        level: MASTER,
        reward: Priced {
            id: ID,
            title: Words::own(&[
                ("en", "The masters' mug, numbered"),
                ("ro", "Cana maeștrilor, numerotată"),
                ("mk", "Нумерирана шолја на мајсторите"),
                ("pl", "Numerowany kubek mistrzów"),
                ("ru", "Нумерованная кружка мастеров"),
            ]),
            kind: RewardKind::LimitedEdition,
            points: 800,
            value: 1_500,
            stock: Some(200),
            per_member: Some(PerMember { max: 1, window: Window::Lifetime }),
        },
    }
}

impl Challenge {
    /// The counter of one of its parts, counted from 0.
    pub(crate) fn counter(&self, part: usize) -> String {
        format!("{}-{}", self.id, part + 1)
    }
}

/// How many closed windows stay visible: goods may come back for a quarter of a year, and what was achieved then is asked again.
pub(crate) const fn kept(window: Window) -> u8 {
    match window {
        Window::Day => 24,
        Window::Week => 13,
        Window::Month => 3,
        Window::Quarter | Window::Year => 1,
        Window::Lifetime => 0,
    }
}

impl Milestone {
    /// Its badge, one for each week in which it was reached.
    pub(crate) fn badge(&self) -> String {
        format!("streak-{}", self.weeks)
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let ids: Vec<&Id> = self.challenges.iter().map(|it| &it.id).chain(self.levels.iter().map(|it| &it.id)).collect();
        let unique = |id: &Id| &**id != STREAK && !id.starts_with("streak-") && ids.iter().filter(|known| **known == id).count() == 1;
        for (index, it) in self.challenges.iter().enumerate() {
            problems.unless(unique(&it.id), format!("/challenges/{index}/id"), "used by another challenge or level, or by the streaks");
            problems.unless(it.window != Window::Lifetime, format!("/challenges/{index}/window"), "a window that ends");
            for (part, it) in it.parts.iter().enumerate() {
                problems.unless(
                    !it.goods.is_empty(),
                    format!("/challenges/{index}/parts/{part}/goods"),
                    "name at least one category or article",
                );
            }
        }
        let parts: usize = self.challenges.iter().map(|it| it.parts.len()).sum();
        problems.unless(parts <= PARTS_MAX, "/challenges", format!("at most {PARTS_MAX} parts in all"));
        let milestones = self.streak.iter().flat_map(|streak| &streak.milestones);
        let mut before = 0;
        for (index, it) in milestones.enumerate() {
            problems.unless(it.weeks > before, format!("/streak/milestones/{index}/weeks"), "more than the milestone before");
            before = it.weeks;
        }
        let mut before = 0;
        for (index, it) in self.levels.iter().enumerate() {
            problems.unless(unique(&it.id), format!("/levels/{index}/id"), "used by another challenge or level, or by the streaks");
            problems.unless(it.from > before, format!("/levels/{index}/from"), "more than the level before");
            before = it.from;
        }
        for (index, it) in self.exclusives.iter().enumerate() {
            let same = |other: &Exclusive| other.reward.id == it.reward.id;
            let free = self.exclusives.iter().position(same) == Some(index) && !ids.contains(&&it.reward.id) && &*it.reward.id != STREAK;
            problems.unless(free, format!("/exclusives/{index}/reward/id"), "used by another reward");
            problems.unless(
                self.levels.iter().any(|level| level.id == it.level),
                format!("/exclusives/{index}/level"),
                "not one of the levels",
            );
        }
    }
}
