use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Attributes, Currency, Effect, Money, Points};

use super::*;

fn till(config: &str) -> Till<Donations> {
    let mut till = Till::new(config);
    till.at("2026-11-21T10:00:00-05:00");
    till
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

#[test]
fn any_amount_goes_to_a_cause_and_half_comes_on_top() {
    let till = till("{}");
    let quotation = till.quote("food-bank", 1, Some(333)).unwrap();
    assert_eq!((quotation.points, quotation.value), (Points::new(333), usd(499)), "half of 3.33 is 1.66, rounded down");
    assert_eq!(till.text("mk", &quotation.title), "Банката за храна");
    let code = |reward, amount| till.quote(reward, 1, amount).unwrap_err().code;
    assert_eq!(code("food-bank", None), "amount-needed");
    assert_eq!(code("food-bank", Some(9)), "minimum-not-met");
    assert_eq!(code("zoo", Some(100)), "unknown-reward");
    assert_eq!(till.quote("tree", 2, None).unwrap().points, Points::new(500));
}

#[test]
fn a_begun_point_is_a_point() {
    let till = till(r#"{"rate": {"points": 3, "minor": 2}, "match_bp": 0}"#);
    let quotation = till.quote("forest", 1, Some(101)).unwrap();
    assert_eq!((quotation.points, quotation.value), (Points::new(152), usd(101)));
}

#[test]
fn a_purchase_is_rounded_up() {
    let till = till("{}");
    let quotation = till.quote("round-up", 1, Some(37)).unwrap();
    assert_eq!((quotation.points, quotation.value), (Points::new(37), usd(55)));
    let code = |amount| till.quote("round-up", 1, amount).unwrap_err().code;
    assert_eq!(
        (code(Some(100)).as_str(), code(Some(0)).as_str(), code(None).as_str()),
        ("nothing-to-round", "nothing-to-round", "amount-needed")
    );
}

#[test]
fn who_gives_is_thanked_and_has_a_badge_for_the_year() {
    let mut till = till("{}");
    let answer = till.redemption("captured", "food-bank", 300, usd(450));
    let told = answer.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("en", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("Thank you! Points given: 300; with our part they are 4.50 USD."));
    assert!(till.view().has_badge("donor", "2026"));
    assert_eq!(till.view().counter("given"), 300);
    till.redemption("captured", "tree", 250, usd(300));
    till.redemption("reversed", "food-bank", 300, usd(450));
    assert!(till.view().has_badge("donor", "2026"), "the tree stands");
    till.redemption("reversed", "tree", 250, usd(300));
    assert!(!till.view().has_badge("donor", "2026"));
    assert_eq!(till.view().counter("given"), 0);
    assert!(till.redemption("held", "tree", 250, usd(300)).effects.is_empty());
}

#[test]
fn organic_goods_earn_half_as_much_again() {
    let mut till = till("{}");
    let basket = Basket::usd().line("ORGANIC EGGS", 599).line("SOUP", 350).line("WINE", 201).mark(2, "x-eco", true);
    let answer = till.buy(basket);
    assert_eq!((answer.points_under("base"), answer.points_under("eco")), (Points::new(11), Points::new(4)));
    till.refund(0, &[0]);
    assert_eq!(till.points(), Points::new(6), "5.51, and half of 2.01");
}

#[test]
fn ones_own_bag_counts_once_a_day() {
    let mut till = till("{}");
    let with_bag = || Basket::usd().line("SOUP", 300).with("x-own-bag", true);
    assert_eq!(till.buy(with_bag()).points(), Points::new(8));
    assert_eq!(till.buy(with_bag()).points(), Points::new(3));
    // The first comes back: the second had a bag too.
    till.refund_all(0);
    assert_eq!(till.points(), Points::new(8));
    till.refund_all(1);
    assert_eq!(till.points(), Points::ZERO);
    till.at("2026-11-22T10:00:00-05:00");
    assert_eq!(till.buy(with_bag()).points_under("own-bag:2026-11-22"), Points::new(5));
}

#[test]
fn what_is_brought_earns_twice_a_month() {
    let mut till = till("{}");
    let points: Vec<i64> = (0..3).map(|_| till.activity("donation", Attributes::default()).points().get()).collect();
    assert_eq!(points, [20, 20, 0]);
    till.at("2026-12-01T10:00:00-05:00");
    assert_eq!(till.activity("donation", Attributes::default()).points(), Points::new(20));
}

#[test]
fn offers_show_what_points_do() {
    let mut till = till("{}");
    till.member(|member| member.balance = Some(Points::new(100)));
    let offer = till.offer("food-bank").unwrap();
    assert_eq!((offer.eligible, offer.points, offer.value), (true, Some(Points::new(10)), Some(usd(15))));
    let tree = till.offer("tree").unwrap();
    assert_eq!((tree.eligible, tree.target.unwrap().need), (false, 250));
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    let goods = ["SOUP", "ORGANIC EGGS", "GIFT CARDS"];
    let prepare = |till: &mut Till<Donations>| {
        till.at("2026-11-21T10:00:00-05:00");
    };
    splitting_never_earns_more::<Donations>("{}", &goods, prepare);
    more_never_earns_less::<Donations>("{}", &goods, prepare);
}

#[test]
fn every_language_says_everything() {
    let bare = r#"{"causes": [], "gifts": [], "round_up": null, "eco": null, "own_bag_points": 0, "brought": null, "excluded": {}}"#;
    for config in ["{}", bare] {
        speaks::<Donations>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<Donations>(
        r#"{"causes": [{"id": "round-up", "title": "A"}], "gifts": [{"id": "b", "title": "B", "kind": "gift", "points": 1, "value": 1}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/causes/0/id", "/gifts/0/kind", "/round_up/cause"]);
}
