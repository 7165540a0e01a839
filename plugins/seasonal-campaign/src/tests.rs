use coalition_sdk::testkit::{Basket, Till, describe, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Effect, Points};

use super::*;

const GOODS: &[&str] = &["SOUP", "WINE", "TOYS", "GIFT CARDS"];

const THREE: &str = r#"{"stacking": "sum", "extra_max": null, "campaigns": [
    {"id": "wine", "title": "Wine week", "from": "2026-11-20", "to": "2026-11-30", "goods": {"categories": ["WINE"]}, "multiplier_bp": 15000},
    {"id": "double", "title": "Double days", "from": "2026-11-20", "to": "2026-11-30", "minimum_basket": 1000, "multiplier_bp": 20000},
    {"id": "friday", "title": "Black Friday", "from": "2026-11-27", "to": "2026-11-27", "multiplier_bp": 24000, "exclusive": true}
]}"#;

fn at(config: &str, time: &str) -> Till<SeasonalCampaign> {
    let mut till = Till::new(config);
    till.at(time);
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

#[test]
fn a_campaign_multiplies_in_its_window_and_nowhere_else() {
    for (time, points) in [
        ("2026-11-26T23:59:59-05:00", 30),
        ("2026-11-27T00:00:00-05:00", 90),
        ("2026-11-30T23:59:59-05:00", 90),
        ("2026-12-01T00:00:00-05:00", 30),
    ] {
        assert_eq!(at("{}", time).buy(soup(3_000)).points(), Points::new(points), "{time}");
    }
    // From 20 dollars on.
    let friday = "2026-11-27T10:00:00-05:00";
    assert_eq!(at("{}", friday).buy(soup(1_999)).points(), Points::new(19));
    let answer = at("{}", friday).buy(soup(2_000));
    assert_eq!(answer.points_under("base"), Points::new(20));
    assert_eq!(answer.points_under("campaign:black-friday"), Points::new(40));
}

#[test]
fn happy_hours_go_by_the_clocks_of_the_program() {
    // 2026-11-18 is a Wednesday, the 21st a Saturday.
    for (time, points) in [
        ("2026-11-18T13:59:59-05:00", 5),
        ("2026-11-18T14:00:00-05:00", 11),
        ("2026-11-18T15:59:59-05:00", 11),
        ("2026-11-18T16:00:00-05:00", 5),
        ("2026-11-21T14:30:00-05:00", 5),
    ] {
        assert_eq!(at("{}", time).buy(soup(599)).points(), Points::new(points), "{time}");
    }
}

#[test]
fn double_of_ninety_nine_cents_is_a_point() {
    // 0.99 at once and 0.99 on top are 1.98: rounded together.
    let answer = at("{}", "2026-11-18T14:30:00-05:00").buy(soup(99));
    assert_eq!(answer.points_under("base"), Points::ZERO);
    assert_eq!(answer.points_under("campaign:happy-hour"), Points::new(1));
}

#[test]
fn the_best_campaign_counts_or_all_of_them() {
    let basket = || Basket::usd().line("WINE", 1_000).line("SOUP", 1_000);
    let sum = at(THREE, "2026-11-21T10:00:00-05:00").buy(basket());
    assert_eq!(sum.points_under("campaign:wine"), Points::new(5));
    assert_eq!(sum.points_under("campaign:double"), Points::new(20));
    // What counts alone is more than double on the soup, and less than double and a half on the wine.
    let friday = at(THREE, "2026-11-27T10:00:00-05:00").buy(basket());
    assert_eq!(friday.points_under("campaign:wine"), Points::new(5));
    assert_eq!(friday.points_under("campaign:double"), Points::new(10));
    assert_eq!(friday.points_under("campaign:friday"), Points::new(14));
    let best = at(&THREE.replace("\"sum\"", "\"best\""), "2026-11-21T10:00:00-05:00").buy(basket());
    assert_eq!((best.points_under("campaign:wine"), best.points_under("campaign:double")), (Points::ZERO, Points::new(20)));
}

#[test]
fn stores_channels_and_goods_narrow_it() {
    let config = r#"{"campaigns": [{"id": "app", "title": "App week", "from": "2026-11-01", "to": "2026-11-30", "channels": ["app"], "stores": ["s-1"],
        "goods": {"categories": ["SOUP"]}, "multiplier_bp": 20000}]}"#;
    let points = |basket: Basket| at(config, "2026-11-21T10:00:00-05:00").buy(basket).points().get();
    assert_eq!(points(soup(1_000).channel("app").store("s-1")), 20);
    assert_eq!(points(soup(1_000).channel("pos").store("s-1")), 10);
    assert_eq!(points(soup(1_000).channel("app")), 10);
    assert_eq!(points(Basket::usd().total_only(1_000).channel("app").store("s-1")), 10, "nobody knows what was bought");
    assert_eq!(points(Basket::usd().line("GIFT CARDS", 1_000).channel("app").store("s-1")), 0);
}

#[test]
fn a_member_gets_at_most_so_much_on_top() {
    let config = r#"{"extra_max": {"points": 100, "window": "month"}}"#;
    let mut till = at(config, "2026-11-27T10:00:00-05:00");
    assert_eq!(till.buy(soup(4_000)).points_under("campaign:black-friday"), Points::new(80));
    assert_eq!(till.buy(soup(4_000)).points_under("campaign:black-friday"), Points::new(20));
    assert_eq!(till.buy(soup(4_000)).points(), Points::new(40));
    // What comes back opens it again.
    till.refund_all(0);
    assert_eq!(till.view().counter("extra-month"), 20);
    assert_eq!(till.buy(soup(5_000)).points_under("campaign:black-friday"), Points::new(80));
}

#[test]
fn the_coalitions_campaign_is_named() {
    let config = r#"{"campaigns": [
        {"id": "a", "title": "A", "from": "2026-11-01", "to": "2026-11-30", "multiplier_bp": 20000, "paid_by": "autumn"},
        {"id": "b", "title": "B", "from": "2026-11-01", "to": "2026-11-30", "multiplier_bp": 15000, "paid_by": "autumn"}
    ]}"#;
    assert_eq!(describe::<SeasonalCampaign>(config).unwrap().campaigns, ["autumn"]);
    let answer = at(config, "2026-11-21T10:00:00-05:00").buy(soup(1_000));
    let paid_by: Vec<Option<&str>> = answer
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Award(award) => Some(award.campaign.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(paid_by, [None, Some("autumn")], "the base stands apart: a used up budget does not touch it");
}

#[test]
fn returned_goods_end_as_if_never_bought() {
    let basket = || Basket::usd().line("SOUP", 1_099).line("WINE", 1_501).line("TOYS", 777);
    for config in ["{}", THREE] {
        for order in [[0, 1], [1, 0]] {
            let mut till = at(config, "2026-11-27T14:30:00-05:00");
            till.buy(basket());
            for line in order {
                till.refund(0, &[line]);
            }
            let kept = at(config, "2026-11-27T14:30:00-05:00").buy(Basket::usd().line("TOYS", 777)).points();
            assert_eq!(till.points(), kept);
            till.refund_all(0);
            assert_eq!(till.points(), Points::ZERO);
        }
    }
}

#[test]
fn nobody_gains_by_splitting_or_loses_by_buying_more() {
    for config in ["{}", THREE, &THREE.replace("\"sum\"", "\"best\""), r#"{"extra_max": {"points": 60, "window": "week"}}"#] {
        for time in ["2026-11-27T14:30:00-05:00", "2026-11-18T14:30:00-05:00", "2026-11-21T10:00:00-05:00"] {
            let prepare = |till: &mut Till<SeasonalCampaign>| {
                till.at(time);
            };
            splitting_never_earns_more::<SeasonalCampaign>(config, GOODS, prepare);
            more_never_earns_less::<SeasonalCampaign>(config, GOODS, prepare);
        }
    }
}

#[test]
fn offers_announce_what_comes() {
    let mut till = at("{}", "2026-11-12T10:00:00-05:00");
    assert!(till.offer("black-friday").is_none(), "fifteen days before");
    till.at("2026-11-13T10:00:00-05:00");
    let offer = till.offer("black-friday").unwrap();
    assert_eq!(till.text("pl", &offer.reason.unwrap()), "Zaczyna się 2026-11-27.");
    till.at("2026-11-27T10:00:00-05:00");
    let offer = till.offer("black-friday").unwrap();
    assert!(offer.eligible && offer.points.is_none());
    assert_eq!(offer.valid_until_ms, Some(coalition_sdk::testkit::instant("2026-12-01T00:00:00-05:00").ms));
    assert_eq!(till.text("mk", &offer.title), "Црн петок");
    assert!(!till.offer("happy-hour").unwrap().eligible, "it is ten o'clock");
    assert!(till.offer("early-opening").is_none(), "everybody is in");
    assert_eq!(till.quote("black-friday", 1, None).unwrap_err().code, "not-eligible");
    till.at("2026-12-01T10:00:00-05:00");
    assert!(till.offer("black-friday").is_none());
}

#[test]
fn a_place_at_the_early_opening_costs_points() {
    let mut till = at("{}", "2026-11-20T10:00:00-05:00");
    till.member(|member| member.balance = Some(Points::new(150)));
    let offer = till.offer("early-opening").unwrap();
    assert_eq!(till.text("ru", &offer.reason.unwrap()), "Не хватает баллов: 50");
    assert_eq!(till.quote("early-opening", 1, None).unwrap().points, Points::new(200));
    till.at("2026-11-27T00:00:00-05:00");
    assert_eq!(till.quote("early-opening", 1, None).unwrap_err().code, "unavailable");
    assert_eq!(till.quote("late-opening", 1, None).unwrap_err().code, "unknown-reward");
    let manifest = describe::<SeasonalCampaign>("{}").unwrap();
    let place = manifest.rewards.iter().find(|reward| reward.id == "early-opening").unwrap();
    assert_eq!((place.kind.as_str(), place.stock, place.per_member.as_ref().unwrap().max), ("early-access", Some(100), 1));
}

#[test]
fn every_language_says_everything() {
    let locales = ["en", "ro", "mk", "pl", "ru"];
    for config in ["{}", THREE, r#"{"campaigns": [], "early_access": [], "extra_max": null, "excluded": {}}"#] {
        speaks::<SeasonalCampaign>(config, &locales);
    }
    let terms = |locale: &str| {
        let manifest = describe::<SeasonalCampaign>("{}").unwrap();
        let texts = manifest.texts.into_iter().find(|texts| texts.locale == locale).unwrap();
        texts.entries.into_iter().find(|(key, _)| key == "terms").unwrap().1
    };
    assert!(terms("en").contains("Black Friday, from 2026-11-27 to 2026-11-30: 300 % of the points, for purchases from 20.00 USD on."));
    assert!(terms("ro").contains(
        "Ora fericită, din 2026-01-01 până în 2026-12-31: 200 % din puncte, luni, marți, miercuri, joi, vineri, între orele 14:00 și 16:00."
    ));
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<SeasonalCampaign>(
        r#"{"campaigns": [
            {"id": "a", "title": "A", "from": "2026-11-30", "to": "2026-11-01", "multiplier_bp": 20000, "hours": {"from": 9, "to": 9}},
            {"id": "a", "title": "B", "from": "2026-11-01", "to": "2026-11-01", "multiplier_bp": 20000, "goods": {}}
        ], "early_access": [{"id": "a", "title": "C", "opens_to_all": "2026-11-01", "points": 5}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/campaigns/0/to", "/campaigns/0/hours/to", "/campaigns/1/id", "/campaigns/1/goods", "/early_access/0/id"]);
}
