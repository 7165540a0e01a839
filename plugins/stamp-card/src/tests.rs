use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Chance, Effect, Points};

use super::*;

const COFFEE: &str = r#"{"points_per_stamp": 0, "cards": [
    {"id": "coffee", "title": "Coffee card", "goods": {"categories": ["COFFEE*"]}, "needed": 9, "gives": "a coffee of your choice", "worth": 450}
]}"#;

fn coffee() -> Basket {
    Basket::usd().line("COFFEE SHOP", 350).line("ROLLS", 50)
}

#[test]
fn the_tenth_coffee_is_free() {
    let mut till = Till::<StampCard>::new(COFFEE);
    for _ in 0..8 {
        assert_eq!(till.buy(coffee()).vouchers("coffee"), 0);
    }
    let offer = till.offer("coffee").unwrap();
    assert!(!offer.eligible);
    assert_eq!(till.text("en", &offer.reason.unwrap()), "Stamps still missing: 1", "eight of nine");
    let ninth = till.buy(coffee());
    assert_eq!(ninth.vouchers("coffee"), 1);
    assert!(till.offer("coffee").unwrap().eligible);
    assert!(till.view().has_badge("first-card", ""));
    // The free one: nothing was paid, so it has no stamp.
    till.use_voucher("coffee");
    assert!(till.buy(Basket::usd().line("COFFEE SHOP", 0)).effects.is_empty());
    assert_eq!(till.offer("coffee").unwrap().target.unwrap().have, 0);
}

#[test]
fn the_last_but_one_stamp_is_told() {
    let mut till = Till::<StampCard>::new(COFFEE);
    let eight = Basket::usd().item("1", "COFFEE", 8_000, 2_800);
    let answer = till.buy(eight);
    let told = answer.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("en", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("One more stamp and “Coffee card” is full: a coffee of your choice"));
}

#[test]
fn pieces_are_counted_and_what_is_left_over_stays() {
    let mut till = Till::<StampCard>::new(COFFEE);
    let twenty = Basket::usd().item("1", "COFFEE", 20_000, 7_000);
    assert_eq!(till.buy(twenty).vouchers("coffee"), 2);
    let offer = till.view();
    assert_eq!(offer.counter("stamps-coffee"), 20);
    assert_eq!(till.buy(Basket::usd().item("1", "COFFEE", 7_000, 2_450)).vouchers("coffee"), 1);
}

#[test]
fn what_is_weighed_counts_once_and_a_tanker_is_capped() {
    let config = r#"{"cards": [{"id": "fuel", "title": "Fuel card", "goods": {"categories": ["FUEL", "CHEESE"]}, "gives": "a car wash", "stamps_max": 3}]}"#;
    let mut till = Till::<StampCard>::new(config);
    let answer = till.buy(Basket::usd().item("1", "CHEESE", 350, 420));
    assert_eq!(answer.points(), Points::new(2), "one stamp at two points");
    till.buy(Basket::usd().item("1", "FUEL", 10_087_000, 2_501));
    assert_eq!(till.view().counter("stamps-fuel"), 4);
}

#[test]
fn a_visit_has_one_stamp_if_enough_is_spent() {
    let mut till = Till::<StampCard>::new("{}");
    assert!(till.buy(Basket::usd().line("SOUP", 499)).effects.is_empty());
    till.buy(Basket::usd().line("SOUP", 300).line("EGGS", 200));
    till.buy(Basket::usd().total_only(2_000));
    assert_eq!(till.view().counter("stamps-visits"), 2);
    for _ in 0..7 {
        till.buy(Basket::usd().line("SOUP", 600));
    }
    assert_eq!(till.view().open_vouchers("visits").len(), 1);
}

#[test]
fn a_cheap_piece_has_no_stamp() {
    let config = r#"{"points_per_stamp": 0, "cards": [{"id": "lunch", "title": "Lunch", "goods": {"categories": ["SANDWICHES"]}, "gives": "lunch", "minimum": 400}]}"#;
    let mut till = Till::<StampCard>::new(config);
    till.buy(Basket::usd().item("1", "SANDWICHES", 2_000, 799));
    till.buy(Basket::usd().item("1", "SANDWICHES", 2_000, 800));
    assert_eq!(till.view().counter("stamps-lunch"), 2);
}

/// For every way of returning goods: the member ends as one who never bought what came back.
#[test]
fn returns_leave_no_trace() {
    let config = COFFEE.replace("\"points_per_stamp\": 0", "\"points_per_stamp\": 2");
    let config = config.replace("\"needed\": 9", "\"needed\": 3");
    let basket = |coffees: i64| {
        let basket = Basket::usd().line("ROLLS", 50);
        basket.item("1", "COFFEE", coffees * 1_000, coffees * 350)
    };
    for returned in 0..5 {
        let mut with = Till::<StampCard>::new(&config);
        let mut without = Till::<StampCard>::new(&config);
        for (number, coffees) in [1, 2, 2, 1, 3].into_iter().enumerate() {
            with.buy(basket(coffees));
            if number != returned {
                without.buy(basket(coffees));
            }
        }
        with.refund(returned, &[1]);
        // A purchase afterwards settles what later decisions gave too much or too little.
        with.buy(basket(3));
        without.buy(basket(3));
        let counter = |till: &Till<StampCard>| till.view().counter("stamps-coffee");
        assert_eq!(counter(&with), counter(&without));
        let issued = |till: &Till<StampCard>| till.view().vouchers_issued("coffee");
        assert_eq!(issued(&with), issued(&without), "returned {returned}");
        assert_eq!(with.points(), without.points());
    }
}

/// Two hundred histories of purchases, each returned in whole or in part, in any order, against a member who never bought what came back.
#[test]
fn random_histories_with_returns_end_alike() {
    let config = COFFEE.replace("\"points_per_stamp\": 0", "\"points_per_stamp\": 2");
    let config = config.replace("\"needed\": 9", "\"needed\": 4");
    let bag = |coffees: &[i64]| {
        let add = |basket: Basket, n: &i64| basket.item("1", "COFFEE", n * 1_000, n * 350);
        coffees.iter().fold(Basket::usd(), add)
    };
    for seed in 0..200 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let mut with = Till::<StampCard>::new(&config);
        let mut without = Till::<StampCard>::new(&config);
        let mut returns = Vec::new();
        for purchase in 0..10 {
            let coffees = [1 + below(3), 1 + below(3), 1 + below(3)];
            let returned: Vec<u32> = (0..3).filter(|_| below(3) == 0).collect();
            with.buy(bag(&coffees));
            let kept = coffees.iter().zip(0_u32..);
            let kept: Vec<i64> = kept.filter(|(_, line)| !returned.contains(line)).map(|(n, _)| *n).collect();
            without.buy(bag(&kept));
            // At once, or later.
            returns.extend(returned.into_iter().map(|line| (purchase, line)));
            if below(2) == 0 {
                for (purchase, line) in returns.drain(..) {
                    with.refund(purchase, &[line]);
                }
            }
        }
        while let Some((purchase, line)) = returns.pop() {
            with.refund(purchase, &[line]);
        }
        for till in [&mut with, &mut without] {
            till.buy(bag(&[1]));
        }
        let seen = |till: &Till<StampCard>| {
            let view = till.view();
            let issued = view.vouchers_issued("coffee");
            (view.counter("stamps-coffee"), issued, till.points())
        };
        assert_eq!(seen(&with), seen(&without), "seed {seed}");
    }
}

#[test]
fn a_used_voucher_whose_goods_came_back_is_owed() {
    let config = COFFEE.replace("\"needed\": 9", "\"needed\": 3");
    let mut till = Till::<StampCard>::new(&config);
    let three = || Basket::usd().item("1", "COFFEE", 3_000, 1_050);
    till.buy(three());
    till.use_voucher("coffee");
    till.refund_all(0);
    // Three stamps make good for the voucher that was used; three more fill a card.
    assert_eq!(till.buy(three()).vouchers("coffee"), 0);
    assert_eq!(till.buy(three()).vouchers("coffee"), 1);
}

#[test]
fn an_amount_has_a_stamp_for_every_full_ten_dollars() {
    let config = r#"{"points_per_stamp": 0, "cards": [{"id": "tens", "title": "Tens", "counts": "amounts", "per": 1000, "gives": "a bag",
        "goods": {"categories": ["SOUP", "EGGS"]}, "minimum": 1500, "needed": 5}]}"#;
    let mut till = Till::<StampCard>::new(config);
    till.buy(Basket::usd().line("SOUP", 1_499));
    assert_eq!(till.view().counter("stamps-tens"), 0, "below the minimum");
    till.buy(Basket::usd().line("SOUP", 1_200).line("EGGS", 1_850).line("WINE", 9_000));
    assert_eq!(till.view().counter("stamps-tens"), 3, "30.50 of what counts, rounded once");
    assert_eq!(till.buy(Basket::usd().total_only(2_000)).vouchers("tens"), 1);
    till.refund(1, &[0]);
    assert_eq!(till.view().counter("stamps-tens"), 3, "18.50 is kept");
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<StampCard>("{}", &texts::LOCALES);
    speaks::<StampCard>(
        r#"{"cards": [{"id": "tens", "title": {"en": "Tens", "ru": "Десятки"}, "counts": "amounts", "gives": "a bag", "minimum": 1500, "worth": 300,
            "goods": {"categories": ["SOUP"]}}, {"id": "pieces", "title": "Pieces", "gives": "one"}]}"#,
        &texts::LOCALES,
    );
}

/// Not of visits: two are two. But pieces and amounts have no more stamps in two baskets than in one, and more never has fewer.
#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    let amounts = r#"{"cards": [{"id": "tens", "title": "Tens", "counts": "amounts", "per": 700, "gives": "a bag", "minimum": 900, "stamps_max": 20}]}"#;
    let pieces = r#"{"cards": [{"id": "coffee", "title": "Coffee", "goods": {"categories": ["COFFEE*"]}, "gives": "one"}]}"#;
    for config in [amounts, pieces] {
        more_never_earns_less::<StampCard>(config, &["COFFEE SHOP", "SOUP"], |_| {});
    }
    splitting_never_earns_more::<StampCard>(pieces, &["COFFEE SHOP", "SOUP"], |_| {});
    let amounts = amounts.replace("700", "30000");
    splitting_never_earns_more::<StampCard>(&amounts, &["COFFEE SHOP", "SOUP"], |_| {});
    more_never_earns_less::<StampCard>("{}", &["COFFEE SHOP", "SOUP"], |_| {});
}

#[test]
fn a_free_coffee_is_not_for_points() {
    let till = Till::<StampCard>::new(COFFEE);
    let code = |reward| till.quote(reward, 1, None).unwrap_err().code;
    assert_eq!(code("coffee"), "not-eligible");
    assert_eq!(code("tea"), "unknown-reward");
}

#[test]
fn the_terms_and_problems_are_plain() {
    let manifest = describe::<StampCard>(COFFEE).unwrap();
    let (_, terms) = manifest.texts[0].entries.iter().find(|(key, _)| key == "terms").unwrap();
    assert_eq!(
        terms,
        "Coffee card: a stamp for every piece. What counts: COFFEE. 9 stamps give a coffee of your choice, to be fetched within 60 days. \
         It is worth up to 4.50 USD. Goods you return take their stamps with them."
    );
    let problems = describe::<StampCard>(
        r#"{"cards": [{"id": "a", "title": "A", "gives": "x"}, {"id": "a", "title": "B", "gives": "y", "goods": {}}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/cards/1/id", "/cards/1/goods"]);
}
