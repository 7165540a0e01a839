use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Chance, Effect, Points};

use super::*;

const PLAIN: &str = r#"{"earn": {"points": 1, "minor": 100}, "streak": null, "levels": [], "exclusives": [], "challenges": [
    {"id": "coffee", "title": {"en": "Three coffees", "pl": "Trzy kawy"}, "parts": [{"goods": {"categories": ["COFFEE*"]}, "needed": 3}], "points": 50},
    {"id": "both", "title": "Bread and eggs", "parts": [{"goods": {"categories": ["BREAD"]}}, {"goods": {"categories": ["EGGS"]}, "needed": 2}], "window": "week", "points": 20}
]}"#;

const STREAKS: &str = r#"{"challenges": [], "levels": [], "exclusives": [], "streak": {"minimum": 500, "milestones": [{"weeks": 2, "points": 10}, {"weeks": 4, "points": 40}]}}"#;

const NOVEMBER: &str = "2026-11-10T12:00:00-05:00";

fn till(config: &str) -> Till<Challenges> {
    let mut till = Till::new(config);
    till.at(NOVEMBER);
    till
}

fn coffees(pieces: i64) -> Basket {
    Basket::usd().item("1", "COFFEE SHOP", pieces * 1_000, pieces * 99)
}

fn badges(till: &Till<Challenges>) -> Vec<String> {
    till.view().badges.iter().map(|badge| format!("{} {}", badge.name, badge.period).trim().to_owned()).collect()
}

/// Buys for this amount on each of these days.
fn on(till: &mut Till<Challenges>, days: &[&str], amount: i64) -> Points {
    days.iter().fold(Points::ZERO, |_, day| till.at(&format!("{day}T12:00:00-05:00")).buy(Basket::usd().line("SOUP", amount)).points())
}

#[test]
fn three_of_these_in_a_month() {
    let mut till = till(PLAIN);
    assert_eq!(till.buy(coffees(2)).points(), Points::new(1));
    let offer = till.offer("coffee").unwrap();
    assert_eq!((offer.target.as_ref().unwrap().have, offer.target.as_ref().unwrap().need), (2, 3));
    assert_eq!(till.text("mk", &offer.reason.unwrap()), "Парчиња што уште недостасуваат: 1");
    let answer = till.buy(coffees(1));
    assert_eq!(answer.points_under("challenge:coffee:2026-11"), Points::new(50));
    assert_eq!(badges(&till), ["coffee 2026-11"]);
    assert_eq!(till.buy(coffees(5)).points(), Points::new(4), "once a month");
    let offer = till.offer("coffee").unwrap();
    assert_eq!(offer.valid_until_ms, Some(coalition_sdk::testkit::instant("2026-12-01T00:00:00-05:00").ms));
    till.at("2026-12-01T00:00:00-05:00");
    assert_eq!(till.buy(coffees(3)).points_under("challenge:coffee:2026-12"), Points::new(50));
}

#[test]
fn all_parts_make_a_challenge() {
    let mut till = till(PLAIN);
    assert_eq!(till.buy(Basket::usd().line("EGGS", 10).line("EGGS", 10)).points(), Points::ZERO);
    let answer = till.buy(Basket::usd().line("BREAD", 10));
    assert_eq!(answer.points_under("challenge:both:2026-W46"), Points::new(20));
    // What was free, or is excluded, is no piece.
    till.at("2026-11-17T12:00:00-05:00");
    assert_eq!(till.buy(Basket::usd().line("BREAD", 0).item("1", "EGGS", 2_000, 20)).points(), Points::ZERO);
}

#[test]
fn what_is_achieved_without_the_returned_goods_stays() {
    let mut till = till(PLAIN);
    till.buy(coffees(2));
    till.buy(coffees(1));
    till.buy(coffees(2));
    // The one that met the challenge comes back, and it is still met.
    till.refund_all(1);
    assert_eq!(till.view().awarded_under("challenge:coffee:2026-11"), Points::new(50));
    assert_eq!(badges(&till), ["coffee 2026-11"]);
    // One more, and it isn't.
    till.refund_all(0);
    assert_eq!(till.view().awarded_under("challenge:coffee:2026-11"), Points::ZERO);
    assert!(badges(&till).is_empty());
    assert_eq!(till.view().counter("score"), till.points().get() + 2 * 2, "two pieces are left");
}

#[test]
fn a_return_in_december_counts_in_november() {
    let mut till = till(PLAIN);
    till.buy(coffees(2));
    till.buy(coffees(2));
    till.at("2026-12-05T12:00:00-05:00");
    till.buy(coffees(2));
    till.refund_all(0);
    assert_eq!(till.view().awarded_under("challenge:coffee:2026-11"), Points::ZERO);
    assert_eq!(till.view().counter("coffee-1"), 2, "December's are untouched");
}

#[test]
fn weeks_in_a_row() {
    let mut till = till(STREAKS);
    assert_eq!(on(&mut till, &["2026-11-02", "2026-11-09"], 500), Points::new(5 + 10));
    assert_eq!(badges(&till), ["streak-2 2026-W46"]);
    assert_eq!(on(&mut till, &["2026-11-10"], 500), Points::new(5), "once a week");
    let offer = till.offer("streak").unwrap();
    assert_eq!((offer.target.as_ref().unwrap().have, offer.target.as_ref().unwrap().need), (2, 4));
    assert_eq!(on(&mut till, &["2026-11-16", "2026-11-23"], 500), Points::new(5 + 40));
    assert!(till.offer("streak").is_none(), "nothing further to reach");
    // A week left out, and one with too little.
    assert_eq!(on(&mut till, &["2026-12-07", "2026-12-14"], 499), Points::new(4));
    assert_eq!(on(&mut till, &["2026-12-15", "2026-12-21"], 500), Points::new(5 + 10));
}

#[test]
fn a_streak_is_open_until_its_week_ends() {
    let mut till = till(STREAKS);
    on(&mut till, &["2026-11-02", "2026-11-09"], 500);
    till.at("2026-11-18T12:00:00-05:00");
    let offer = till.offer("streak").unwrap();
    assert_eq!(offer.target.unwrap().have, 2);
    assert_eq!(offer.valid_until_ms, Some(coalition_sdk::testkit::instant("2026-11-23T00:00:00-05:00").ms));
    till.at("2026-11-23T00:00:00-05:00");
    assert_eq!(till.offer("streak").unwrap().target.unwrap().have, 0);
}

#[test]
fn a_return_breaks_the_streak_and_what_came_of_it() {
    let mut till = till(STREAKS);
    on(&mut till, &["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"], 500);
    assert_eq!(till.points(), Points::new(4 * 5 + 10 + 40));
    // The second week goes: two weeks in a row end with the fourth now, and not with the second.
    till.refund_all(1);
    assert_eq!(till.points(), Points::new(3 * 5 + 10));
    assert_eq!(badges(&till), ["streak-2 2026-W48"]);
    assert_eq!(till.view().counter("score"), 15);
}

#[test]
fn levels_follow_the_score() {
    let config = r#"{"challenges": [], "streak": null}"#;
    let mut till = till(config);
    let answer = till.buy(Basket::usd().line("WINE", 50_000));
    let told = answer.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("ru", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("Ваш уровень теперь: Ученик."));
    assert_eq!(badges(&till), ["apprentice"]);
    let offer = till.offer("journeyman").unwrap();
    assert_eq!((offer.target.as_ref().unwrap().have, offer.target.as_ref().unwrap().need), (500, 2_000));
    assert_eq!(till.quote("masters-mug", 1, None).unwrap_err().code, "not-eligible");
    till.buy(Basket::usd().line("WINE", 450_000));
    assert_eq!(badges(&till), ["apprentice", "journeyman", "master"]);
    assert_eq!(till.quote("masters-mug", 1, None).unwrap().points, Points::new(800));
    assert_eq!(till.quote("journeyman", 1, None).unwrap_err().code, "not-eligible");
    assert_eq!(till.quote("duke", 1, None).unwrap_err().code, "unknown-reward");
    till.refund_all(1);
    assert_eq!(badges(&till), ["apprentice"]);
    till.buy(Basket::usd().line("WINE", 100));
    till.refund_all(0);
    assert!(badges(&till).is_empty());
}

#[test]
fn the_level_stays_where_others_carry_it() {
    let mut till = till(r#"{"challenges": [], "streak": null}"#);
    till.buy(Basket::usd().line("WINE", 50_000));
    till.buy(Basket::usd().line("WINE", 60_000));
    till.refund_all(0);
    assert_eq!(badges(&till), ["apprentice"]);
}

/// Two hundred histories of a few weeks, bought and returned in any order, against a member who never bought what came back.
#[test]
fn random_histories_with_returns_end_alike() {
    let config = PLAIN.replace(
        "\"streak\": null",
        "\"streak\": {\"minimum\": 200, \"milestones\": [{\"weeks\": 2, \"points\": 10}, {\"weeks\": 3, \"points\": 30}]}",
    );
    let days = ["2026-11-02", "2026-11-05", "2026-11-10", "2026-11-13", "2026-11-17", "2026-11-20", "2026-11-25", "2026-11-27"];
    for seed in 0..200 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let (mut with, mut without) = (till(&config), till(&config));
        let mut returned = Vec::new();
        for (number, day) in days.iter().enumerate() {
            let basket = |coffees: i64, bread: i64| {
                Basket::usd()
                    .item("1", "COFFEE", coffees * 1_000, coffees * 100)
                    .item("2", "BREAD", bread * 1_000, bread * 100)
                    .line("EGGS", 100)
            };
            let (coffees, bread) = (1 + below(3), 1 + below(2));
            for till in [&mut with, &mut without] {
                till.at(&format!("{day}T12:00:00-05:00"));
            }
            with.buy(basket(coffees, bread));
            if below(2) == 0 {
                returned.push(number);
            } else {
                without.buy(basket(coffees, bread));
            }
        }
        if below(2) == 0 {
            returned.reverse();
        }
        for till in [&mut with, &mut without] {
            till.at("2026-11-29T12:00:00-05:00");
        }
        for purchase in returned {
            with.refund_all(purchase);
        }
        let seen = |till: &Till<Challenges>| {
            let mut badges = badges(till);
            badges.sort();
            (till.points(), badges, till.view().counter("score"), till.view().counter("weeks"), till.view().counter("coffee-1"))
        };
        assert_eq!(seen(&with), seen(&without), "seed {seed}");
    }
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    let goods = ["COFFEE", "BREAD", "EGGS", "SOUP", "GIFT CARDS"];
    for config in ["{}", PLAIN, STREAKS] {
        let prepare = |till: &mut Till<Challenges>| {
            till.at(NOVEMBER);
        };
        splitting_never_earns_more::<Challenges>(config, &goods, prepare);
        more_never_earns_less::<Challenges>(config, &goods, prepare);
    }
}

#[test]
fn every_language_says_everything() {
    for config in ["{}", PLAIN, STREAKS, r#"{"challenges": [], "streak": null, "levels": [], "exclusives": [], "excluded": {}}"#] {
        speaks::<Challenges>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
    let manifest = describe::<Challenges>("{}").unwrap();
    let terms = |locale: &str| {
        let texts = manifest.texts.iter().find(|texts| texts.locale == locale).unwrap();
        texts.entries.iter().find(|(key, _)| key == "terms").unwrap().1.clone()
    };
    assert!(terms("en").contains("Three breakfasts, once a month: 3 × BREAKFAST, COFFEE, COLD CEREAL bring 50 points."), "{}", terms("en"));
    assert!(terms("pl").contains("raz w tygodniu"), "{}", terms("pl"));
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<Challenges>(
        r#"{"challenges": [{"id": "streak", "title": "A", "parts": [{"goods": {}}], "window": "lifetime", "points": 1}],
            "levels": [{"id": "a", "title": "A", "from": 500}, {"id": "a", "title": "B", "from": 400}],
            "streak": {"milestones": [{"weeks": 4, "points": 1}, {"weeks": 4, "points": 1}]}}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    let wrong = [
        "/challenges/0/id",
        "/challenges/0/window",
        "/challenges/0/parts/0/goods",
        "/streak/milestones/1/weeks",
        "/levels/0/id",
        "/levels/1/id",
        "/levels/1/from",
        "/exclusives/0/level",
    ];
    assert_eq!(pointers, wrong);
}
