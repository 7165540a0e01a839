//! What a merchant can change. As it comes, every tenth visit is rewarded.

use coalition_sdk::{
    Currency, Selection, choices, settings,
    settings::{Id, Problems},
};

/// Above this a number is a slip of the finger.
const MINOR_MAX: i64 = 100_000_000_000;

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
        pub title: String,
        /// What has a stamp.
        pub counts: Counts = Counts::Pieces,
        /// Which goods; of a visit at least one of them.
        pub goods: Selection = Selection::of_categories(&["*"]),
        /// How many stamps fill the card; the next one is free.
        #[within(2, 100)]
        pub needed: u32 = 9,
        /// A piece, or a visit, for less than this many minor units has no stamp. What was free has none in any case.
        #[within(0, MINOR_MAX)]
        pub minimum: i64 = 0,
        /// At most so many stamps for one purchase.
        #[within(1, 20)]
        pub stamps_max: u32 = 20,
        /// What a full card gives, such as "a coffee of your choice".
        #[within(1, 120)]
        pub gives: String,
        /// The most it is worth, in minor units; null: whatever it costs.
        #[within(1, MINOR_MAX)]
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
    }
}

fn tenth_visit() -> Card {
    const VISITS: Id = Id::of("visits");
    Card {
        id: VISITS,
        title: "Visitor's card".to_owned(),
        counts: Counts::Visits,
        goods: Selection::of_categories(&["*"]),
        needed: 9,
        minimum: 500,
        stamps_max: 1,
        gives: "5.00 off your tenth visit".to_owned(),
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
}
