use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Effect, Points};

use super::*;

/// Every draw wins.
const SURE: &str =
    r#"{"prizes": [{"id": "cake", "title": "a cake", "per_million": 1000000, "points": 50, "voucher": {"kind": "sample", "value": 300}}]}"#;

fn till(config: &str) -> Till<Surprise> {
    let mut till = Till::new(config);
    till.at("2026-11-21T10:00:00-05:00");
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

fn config(text: &str) -> Config {
    coalition_sdk::settings::read(text).unwrap()
}

#[test]
fn the_odds_are_those_of_the_terms() {
    let config = config("{}");
    let mut won = std::collections::BTreeMap::new();
    for seed in 0..1_000_000_u64 {
        // Seeds as the gateway has them: spread over all 64 bits.
        let number = draw::number(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)).unwrap();
        assert!((0..config::DRAWN_FROM).contains(&number));
        *won.entry(draw::prize(number, &config).map(|prize| prize.id.to_string())).or_insert(0_i64) += 1;
    }
    // Within five standard deviations of 20 000, 5 000 and 100.
    for (id, expected, within) in [("hundred", 20_000, 700), ("coffee", 5_000, 353), ("jackpot", 100, 50)] {
        let won = won[&Some(id.to_owned())];
        assert!((won - expected).abs() <= within, "{id}: {won} of {expected}");
    }
}

#[test]
fn every_number_belongs_to_one_prize_at_most() {
    let config = config("{}");
    let prize = |number| draw::prize(number, &config).map(|prize| &*prize.id);
    assert_eq!((prize(0), prize(19_999)), (Some("hundred"), Some("hundred")));
    assert_eq!((prize(20_000), prize(24_999)), (Some("coffee"), Some("coffee")));
    assert_eq!((prize(25_000), prize(25_099), prize(25_100)), (Some("jackpot"), Some("jackpot"), None));
}

#[test]
fn the_same_event_draws_the_same_number() {
    // What anyone can compute: SplitMix64 of the seed, its product with a million, the upper 64 bits.
    for (seed, number) in [(0_u64, 883_310), (7, draw::number(7).unwrap())] {
        assert_eq!(draw::number(seed), Ok(number));
        let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        assert_eq!((u128::from(mixed) * 1_000_000) >> 64, u128::try_from(number).unwrap());
    }
}

#[test]
fn one_draw_a_day_with_a_purchase_of_the_minimum() {
    let mut till = till(SURE);
    assert_eq!(till.buy(soup(499)).points(), Points::new(4));
    assert_eq!(till.buy(Basket::usd().line("SOUP", 100).line("GIFT CARDS", 900)).points(), Points::new(1));
    assert!(till.offer("draw").unwrap().eligible);
    let answer = till.buy(soup(500));
    assert_eq!((answer.points_under("prize:cake"), answer.vouchers("cake")), (Points::new(50), 1));
    let told = answer
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Instruct(it) if it.kind == "x-draw" && it.attributes.number("x-of") == Some(1_000_000)));
    assert!(told, "the number is told, whether it wins or not");
    assert_eq!(till.buy(soup(5_000)).points(), Points::new(50), "no second draw");
    let offer = till.offer("draw").unwrap();
    assert_eq!(till.text("ro", &offer.reason.unwrap()), "Tragerea de azi a avut loc; următoarea este mâine.");
    assert!(till.offer("cake").unwrap().eligible);
    till.at("2026-11-22T00:00:00-05:00");
    assert_eq!(till.buy(soup(500)).vouchers("cake"), 1);
}

#[test]
fn returned_goods_take_their_prize_with_them_and_draw_no_second_time() {
    let mut till = till(SURE);
    till.buy(Basket::usd().line("SOUP", 400).line("EGGS", 300));
    till.refund(0, &[1]);
    assert_eq!((till.points(), till.view().open_vouchers("cake").len()), (Points::new(4), 0));
    assert_eq!(till.view().counter("draws"), 1, "used");
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(10));
    till.refund(0, &[0]);
    till.refund_all(1);
    assert_eq!((till.points(), till.view().counter("draws")), (Points::ZERO, 1));
    // Another day has its own draw, also when goods of yesterday come back.
    till.at("2026-11-22T10:00:00-05:00");
    till.buy(soup(600));
    till.at("2026-11-23T10:00:00-05:00");
    till.refund_all(2);
    assert_eq!(till.view().counter("draws"), 0);
    assert_eq!(till.buy(soup(600)).vouchers("cake"), 1);
}

#[test]
fn what_is_kept_above_the_minimum_keeps_the_prize() {
    let mut till = till(SURE);
    till.buy(Basket::usd().line("SOUP", 500).line("EGGS", 300));
    till.refund(0, &[1]);
    assert_eq!(till.view().open_vouchers("cake").len(), 1);
    till.use_voucher("cake");
    till.refund(0, &[0]);
    assert_eq!(till.points(), Points::ZERO);
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    for config in ["{}", SURE] {
        let prepare = |till: &mut Till<Surprise>| {
            till.at("2026-11-21T10:00:00-05:00");
        };
        more_never_earns_less::<Surprise>(config, &["SOUP", "GIFT CARDS"], prepare);
    }
    // Where all draws win alike; which of two purchases draws is chance.
    splitting_never_earns_more::<Surprise>(SURE, &["SOUP", "GIFT CARDS"], |till| {
        till.at("2026-11-21T10:00:00-05:00");
    });
}

#[test]
fn prizes_are_not_for_points() {
    let till = till("{}");
    let code = |reward| till.quote(reward, 1, None).unwrap_err().code;
    assert_eq!(
        (code("draw").as_str(), code("coffee").as_str(), code("hundred").as_str()),
        ("not-eligible", "not-eligible", "unknown-reward")
    );
}

#[test]
fn every_language_says_everything() {
    for config in ["{}", SURE] {
        speaks::<Surprise>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
    let manifest = describe::<Surprise>("{}").unwrap();
    let terms = &manifest.texts[4].entries.iter().find(|(key, _)| key == "terms").unwrap().1;
    assert!(terms.contains("Шансы: сто баллов 1:50, кофе за счёт заведения 1:200, две тысячи баллов 1:10000."), "{terms}");
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<Surprise>(
        r#"{"prizes": [{"id": "draw", "title": "A", "per_million": 600000, "points": 1}, {"id": "b", "title": "B", "per_million": 600000}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/prizes/0/id", "/prizes/1", "/prizes/1/per_million"]);
}
