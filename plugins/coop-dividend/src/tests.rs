use coalition_sdk::testkit::{Basket, Till, describe, speaks};
use coalition_sdk::{Chance, Effect, Points};

use super::*;

const SURPLUS: &str = r#"{"rate_bp": null, "surplus": 100000}"#;
const MEMBERS: &str = r#"{"membership": {"skus": ["MEMBERSHIP"]}, "least_points": 500}"#;

fn till(config: &str) -> Till<CoopDividend> {
    let mut till = Till::new(config);
    till.at("2026-03-01T12:00:00-05:00");
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

#[test]
fn a_year_brings_ten_percent_of_what_counted() {
    let mut till = till("{}");
    assert!(till.buy(soup(3_333)).points() == Points::ZERO, "nothing before the year ends");
    till.buy(soup(6_666).line("GIFT CARDS", 50_000));
    assert_eq!(till.offer("dividend").unwrap().value, Some(Money::new(999, coalition_sdk::Currency::USD)));
    let closed = till.close(Window::Year, &[]);
    assert_eq!(closed.points_under("dividend:2026"), Points::new(999), "10 % of 99.99, rounded down once");
    let Some(Effect::Award(award)) = closed.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!(till.text("ru", &award.reason), "Дивиденд за 2026 год");
    assert!(till.close(Window::Year, &[]).effects.is_empty(), "a year without purchases");
}

#[test]
fn what_is_on_offer_does_not_count() {
    let mut till = till("{}");
    till.buy(soup(1_000).line("EGGS", 500).mark(1, "promotion", "weekly"));
    assert_eq!(till.view().counter("eligible"), 1_000);
    let mut till = Till::<CoopDividend>::new(r#"{"full_price_only": false}"#);
    till.buy(soup(1_000).line("EGGS", 500).mark(1, "promotion", "weekly"));
    assert_eq!(till.view().counter("eligible"), 1_500);
}

#[test]
fn returns_count_back_within_the_year_and_after_it() {
    let mut till = till("{}");
    till.buy(soup(20_000).line("EGGS", 10_000));
    till.refund(0, &[1]);
    till.buy(soup(5_000));
    till.buy(soup(15_000));
    till.close(Window::Year, &[]);
    assert_eq!(till.points(), Points::new(4_000));
    // In January a purchase of the year before comes back: its share goes with it.
    till.at("2027-01-10T12:00:00-05:00").refund_all(2);
    assert_eq!(till.view().counter_before("eligible", 1), 25_000);
    assert_eq!(till.points(), Points::new(2_500));
    till.refund_all(0);
    till.refund_all(1);
    assert_eq!(till.points(), Points::ZERO, "and all of it");
}

#[test]
fn what_is_returned_of_this_year_leaves_the_last_dividend_alone() {
    let mut till = till("{}");
    till.buy(soup(20_000));
    till.close(Window::Year, &[]);
    till.buy(soup(9_000));
    till.refund_all(1);
    assert_eq!(till.points(), Points::new(2_000));
    // Two years later nothing is opened again.
    till.at("2028-05-01T12:00:00-05:00").refund_all(0);
    assert_eq!(till.points(), Points::new(2_000));
}

#[test]
fn a_surplus_is_shared_by_what_each_has_bought() {
    let mut till = till(SURPLUS);
    till.buy(soup(30_000));
    assert_eq!(till.offer("dividend").unwrap().value, None, "nobody knows yet what the others buy");
    assert!(describe::<CoopDividend>(SURPLUS).unwrap().counters[0].totals);
    let closed = till.close(Window::Year, &[("eligible", 90_001, 3)]);
    assert_eq!(closed.points(), Points::new(33_332), "300.00 of 900.01, rounded down");
    let mut till = Till::<CoopDividend>::new(SURPLUS);
    till.at("2026-03-01T12:00:00-05:00").buy(soup(30_000));
    assert!(till.close(Window::Year, &[]).effects.is_empty(), "without a sum there is nothing to share by");
}

/// Whatever the members buy and return, their shares are never more than the surplus, and less by under a point a member.
#[test]
fn shares_never_exceed_the_surplus() {
    for seed in 0..100 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let members: Vec<Vec<i64>> = (0..1 + below(9)).map(|_| (0..1 + below(4)).map(|_| 1 + below(50_000)).collect()).collect();
        let total: i64 = members.iter().flatten().sum();
        let shares = members.iter().map(|purchases| {
            let mut till = till(SURPLUS);
            for amount in purchases {
                till.buy(soup(*amount));
            }
            till.close(Window::Year, &[("eligible", total, 1)]).points().get()
        });
        let shared: i64 = shares.sum();
        assert!(shared <= 100_000 && shared > 100_000 - i64::try_from(members.len()).unwrap(), "seed {seed}: {shared}");
    }
}

/// However a year's purchases are split, the dividend is the same; and more never brings less.
#[test]
fn splitting_changes_nothing_and_more_costs_nothing() {
    let dividend = |purchases: &[i64]| {
        let mut till = till("{}");
        for amount in purchases {
            till.buy(soup(*amount));
        }
        till.close(Window::Year, &[]).points()
    };
    for seed in 0..100 {
        let mut chance = Chance::from_seed(seed);
        let parts: Vec<i64> = (0..5).map(|_| 1 + i64::try_from(chance.below(10_000).unwrap()).unwrap()).collect();
        let sum = parts.iter().sum();
        assert_eq!(dividend(&parts), dividend(&[sum]));
        assert!(dividend(&[sum]) <= dividend(&[sum, 7]));
    }
}

#[test]
fn an_article_makes_a_member_once_for_all() {
    let mut till = till(MEMBERS);
    assert!(till.buy(soup(9_000)).effects.is_empty(), "not a member yet");
    assert!(!till.offer("member-price-own-brand").unwrap().eligible);
    till.buy(Basket::usd().item("MEMBERSHIP", "SERVICES", 1_000, 3_000).line("SOUP", 4_000));
    assert!(till.view().has_badge("member", ""));
    assert_eq!(till.view().counter("eligible"), 4_000, "what came with it counts, the fee does not");
    assert!(till.offer("member-price-own-brand").unwrap().eligible);
    till.buy(soup(900));
    assert!(till.close(Window::Year, &[]).effects.is_empty(), "4.90 is less than is paid");
    till.refund_all(1);
    assert!(!till.view().has_badge("member", ""), "the membership was returned");
}

#[test]
fn the_dividend_pays_one_to_one() {
    let till = till("{}");
    assert_eq!(till.quote("pay-with-points", 1, Some(999)).unwrap().points, Points::new(999));
    let code = |reward| till.quote(reward, 1, None).unwrap_err().code;
    assert_eq!(code("dividend"), "not-eligible");
    assert_eq!(code("member-price-own-brand"), "not-eligible");
    assert_eq!(code("gold"), "unknown-reward");
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<CoopDividend>("{}", &texts::LOCALES);
    speaks::<CoopDividend>(SURPLUS, &texts::LOCALES);
    speaks::<CoopDividend>(MEMBERS, &texts::LOCALES);
    speaks::<CoopDividend>(
        r#"{"member_prices": [], "pay": null, "excluded": {}, "expires_after_months": null, "full_price_only": false}"#,
        &texts::LOCALES,
    );
}

#[test]
fn a_wrong_configuration_is_told_where() {
    for config in [r#"{"surplus": 5, "membership": {}}"#, r#"{"rate_bp": null, "membership": {}}"#] {
        let problems = describe::<CoopDividend>(config).unwrap_err();
        let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
        assert_eq!(pointers, ["/surplus", "/membership"]);
    }
}
