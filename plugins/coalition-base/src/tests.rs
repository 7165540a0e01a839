use coalition_sdk::testkit::{Basket, Till, describe, instant, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Attributes, Points};

use super::*;

fn till() -> Till<CoalitionBase> {
    let mut till = Till::new("{}");
    till.at("2026-03-01T12:00:00-05:00");
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

fn tier(till: &Till<CoalitionBase>) -> Option<String> {
    till.view().tier.map(|tier| tier.name)
}

#[test]
fn every_brand_has_the_base_and_the_first_purchase_a_welcome() {
    let mut till = till();
    let answer = till.buy(soup(1_999));
    assert_eq!((answer.points_under("coalition-base"), answer.points_under("coalition-welcome")), (Points::new(9), Points::new(20)));
    assert_eq!(till.buy(soup(1_999)).points(), Points::new(9));
    // The first comes back: the second has the welcome.
    till.refund_all(0);
    assert_eq!(till.points(), Points::new(29));
    till.refund_all(1);
    assert_eq!(till.points(), Points::ZERO, "nothing is left of either");
}

#[test]
fn spend_at_all_brands_climbs_the_tiers() {
    let mut till = till();
    till.buy(soup(99_999));
    assert_eq!(tier(&till), None);
    till.buy(soup(1));
    assert_eq!(tier(&till).as_deref(), Some("silver"));
    let answer = till.buy(soup(10_000));
    assert_eq!((answer.points_under("coalition-base"), answer.points_under("coalition-tier")), (Points::new(50), Points::new(5)));
    assert_eq!(till.quote("members-evening", 1, None).unwrap_err().code, "not-eligible");
    let offer = till.offer("coalition-tier").unwrap();
    assert_eq!(till.text("mk", &offer.title), "Следно ниво: Златен");
    till.buy(soup(190_000));
    assert_eq!(tier(&till).as_deref(), Some("gold"));
    assert!(till.offer("coalition-tier").is_none());
    assert_eq!(till.quote("members-evening", 2, None).unwrap().points, Points::new(800));
    till.refund_all(3);
    assert_eq!(tier(&till).as_deref(), Some("silver"), "at once, by the refund's own event");
}

#[test]
fn the_year_that_ends_decides_about_the_next() {
    let mut till = till();
    till.buy(soup(300_000));
    assert_eq!(till.view().tier.unwrap().until_ms, Some(instant("2028-01-01T00:00:00-05:00").ms));
    till.at("2027-06-01T12:00:00-05:00");
    till.buy(soup(100_000));
    assert_eq!(tier(&till).as_deref(), Some("gold"), "last year's");
    till.close(Window::Year, &[]);
    assert_eq!(tier(&till).as_deref(), Some("silver"), "this year's, from New Year on");
    till.close(Window::Year, &[]);
    assert_eq!(tier(&till), None);
}

#[test]
fn whoever_enrolled_a_member_who_buys_is_thanked() {
    let mut member = till();
    member.enrol(&["enroller"]);
    assert!(member.buy(soup(999)).signals().is_empty(), "too little");
    let answer = member.buy(soup(1_000));
    assert_eq!(answer.signals().len(), 1);
    assert!(member.buy(soup(5_000)).signals().is_empty(), "once");
    let mut stranger = till();
    assert!(stranger.buy(soup(5_000)).signals().is_empty());

    let mut staff = till();
    let points: i64 = (0..22).map(|_| staff.hears("enroller", "bought", Attributes::default()).points().get()).sum();
    assert_eq!(points, 20 * 50, "twenty a month");
    assert_eq!(staff.hears("referrer", "bought", Attributes::default()).points(), Points::ZERO);
}

#[test]
fn years_are_thanked_for() {
    let mut till = till();
    assert_eq!(till.anniversary("enrolment", 1).points_under("years:1"), Points::new(50));
    assert_eq!(till.anniversary("birthday", 0).points(), Points::ZERO);
    assert_eq!(till.enrol(&[]).effects.len(), 1, "a word");
}

#[test]
fn returned_goods_count_back_in_any_order() {
    for order in [[0, 1], [1, 0]] {
        let mut till = till();
        till.buy(Basket::usd().line("SOUP", 60_199).line("WINE", 50_001).line("EGGS", 151));
        assert_eq!(tier(&till).as_deref(), Some("silver"));
        for line in order {
            till.refund(0, &[line]);
        }
        assert_eq!((till.points(), till.view().counter(SPEND), tier(&till)), (Points::new(20), 151, None));
    }
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    let prepare = |till: &mut Till<CoalitionBase>| {
        till.at("2026-03-01T12:00:00-05:00");
    };
    more_never_earns_less::<CoalitionBase>("{}", &["SOUP", "GIFT CARDS"], prepare);
    // A tier that the first part reaches gives more on the second, as it does on any later purchase.
    splitting_never_earns_more::<CoalitionBase>(r#"{"tiers": [], "exclusives": []}"#, &["SOUP", "GIFT CARDS"], prepare);
}

#[test]
fn every_language_says_everything() {
    let bare = r#"{"tiers": [], "exclusives": [], "staff": null, "welcome_points": 0, "yearly_points": 0, "excluded": {}}"#;
    for config in ["{}", bare] {
        speaks::<CoalitionBase>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems =
        describe::<CoalitionBase>(r#"{"tiers": [{"id": "a", "title": "A", "from": 500}, {"id": "a", "title": "B", "from": 400}]}"#)
            .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/tiers/1/id", "/tiers/1/from", "/exclusives/0/tier"]);
}
