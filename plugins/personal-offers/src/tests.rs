use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Month, Points};

use super::*;

const PLAIN: &str = r#"{"favourite": null, "segments": [], "birthday": null}"#;

fn at(config: &str, time: &str) -> Till<PersonalOffers> {
    let mut till = Till::new(config);
    till.at(time);
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

fn near_birthday(till: &mut Till<PersonalOffers>, near: bool) {
    till.member(|member| member.attributes = coalition_sdk::Attributes::default().with("birthday-window", near));
}

#[test]
fn the_first_purchase_is_welcomed() {
    let mut till = at(PLAIN, "2026-11-02T10:00:00-05:00");
    assert!(till.offer("welcome").unwrap().eligible);
    assert_eq!(till.buy(soup(500)).points_under("welcome"), Points::new(100));
    assert_eq!(till.buy(soup(500)).points_under("welcome"), Points::ZERO);
    assert!(till.offer("welcome").is_none());
}

#[test]
fn who_bought_before_the_program_began_is_not_new() {
    let mut till = at(PLAIN, "2026-11-02T10:00:00-05:00");
    till.member(|member| member.activity.purchases = 3);
    assert_eq!(till.buy(soup(500)).points(), Points::new(5));
    till.refund_all(0);
    assert_eq!(till.points(), Points::ZERO);
}

#[test]
fn the_welcome_goes_with_its_purchase_to_another() {
    let mut till = at(PLAIN, "2026-11-02T10:00:00-05:00");
    till.buy(soup(500));
    till.buy(soup(700));
    till.refund_all(0);
    assert_eq!(till.points(), Points::new(107), "as if the second had been the first");
    till.refund_all(1);
    assert_eq!(till.points(), Points::ZERO);
    let mut other = at(PLAIN, "2026-11-02T10:00:00-05:00");
    other.buy(soup(500));
    other.refund_all(0);
    assert_eq!(other.points(), Points::ZERO);
    assert_eq!(other.buy(soup(500)).points_under("welcome"), Points::new(100));
}

#[test]
fn a_birthday_is_a_flag_and_has_one_gift() {
    let mut till = at(r#"{"favourite": null, "segments": [], "welcome_points": 0}"#, "2026-12-28T10:00:00-05:00");
    assert!(till.offer("birthday-gift").is_none());
    near_birthday(&mut till, true);
    let offer = till.offer("birthday-gift").unwrap();
    assert_eq!(till.text("ro", &offer.reason.unwrap()), "Vine odată cu următoarea cumpărătură.");
    assert_eq!(till.buy(soup(500)).vouchers("birthday-gift"), 1);
    assert!(till.offer("birthday-gift").unwrap().eligible, "to be fetched");
    // The window goes over New Year; it is the same birthday.
    till.at("2027-01-03T10:00:00-05:00");
    assert_eq!(till.buy(soup(500)).vouchers("birthday-gift"), 0);
    near_birthday(&mut till, false);
    till.at("2027-12-20T10:00:00-05:00");
    assert_eq!(till.buy(soup(500)).vouchers("birthday-gift"), 0);
    near_birthday(&mut till, true);
    till.at("2027-12-28T10:00:00-05:00");
    assert_eq!(till.buy(soup(500)).vouchers("birthday-gift"), 1);
    till.refund_all(3);
    assert_eq!(till.buy(soup(500)).vouchers("birthday-gift"), 1, "the next purchase has it, as long as the birthday is near");
}

#[test]
fn coming_back_after_eight_weeks() {
    let mut till = at(PLAIN, "2026-01-07T10:00:00-05:00");
    till.buy(soup(100));
    assert_eq!(till.buy(soup(100)).points_under("winback:2026-W02"), Points::ZERO, "new is not back");
    // Seven weeks without a purchase are not eight.
    till.at("2026-03-04T10:00:00-05:00");
    assert!(till.offer("winback").is_none());
    assert_eq!(till.buy(soup(100)).points(), Points::new(1));
    till.at("2026-05-06T10:00:00-05:00");
    assert!(till.offer("winback").unwrap().eligible);
    assert_eq!(till.buy(soup(100)).points_under("winback:2026-W19"), Points::new(75));
    assert_eq!(till.buy(soup(100)).points(), Points::new(1), "once");
}

#[test]
fn who_bought_last_before_the_program_began_comes_back_too() {
    let mut till = at(PLAIN, "2026-05-06T10:00:00-05:00");
    till.member(|member| {
        member.activity.purchases = 9;
        member.activity.last_at_ms = Some(coalition_sdk::testkit::instant("2026-02-01T10:00:00-05:00").ms);
    });
    assert_eq!(till.buy(soup(100)).points_under("winback:2026-W19"), Points::new(75));
}

#[test]
fn the_bonus_goes_with_its_purchase_to_another_of_the_week() {
    let mut till = at(PLAIN, "2026-01-07T10:00:00-05:00");
    till.buy(soup(100));
    till.at("2026-05-06T10:00:00-05:00");
    till.buy(soup(100));
    till.buy(soup(200));
    till.at("2026-05-13T10:00:00-05:00");
    till.refund_all(1);
    assert_eq!(till.view().awarded_under("winback:2026-W19"), Points::new(75));
    till.refund_all(2);
    assert_eq!(till.points(), Points::new(101), "nobody came back");
}

#[test]
fn favourite_goods_of_last_month_earn_more_this_month() {
    let config = r#"{"welcome_points": 0, "segments": [], "birthday": null}"#;
    let mut till = at(config, "2026-10-10T10:00:00-05:00");
    till.buy(Basket::usd().line("BREAD", 1_500).line("CHEESE", 1_400));
    assert!(till.offer("favourite").is_none(), "this month decides about the next");
    till.at("2026-11-10T10:00:00-05:00");
    let offer = till.offer("favourite").unwrap();
    assert_eq!(till.text("pl", &offer.title), "Więcej punktów za to, co lubisz: pieczywo i ciasta");
    let answer = till.buy(Basket::usd().line("BREAD", 1_000).line("CHEESE", 1_000));
    assert_eq!((answer.points_under("base"), answer.points_under("favourite:bakery")), (Points::new(20), Points::new(5)));
    till.at("2026-12-10T10:00:00-05:00");
    assert_eq!(till.buy(soup(100)).points(), Points::new(1), "soup is nobody's favourite");
}

#[test]
fn regulars_earn_more() {
    let config = r#"{"welcome_points": 0, "favourite": null, "birthday": null, "winback": null, "segments": [
        {"id": "regulars", "title": "Regulars", "months": 3, "multiplier_bp": 20000},
        {"id": "big", "title": "Big", "spend": 50000, "goods": {"categories": ["WINE"]}, "multiplier_bp": 30000}]}"#;
    let mut till = at(config, "2026-11-10T10:00:00-05:00");
    let month = |month, spend_minor| Month { month, purchases: 1, spend_minor };
    till.member(|member| {
        member.months = vec![month(202_611, 90_000), month(202_610, 20_000), month(202_609, 20_000), month(202_510, 20_000)]
    });
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(10), "two of the twelve months before this one");
    till.member(|member| member.months = vec![month(202_610, 20_000), month(202_609, 20_000), month(202_511, 20_000)]);
    let answer = till.buy(Basket::usd().line("SOUP", 1_000).line("WINE", 1_000));
    assert_eq!((answer.points_under("segment:regulars"), answer.points_under("segment:big")), (Points::new(10), Points::new(20)));
}

#[test]
fn years_are_thanked_for() {
    let mut till = at("{}", "2026-11-10T00:00:00-05:00");
    assert_eq!(till.anniversary("enrolment", 2).points_under("years:2"), Points::new(25));
    assert_eq!(till.anniversary("birthday", 0).points(), Points::ZERO);
}

#[test]
fn samples_cost_points_and_the_rest_comes_by_itself() {
    let till = at("{}", "2026-11-10T10:00:00-05:00");
    assert_eq!(till.quote("tea-sample", 2, None).unwrap().points, Points::new(100));
    let code = |reward| till.quote(reward, 1, None).unwrap_err().code;
    assert_eq!(
        (code("welcome").as_str(), code("regulars").as_str(), code("car").as_str()),
        ("not-eligible", "not-eligible", "unknown-reward")
    );
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    let prepare = |till: &mut Till<PersonalOffers>| {
        till.at("2026-11-10T10:00:00-05:00");
        let month = |month| Month { month, purchases: 1, spend_minor: 1_000 };
        till.member(|member| member.months = (202_601..=202_610).map(month).collect());
    };
    let goods = ["SOUP", "BREAD", "CHEESE", "GIFT CARDS"];
    splitting_never_earns_more::<PersonalOffers>("{}", &goods, prepare);
    more_never_earns_less::<PersonalOffers>("{}", &goods, prepare);
}

#[test]
fn every_language_says_everything() {
    for config in [
        "{}",
        PLAIN,
        r#"{"welcome_points": 0, "winback": null, "favourite": null, "birthday": null, "segments": [], "samples": [], "excluded": {}}"#,
    ] {
        speaks::<PersonalOffers>(config, &["en", "ro", "mk", "pl", "ru"]);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<PersonalOffers>(
        r#"{"favourite": {"groups": [{"id": "a", "title": "A", "goods": {}}]}, "segments": [{"id": "welcome", "title": "B", "multiplier_bp": 20000}],
            "samples": [{"id": "winback", "title": "C", "kind": "sample", "points": 1, "value": 1}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/favourite/groups/0/goods", "/segments/0/id", "/segments/0", "/samples/0/id"]);
}
