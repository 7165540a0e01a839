use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Availability, Effect, Moment, Money, Points};

use super::*;

const BONUSES: &str = r#"{"bonuses": [
    {"id": "fresh", "title": "Fresh week", "goods": {"categories": ["TROPICAL FRUIT", "SALAD*"]}, "multiplier_bp": 20000},
    {"id": "salad", "title": "Salad days", "goods": {"categories": ["SALAD MIX"]}, "multiplier_bp": 30000},
    {"id": "own", "title": "Our own brand", "goods": {"skus": ["1095275"]}, "multiplier_bp": 15000}
]}"#;

#[test]
fn a_point_for_every_full_dollar() {
    let mut till = Till::<PointsPerSpend>::new("{}");
    let answer = till.buy(Basket::usd().line("SOFT DRINKS", 350).line("ROLLS", 249));
    assert_eq!(answer.points(), Points::new(5), "5.99 has five full dollars");
    let Some(Effect::Award(award)) = answer.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!(till.text("en", &award.reason), "5.99 USD spent");
    assert!(award.lines.is_empty(), "all of the receipt");
}

#[test]
fn what_comes_to_less_than_a_point_is_no_award() {
    let mut till = Till::<PointsPerSpend>::new("{}");
    assert!(till.buy(Basket::usd().line("ROLLS", 99)).effects.is_empty());
    assert!(till.buy(Basket::usd()).effects.is_empty());
}

#[test]
fn excluded_goods_earn_nothing() {
    let mut till = Till::<PointsPerSpend>::new("{}");
    let basket = Basket::usd().line("CIGARETTES", 900).line("gift cards", 5_000).line("SOUP", 300);
    let answer = till.buy(basket);
    assert_eq!(answer.points(), Points::new(3));
    let Some(Effect::Award(award)) = answer.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!(award.lines, [2], "only the soup");
}

#[test]
fn each_line_has_its_best_bonus_and_each_bonus_its_own_award() {
    let mut till = Till::<PointsPerSpend>::new(BONUSES);
    let basket = Basket::usd().line("TROPICAL FRUIT", 250).line("SALAD MIX", 250).item("1095275", "ROLLS", 2_000, 250);
    let answer = till.buy(basket);
    assert_eq!(answer.points_under("base"), Points::new(7));
    assert_eq!(answer.points_under("bonus:fresh"), Points::new(2));
    assert_eq!(answer.points_under("bonus:salad"), Points::new(5), "twice 2.50 on top, the better of two bonuses");
    assert_eq!(answer.points_under("bonus:own"), Points::new(1), "half of 2.50 on top, rounded down");
}

#[test]
fn a_small_basket_earns_nothing_where_there_is_a_minimum() {
    let mut till = Till::<PointsPerSpend>::new(r#"{"minimum_basket": 1000}"#);
    assert_eq!(till.buy(Basket::usd().total_only(999)).points(), Points::ZERO);
    assert_eq!(till.buy(Basket::usd().total_only(1_000)).points(), Points::new(10));
    // What is kept of a returned basket may fall below it.
    till.buy(Basket::usd().line("SOUP", 600).line("EGGS", 500));
    till.refund(2, &[1]);
    assert_eq!(till.points(), Points::new(10));
}

#[test]
fn returned_goods_take_their_points_with_them_in_any_order() {
    let basket = || Basket::usd().line("TROPICAL FRUIT", 399).line("SALAD MIX", 250).line("SOUP", 151);
    let kept = {
        let mut till = Till::<PointsPerSpend>::new(BONUSES);
        till.buy(Basket::usd().line("SOUP", 151)).points()
    };
    for order in [[0, 1], [1, 0]] {
        let mut till = Till::<PointsPerSpend>::new(BONUSES);
        till.buy(basket());
        for line in order {
            till.refund(0, &[line]);
        }
        assert_eq!(till.points(), kept);
        till.refund_all(0);
        assert_eq!(till.points(), Points::ZERO);
    }
}

#[test]
fn points_may_wait_and_lapse() {
    let mut till = Till::<PointsPerSpend>::new(r#"{"pending_days": 14, "expires_after_months": 24}"#);
    let answer = till.buy(Basket::usd().total_only(500));
    let Some(Effect::Award(award)) = answer.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!(award.available, Availability::Later(Moment::AfterDays(14)));
    assert_eq!(award.expires, Some(Moment::AfterMonths(24)));
}

#[test]
fn points_pay_any_amount_rounded_up() {
    let till = Till::<PointsPerSpend>::new(r#"{"pay": {"rate": {"points": 3, "minor": 2}, "minimum_points": 100}}"#);
    let quotation = till.quote("pay-with-points", 1, Some(101)).unwrap();
    assert_eq!(quotation.points, Points::new(152), "151.5 rounded up");
    assert_eq!(quotation.value, Money::new(101, coalition_sdk::Currency::USD));
    let code = |amount| till.quote("pay-with-points", 1, amount).unwrap_err().code;
    assert_eq!(code(None), "amount-needed");
    assert_eq!(code(Some(0)), "amount-needed");
    assert_eq!(code(Some(-5)), "amount-needed");
    assert_eq!(code(Some(60)), "minimum-not-met");
}

#[test]
fn offers_say_how_far_they_are() {
    let mut till = Till::<PointsPerSpend>::new("{}");
    till.member(|member| member.balance = Some(Points::new(420)));
    let voucher = till.offer("five-off").unwrap();
    assert!(!voucher.eligible);
    assert_eq!(till.text("en", &voucher.reason.unwrap()), "Points still missing: 80");
    let target = voucher.target.unwrap();
    assert_eq!((target.have, target.need), (420, 500));
    assert!(till.offer("pay-with-points").unwrap().eligible);
    till.member(|member| member.balance = None);
    assert!(till.offer("five-off").unwrap().eligible, "not known");
    assert_eq!(till.text("en", &till.offer("five-off").unwrap().title), "5.00 USD off your next purchase");
    assert_eq!(till.quote("five-off", 2, None).unwrap().points, Points::new(1_000));
    assert_eq!(till.quote("six-off", 1, None).unwrap_err().code, "unknown-reward");
}

#[test]
fn the_terms_carry_the_merchants_numbers() {
    let manifest = describe::<PointsPerSpend>(r#"{"earn": {"points": 2, "minor": 500}, "pay": null}"#).unwrap();
    let texts = &manifest.texts[0];
    let terms = texts.entries.iter().find(|(key, _)| key == "terms");
    assert!(terms.unwrap().1.starts_with("You earn 2 points for every 5.00 USD you spend"));
    assert_eq!(manifest.rewards.len(), 1, "no paying with points");
    assert_eq!(manifest.rewards[0].per_member.as_ref().unwrap().max, 4);
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<PointsPerSpend>("{}", &texts::LOCALES);
    let all = r#"{"bonuses": [{"id": "tea", "title": {"en": "Tea time", "pl": "Pora na herbatę"}, "goods": {"skus": ["7"]}, "multiplier_bp": 15000}],
        "minimum_basket": 500, "pending_days": 14, "expires_after_months": 24, "excluded": {"categories": ["BEER*"]}}"#;
    speaks::<PointsPerSpend>(all, &texts::LOCALES);
    let manifest = describe::<PointsPerSpend>("{}").unwrap();
    let terms = |locale: &str| {
        let texts = manifest.texts.iter().find(|texts| texts.locale == locale).unwrap();
        texts.entries.iter().find(|(key, _)| key == "terms").unwrap().1.clone()
    };
    assert_eq!(
        terms("pl"),
        "Za każde wydane 1.00 USD otrzymujesz 1 punkt; rozpoczęta kwota się nie liczy. Za niektóre towary nie ma punktów: karty podarunkowe, \
         wyroby tytoniowe i losy loteryjne. Przy kasie 1 punkt jest wart 0.01 USD. Co najmniej 100 punktów naraz. Zwrócone towary zabierają ze \
         sobą swoje punkty."
    );
}

#[test]
fn what_the_till_marks_earns_nothing() {
    let mut till = Till::<PointsPerSpend>::new("{}");
    let mut basket = Basket::usd().line("SOUP", 300).line("MEDICINE", 500);
    basket = basket.mark(1, "no-points", true);
    assert_eq!(till.buy(basket).points(), Points::new(3));
}

/// Floors of sums: whatever is bought together earns at least what its parts do.
#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    const GOODS: [&str; 6] = ["SOUP", "TROPICAL FRUIT", "SALAD MIX", "SALAD GREENS", "CIGARETTES", "GIFT CARDS"];
    for config in ["{}", BONUSES, r#"{"minimum_basket": 2000, "earn": {"points": 7, "minor": 300}}"#] {
        splitting_never_earns_more::<PointsPerSpend>(config, &GOODS, |_| {});
        more_never_earns_less::<PointsPerSpend>(config, &GOODS, |_| {});
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<PointsPerSpend>(
        r#"{"earn": {"points": 0, "minor": 100}, "bonuses": [{"id": "a", "title": "A", "goods": {}, "multiplier_bp": 10000}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/earn/points", "/bonuses/0/multiplier_bp"]);
    let problems = describe::<PointsPerSpend>(
        r#"{"bonuses": [{"id": "a", "title": "A", "goods": {}, "multiplier_bp": 20000}],
            "vouchers": [{"id": "pay-with-points", "points": 1, "value": 1}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/bonuses/0/goods", "/vouchers/0/id"]);
}
