//! What a merchant can change. As it comes, every tenth visit is rewarded.

use coalition_sdk::{
    Currency, MOST, Selection, choices, settings,
    settings::{Id, Problems, Words},
};

settings! {
    /// Stamp cards: so many stamps, and the next one is free.
    pub struct Config {
        /// The currency of the amounts below.
        pub currency: Currency = Currency::USD,
        /// The cards; each has its own stamps.
        #[within(1, 8)]
        pub cards: Vec<Card> = vec![tenth_visit()],
        /// Points that each stamp earns besides; 0: none.
        #[within(0, 10_000)]
        pub points_per_stamp: u32 = 2,
        /// Whether the first full card earns a badge.
        pub badge: bool = true,
    }

    /// A card.
    pub struct Card {
        /// Its own among the cards. A changed id is a new card, empty for everybody.
        pub id: Id,
        /// What members read, such as "Coffee card".
        #[within(1, 80)]
        pub title: Words,
        /// What has a stamp.
        pub counts: Counts = Counts::Pieces,
        /// How much has a stamp where amounts are counted, in minor units; a begun one has none.
        #[within(1, MOST)]
        pub per: i64 = 1_000,
        /// Which goods; of a visit at least one of them.
        pub goods: Selection = Selection::of_categories(&["*"]),
        /// How many stamps fill the card; the next one is free.
        #[within(2, 100)]
        pub needed: u32 = 9,
        /// A piece, or a purchase, for less than this many minor units has no stamp. What was free has none in any case.
        #[within(0, MOST)]
        pub minimum: i64 = 0,
        /// At most so many stamps for one purchase.
        #[within(1, 20)]
        pub stamps_max: u32 = 20,
        /// What a full card gives, such as "a coffee of your choice".
        #[within(1, 120)]
        pub gives: Words,
        /// The dearest that can be chosen for it, in minor units; null: whatever it costs.
        #[within(1, MOST)]
        pub worth: Option<i64> = None,
        /// How many days it can be fetched.
        #[within(1, 3_650)]
        pub voucher_days: u32 = 60,
    }
}

choices! {
    /// What has a stamp.
    pub enum Counts {
        /// Each piece; what is weighed or measured counts once a line.
        Pieces = "pieces",
        /// Each visit, however much is bought.
        Visits = "visits",
        /// Each full amount of `per`.
        Amounts = "amounts",
    }
}

const TITLE: Words = Words::own(&[
    ("en", "Visitor's card"),
    ("ro", "Cardul vizitatorului"),
    ("mk", "Картичка за посети"),
    ("pl", "Karta gościa"),
    ("ru", "Карта гостя"),
]);
const GIVES: Words = Words::own(&[
    ("en", "5.00 off your tenth visit"),
    ("ro", "5.00 reducere la a zecea vizită"),
    ("mk", "5.00 попуст при десеттата посета"),
    ("pl", "5.00 zniżki przy dziesiątej wizycie"),
    ("ru", "скидка 5.00 на десятое посещение"),
]);

fn tenth_visit() -> Card {
    const VISITS: Id = Id::of("visits");
    Card {
        id: VISITS,
        title: TITLE,
        counts: Counts::Visits,
        per: 1_000,
        goods: Selection::of_categories(&["*"]),
        needed: 9,
        minimum: 500,
        stamps_max: 1,
        gives: GIVES,
        worth: Some(500),
        voucher_days: 60,
    }
}

impl Config {
    /// What types and bounds can't say.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (index, card) in self.cards.iter().enumerate() {
            let same = |other: &Card| other.id == card.id;
            problems.unless(self.cards.iter().position(same) == Some(index), format!("/cards/{index}/id"), "used by another card");
            problems.unless(!card.goods.is_empty(), format!("/cards/{index}/goods"), "name at least one category or article; * means all");
        }
    }
}

impl Card {
    /// The counter of its stamps.
    pub(crate) fn counter(&self) -> String {
        format!("stamps-{}", self.id)
    }

    /// The key of what is said about it.
    pub(crate) fn says(&self, what: &str) -> String {
        format!("{what}:{}", self.id)
    }
}
