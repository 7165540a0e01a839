//! What a merchant can change. As it comes: reviews by who has bought, photos, ideas, a quiz and a survey, sharing and visits; each with its limits.

use coalition_sdk::{
    MOST, PerMember, Priced, RewardKind, Window, settings,
    settings::{Id, Problems, Words},
};

/// Counters are 32 at most: two for each action, and one for the levels.
const ACTIONS_MAX: i64 = 12;

settings! {
    /// Points for taking part.
    pub struct Config {
        /// The currency of what rewards are worth.
        pub currency: coalition_sdk::Currency = coalition_sdk::Currency::USD,
        /// What earns points.
        #[within(1, ACTIONS_MAX)]
        pub actions: Vec<Action> = usual(),
        /// At most so many points a day for all of it; null: without end.
        #[within(1, MOST)]
        pub day_points_max: Option<i64> = Some(100),
        /// Badges by the points that taking part has earned, lowest first.
        #[within(0, 8)]
        pub levels: Vec<Level> = vec![
            Level { id: Id::of("guide"), title: Words::own(&GUIDE), from: 250 },
            Level { id: Id::of("expert"), title: Words::own(&EXPERT), from: 1_500 },
        ],
        /// What can be had for points.
        #[within(0, 20)]
        pub rewards: Vec<Priced> = vec![preview()],
    }

    /// Something that earns points.
    pub struct Action {
        /// Its own among the actions; members' limits keep to it.
        pub id: Id,
        /// What members read, such as "A review".
        #[within(1, 80)]
        pub title: Words,
        /// The kind of activity: review, survey, quiz, visit, social, referral, signup, subscription, donation, or your own, which begins with x-.
        #[within(1, 64)]
        pub kind: String,
        /// What it earns; where there is a score, for each of it.
        #[within(1, 100_000)]
        pub points: i64,
        /// The attribute with a number that the points are multiplied by, such as x-score; null: none.
        #[within(1, 64)]
        pub score: Option<String> = None,
        /// A score above this counts as this.
        #[within(1, 1_000)]
        pub score_max: u32 = 10,
        /// More for what is better made; null: no.
        pub more: Option<More> = None,
        /// At most so many a day.
        #[within(1, 1_000)]
        pub day_max: u32 = 1,
        /// At most so many ever; null: without end.
        #[within(1, 100_000)]
        pub ever_max: Option<u32> = None,
        /// The points come when the merchant reports this, such as approved; null: at once.
        pub waits_for: Option<Id> = None,
        /// Only for members who have bought here.
        pub buyers_only: bool = false,
    }

    /// More for what is better made.
    pub struct More {
        /// What members read, such as "with 200 characters or more".
        #[within(1, 80)]
        pub title: Words,
        /// The attribute with a number that is looked at.
        #[within(1, 64)]
        pub attribute: String,
        /// From this number on.
        pub from: i64,
        /// So many points more.
        #[within(1, 100_000)]
        pub points: i64,
    }

    /// A badge for taking part.
    pub struct Level {
        /// Its own among the levels.
        pub id: Id,
        /// What members read.
        #[within(1, 40)]
        pub title: Words,
        /// From so many points on, that taking part has earned.
        #[within(1, MOST)]
        pub from: i64,
    }
}

type Title = [(&'static str, &'static str); 5];

const REVIEW: Title = [("en", "A review"), ("ro", "O recenzie"), ("mk", "Рецензија"), ("pl", "Recenzja"), ("ru", "Отзыв")];
const LONG: Title = [
    ("en", "with 200 characters or more"),
    ("ro", "cu cel puțin 200 de caractere"),
    ("mk", "со најмалку 200 знаци"),
    ("pl", "od 200 znaków"),
    ("ru", "от 200 знаков"),
];
const PHOTO: Title = [("en", "A photo"), ("ro", "O fotografie"), ("mk", "Фотографија"), ("pl", "Zdjęcie"), ("ru", "Фотография")];
const IDEA: Title = [("en", "An idea"), ("ro", "O idee"), ("mk", "Идеја"), ("pl", "Pomysł"), ("ru", "Идея")];
const QUIZ: Title = [
    ("en", "A quiz, for each right answer"),
    ("ro", "Un quiz, pentru fiecare răspuns corect"),
    ("mk", "Квиз, за секој точен одговор"),
    ("pl", "Quiz, za każdą poprawną odpowiedź"),
    ("ru", "Викторина, за каждый верный ответ"),
];
const SURVEY: Title = [("en", "A survey"), ("ro", "Un sondaj"), ("mk", "Анкета"), ("pl", "Ankieta"), ("ru", "Опрос")];
const SHARE: Title = [
    ("en", "Shared with friends"),
    ("ro", "Distribuit prietenilor"),
    ("mk", "Споделено со пријатели"),
    ("pl", "Udostępnienie znajomym"),
    ("ru", "Рассказ друзьям"),
];
const VISIT: Title = [("en", "A visit"), ("ro", "O vizită"), ("mk", "Посета"), ("pl", "Wizyta"), ("ru", "Посещение")];
const GUIDE: Title = [("en", "Guide"), ("ro", "Ghid"), ("mk", "Водич"), ("pl", "Przewodnik"), ("ru", "Знаток")];
const EXPERT: Title = [("en", "Expert"), ("ro", "Expert"), ("mk", "Експерт"), ("pl", "Ekspert"), ("ru", "Эксперт")];
const PREVIEW: Title = [
    ("en", "Try what is new before others can"),
    ("ro", "Încercați noutățile înaintea altora"),
    ("mk", "Пробајте ги новостите пред другите"),
    ("pl", "Wypróbuj nowości przed innymi"),
    ("ru", "Попробуйте новинки раньше других"),
];

fn usual() -> Vec<Action> {
    let action = |id: Id, title: &'static Title, kind: &str, points, day_max| Action {
        id,
        title: Words::own(title),
        kind: kind.to_owned(),
        points,
        score: None,
        score_max: 10,
        more: None,
        day_max,
        ever_max: None,
        waits_for: None,
        buyers_only: false,
    };
    let seen = || Some(Id::of("approved"));
    let long = More { title: Words::own(&LONG), attribute: "x-characters".to_owned(), from: 200, points: 10 };
    vec![
        Action { more: Some(long), waits_for: seen(), buyers_only: true, ..action(Id::of("review"), &REVIEW, "review", 10, 3) },
        Action { waits_for: seen(), ..action(Id::of("photo"), &PHOTO, "x-photo", 5, 5) },
        Action { waits_for: seen(), ..action(Id::of("idea"), &IDEA, "x-idea", 15, 1) },
        Action { score: Some("x-score".to_owned()), ..action(Id::of("quiz"), &QUIZ, "quiz", 1, 1) },
        action(Id::of("survey"), &SURVEY, "survey", 10, 1),
        Action { ever_max: Some(20), ..action(Id::of("share"), &SHARE, "social", 3, 1) },
        action(Id::of("visit"), &VISIT, "visit", 2, 1),
    ]
}

fn preview() -> Priced {
    Priced {
        id: Id::of("preview"),
        title: Words::own(&PREVIEW),
        kind: RewardKind::EarlyAccess,
        points: 300,
        value: 500,
        stock: Some(100),
        per_member: Some(PerMember { max: 1, window: Window::Quarter }),
    }
}

impl Action {
    /// The counter of today's.
    pub(crate) fn today(&self) -> String {
        format!("today-{}", self.id)
    }

    /// The counter of all of them.
    pub(crate) fn ever(&self) -> String {
        format!("ever-{}", self.id)
    }

    /// The key of its awards, and of what their reason says.
    pub(crate) fn key(&self) -> String {
        format!("did:{}", self.id)
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        const KINDS: [&str; 9] = ["signup", "referral", "review", "survey", "quiz", "visit", "social", "subscription", "donation"];
        for (index, action) in self.actions.iter().enumerate() {
            let same_id = |other: &Action| other.id == action.id;
            let same_kind = |other: &Action| other.kind == action.kind;
            problems.unless(self.actions.iter().position(same_id) == Some(index), format!("/actions/{index}/id"), "used by another action");
            problems.unless(self.actions.iter().position(same_kind) == Some(index), format!("/actions/{index}/kind"), "another action's");
            let own = |kind: &str| kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte));
            let known = KINDS.contains(&&*action.kind) || action.kind.strip_prefix("x-").is_some_and(|kind| !kind.is_empty() && own(kind));
            problems.unless(known, format!("/actions/{index}/kind"), format!("one of: {}; or your own, such as x-idea", KINDS.join(", ")));
        }
        let mut before = 0;
        for (index, level) in self.levels.iter().enumerate() {
            let same = |other: &Level| other.id == level.id;
            problems.unless(self.levels.iter().position(same) == Some(index), format!("/levels/{index}/id"), "used by another level");
            problems.unless(level.from > before, format!("/levels/{index}/from"), "more than the level before");
            before = level.from;
        }
        for (index, reward) in self.rewards.iter().enumerate() {
            let same = |other: &Priced| other.id == reward.id;
            problems.unless(self.rewards.iter().position(same) == Some(index), format!("/rewards/{index}/id"), "used by another reward");
        }
    }
}
