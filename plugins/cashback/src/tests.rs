use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Availability, Effect, Moment, Points, Window};

use super::*;

const CAPPED: &str = r#"{"month_max": 100}"#;

#[test]
fn each_line_has_its_best_rate_and_each_rate_its_award() {
    let mut till = Till::<Cashback>::new("{}");
    let answer = till.buy(Basket::usd().line("SOUP", 1_050).line("OWN BRAND PASTA", 1_050).line("GIFT CARDS", 5_000));
    assert_eq!(answer.points_under("cashback"), Points::new(10), "1 % of 10.50, rounded down");
    assert_eq!(answer.points_under("cashback:own-brand"), Points::new(31), "3 % of 10.50, rounded down");
    assert_eq!(answer.points(), Points::new(41), "nothing for gift cards");
    let answer = till.buy(Basket::usd().line("SOUP", 1_050).line("OWN BRAND PASTA", 1_050).with("tender", "x-mobile"));
    assert_eq!(answer.points_under("cashback:phone"), Points::new(21), "2 % when paid by phone");
    assert_eq!(answer.points_under("cashback:own-brand"), Points::new(31), "still the better one");
    assert_eq!(answer.points_under("cashback"), Points::ZERO);
}

#[test]
fn it_is_paid_at_the_end_of_the_day() {
    let mut till = Till::<Cashback>::new("{}");
    let answer = till.buy(Basket::usd().total_only(2_099).with("tender", "x-mobile"));
    let Some(Effect::Award(award)) = answer.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!((award.points, award.key.as_str()), (Points::new(41), "cashback:phone"), "a total alone has what holds for all goods");
    assert_eq!(award.available, Availability::Later(Moment::EndOf(Window::Day)));
    assert_eq!(till.text("pl", &award.reason), "Płatność telefonem: 2 % z 20.99 USD");
}

#[test]
fn what_is_paid_with_points_gives_nothing_back() {
    let mut till = Till::<Cashback>::new("{}");
    assert!(till.buy(Basket::usd().line("SOUP", 9_999).with("tender", "points")).effects.is_empty());
    assert!(till.buy(Basket::usd().line("SOUP", 99)).effects.is_empty(), "less than a point");
}

#[test]
fn a_rate_may_hold_in_some_stores_only() {
    let config = r#"{"base_bp": 0, "rates": [{"id": "city", "title": "City stores", "stores": ["store-1", "store-2"], "rate_bp": 250}]}"#;
    let mut till = Till::<Cashback>::new(config);
    assert_eq!(till.buy(Basket::usd().line("SOUP", 1_000).store("store-2")).points(), Points::new(25));
    assert!(till.buy(Basket::usd().line("SOUP", 1_000).store("store-3")).effects.is_empty());
}

#[test]
fn a_month_has_its_most_and_a_return_opens_it_again() {
    let mut till = Till::<Cashback>::new(CAPPED);
    till.at("2026-03-05T10:00:00-05:00");
    assert_eq!(till.buy(Basket::usd().line("SOUP", 6_000)).points(), Points::new(60));
    let cut = till.buy(Basket::usd().line("SOUP", 6_000).line("OWN BRAND", 1_000));
    assert_eq!(cut.points(), Points::new(40), "of 90");
    let told = cut.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("ru", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("Лимит на этот месяц исчерпан: 100"));
    till.refund_all(0);
    assert_eq!(till.view().counter("cashback"), 40);
    assert_eq!(till.buy(Basket::usd().line("SOUP", 9_000)).points(), Points::new(60));
    till.at("2026-04-01T10:00:00-05:00");
    assert_eq!(till.buy(Basket::usd().line("SOUP", 9_000)).points(), Points::new(90), "another month");
}

#[test]
fn returned_goods_take_their_share_with_them_in_any_order() {
    for order in [[0, 2], [2, 0]] {
        let mut till = Till::<Cashback>::new("{}");
        till.buy(Basket::usd().line("OWN BRAND", 333).line("SOUP", 777).line("SOUP", 450));
        assert_eq!(till.points(), Points::new(9 + 12));
        for line in order {
            till.refund(0, &[line]);
        }
        assert_eq!(till.points(), Points::new(7), "1 % of the 7.77 that is kept");
        till.refund_all(0);
        assert_eq!(till.points(), Points::ZERO);
    }
}

#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    const GOODS: [&str; 4] = ["SOUP", "OWN BRAND TEA", "CIGARETTES", "EGGS"];
    for config in ["{}", CAPPED, r#"{"worth": {"points": 7, "minor": 3}, "base_bp": 33}"#] {
        splitting_never_earns_more::<Cashback>(config, &GOODS, |_| {});
        more_never_earns_less::<Cashback>(config, &GOODS, |_| {});
    }
}

#[test]
fn points_pay_one_to_one_and_are_paid_out_from_ten_dollars_on() {
    let mut till = Till::<Cashback>::new("{}");
    assert_eq!(till.quote("pay-with-points", 1, Some(1_299)).unwrap().points, Points::new(1_299));
    assert_eq!(till.quote("payout", 1, Some(1_000)).unwrap().points, Points::new(1_000));
    let code = |reward, amount| till.quote(reward, 1, amount).unwrap_err().code;
    assert_eq!(code("payout", Some(999)), "minimum-not-met");
    assert_eq!(code("payout", None), "amount-needed");
    assert_eq!(code("gold", Some(1)), "unknown-reward");
    till.member(|member| member.balance = Some(Points::new(400)));
    assert!(till.offer("pay-with-points").unwrap().eligible);
    let payout = till.offer("payout").unwrap();
    assert_eq!(till.text("en", &payout.reason.unwrap()), "Points still missing: 600");
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<Cashback>("{}", &texts::LOCALES);
    for paid in ["day", "week", "month", "quarter", "year"] {
        speaks::<Cashback>(&format!(r#"{{"paid": "{paid}", "month_max": 500, "excluded": {{}}, "rates": []}}"#), &texts::LOCALES);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<Cashback>(
        r#"{"paid": "lifetime", "pay": null, "rates": [{"id": "a", "title": "A", "rate_bp": 1}, {"id": "a", "title": "B", "rate_bp": 1, "goods": {}}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/rates/1/id", "/rates/1/goods", "/paid", "/payout"]);
}
