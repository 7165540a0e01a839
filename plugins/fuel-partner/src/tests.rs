use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Currency, Effect, Money, Points};

use super::*;

fn at(config: &str, time: &str) -> Till<FuelPartner> {
    let mut till = Till::new(config);
    till.at(time);
    till
}

fn groceries(till: &mut Till<FuelPartner>, partner: &str, minor: i64) -> usize {
    till.elsewhere(partner, "purchase", Some(Money::new(minor, Currency::USD))).effects.len()
}

fn fuel(amount: i64) -> Basket {
    Basket::usd().line("FUEL", amount)
}

#[test]
fn fill_up_within_three_days_of_groceries_and_earn_double() {
    let mut till = at("{}", "2026-11-16T18:00:00-05:00");
    assert_eq!(till.buy(fuel(4_000)).points(), Points::new(20));
    assert_eq!(groceries(&mut till, "freshmart", 2_000), 2, "counted, and told");
    assert_eq!(groceries(&mut till, "freshmart", 5_000), 1, "told once");
    assert_eq!(till.buy(fuel(4_001)).points_under("after"), Points::new(20));
    for (day, points) in [("19", 40), ("20", 20)] {
        till.at(&format!("2026-11-{day}T23:59:59-05:00"));
        assert_eq!(till.buy(fuel(4_000)).points(), Points::new(points), "the {day}th");
    }
}

#[test]
fn only_groceries_of_the_partner_and_of_enough() {
    let mut till = at("{}", "2026-11-16T18:00:00-05:00");
    assert_eq!(groceries(&mut till, "freshmart", 1_999), 0);
    assert_eq!(groceries(&mut till, "cellar", 9_000), 0);
    assert!(till.elsewhere("freshmart", "purchase", None).effects.is_empty(), "without a total nobody knows");
    assert!(till.elsewhere("freshmart", "purchase", Some(Money::new(9_000, Currency::EUR))).effects.is_empty());
    assert_eq!(till.buy(fuel(4_000)).points(), Points::new(20));
    let offer = till.offer("after").unwrap();
    assert_eq!(till.text("en", &offer.reason.unwrap()), "After groceries at Freshmart, on that day and so many days after it: 3");
}

#[test]
fn both_partners_pay_by_the_coalitions_campaign() {
    let config = r#"{"after": {"goods": {"categories": ["FUEL"]}, "paid_by": "fuel-and-food", "extra_max": 50}}"#;
    assert_eq!(describe::<FuelPartner>(config).unwrap().campaigns, ["fuel-and-food"]);
    let mut till = at(config, "2026-11-16T18:00:00-05:00");
    groceries(&mut till, "freshmart", 2_000);
    let answer = till.buy(Basket::usd().line("FUEL", 6_000).line("COFFEE", 400));
    let after = answer.effects.iter().find_map(|effect| match effect {
        Effect::Award(award) if award.key == "after" => Some(award.clone()),
        _ => None,
    });
    let after = after.unwrap();
    assert_eq!((after.points, after.lines.as_slice(), after.campaign.as_deref()), (Points::new(30), &[0][..], Some("fuel-and-food")));
    assert_eq!(till.buy(fuel(6_000)).points_under("after"), Points::new(20), "fifty a month");
    till.refund_all(0);
    assert_eq!(till.buy(fuel(6_000)).points_under("after"), Points::new(30));
}

#[test]
fn returned_fuel_takes_both_awards_with_it() {
    let mut till = at("{}", "2026-11-16T18:00:00-05:00");
    groceries(&mut till, "freshmart", 2_000);
    till.buy(Basket::usd().line("FUEL", 4_099).line("COFFEE", 350));
    till.refund(0, &[1]);
    assert_eq!(till.points(), Points::new(40), "20.495 and 20.495 are 40.99: rounded together");
    till.refund_all(0);
    assert_eq!((till.points(), till.view().counter("extra")), (Points::ZERO, 0));
}

#[test]
fn offers_say_until_when() {
    let mut till = at("{}", "2026-11-16T18:00:00-05:00");
    groceries(&mut till, "freshmart", 2_000);
    till.at("2026-11-18T18:00:00-05:00");
    let offer = till.offer("after").unwrap();
    assert!(offer.eligible);
    assert_eq!(offer.valid_until_ms, Some(coalition_sdk::testkit::instant("2026-11-20T00:00:00-05:00").ms));
    assert_eq!(till.quote("car-wash", 1, None).unwrap().points, Points::new(600));
    assert_eq!(till.quote("pay-with-points", 1, Some(500)).unwrap().points, Points::new(500));
    let code = |reward| till.quote(reward, 1, None).unwrap_err().code;
    assert_eq!((code("after").as_str(), code("oil").as_str()), ("not-eligible", "unknown-reward"));
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    let goods = ["FUEL", "COFFEE", "CIGARETTES"];
    for config in ["{}", r#"{"after": {"goods": {"categories": ["FUEL"]}, "extra_max": 40}}"#] {
        let prepare = |till: &mut Till<FuelPartner>| {
            till.at("2026-11-16T18:00:00-05:00");
            groceries(till, "freshmart", 2_000);
        };
        splitting_never_earns_more::<FuelPartner>(config, &goods, prepare);
        more_never_earns_less::<FuelPartner>(config, &goods, prepare);
    }
}

#[test]
fn every_language_says_everything() {
    let own = r#"{"after": {"partners": ["bakehouse"], "title": "bread at the Bakehouse", "goods": {"categories": ["FUEL"]}, "paid_by": "x", "extra_max": null},
        "pay": null, "services": [], "excluded": {}}"#;
    for config in ["{}", own] {
        speaks::<FuelPartner>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<FuelPartner>(
        r#"{"after": {"goods": {}}, "services": [{"id": "after", "title": "A", "kind": "service", "points": 1, "value": 1}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/after/goods", "/services/0/id"]);
}
