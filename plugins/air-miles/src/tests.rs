use coalition_sdk::testkit::{Basket, Till, describe, instant, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Attributes, Chance, Context, Points, QuoteRequest};

use super::*;

fn till(config: &str) -> Till<AirMiles> {
    let mut till = Till::new(config);
    till.at("2026-03-01T12:00:00-05:00");
    till
}

/// A ticket of flights: distance and cabin.
fn ticket(flights: &[(i64, &str)]) -> Basket {
    flights.iter().enumerate().fold(Basket::usd(), |basket, (index, (distance, cabin))| {
        basket.line("FLIGHTS", 20_000).mark(index, "x-distance", *distance).mark(index, "x-cabin", *cabin)
    })
}

fn flown(distance: i64, cabin: &str) -> Attributes {
    Attributes::default().with("x-distance", distance).with("x-cabin", cabin)
}

fn quote(reward: &str, attributes: Attributes) -> Result<(i64, i64), String> {
    let config = coalition_sdk::settings::read("{}").unwrap();
    let at = instant("2026-05-01T12:00:00-05:00");
    let context = Context { at, attributes, ..Context::default() };
    let request = QuoteRequest { reward: reward.to_owned(), quantity: 1, amount: None, basket: None, context };
    match awards::quote(&request, &config) {
        Ok(quotation) => Ok((quotation.points.get(), quotation.value.minor())),
        Err(Stop::Refused(refusal)) => Err(refusal.reason.key),
        Err(Stop::Broken(fault)) => panic!("{fault}"),
    }
}

#[test]
fn distance_and_cabin_make_the_miles() {
    let mut till = till("{}");
    let answer = till.buy(ticket(&[(1_000, "economy"), (1_001, "first"), (200, "saver"), (900, "unheard-of")]));
    // 1000 + floor(1751.75) + 30 % of the least, 500 + 900.
    assert_eq!(answer.points_under("flights"), Points::new(1_000 + 1_751 + 150 + 900));
    assert_eq!(answer.points(), answer.points_under("flights"), "tickets earn by distance only");
    assert_eq!((till.view().counter("status-miles"), till.view().counter("flights")), (3_801, 4));
    assert_eq!(till.buy(Basket::usd().line("LOUNGE", 3_950)).points_under("other"), Points::new(39));
}

#[test]
fn what_was_flown_may_be_an_event_of_its_own() {
    let mut till = till("{}");
    assert_eq!(till.activity("x-flown", flown(2_500, "flexible")).points(), Points::new(3_750));
    assert!(till.activity("x-flown", Attributes::default()).effects.is_empty(), "no distance, no flight");
    assert!(till.activity("x-flown", flown(-5, "economy")).effects.is_empty());
}

#[test]
fn a_tier_earns_more_from_the_next_flight_on_and_through_the_next_year() {
    let mut till = till("{}");
    assert_eq!(till.buy(ticket(&[(20_000, "economy")])).points(), Points::new(20_000));
    assert_eq!(till.view().tier_name(), Some("silver"));
    let answer = till.buy(ticket(&[(1_001, "economy")]));
    assert_eq!(answer.points_under("tier-bonus"), Points::new(500), "half, rounded down");
    till.at("2027-07-01T12:00:00-05:00");
    assert_eq!(till.activity("x-flown", flown(600, "economy")).points_under("tier-bonus"), Points::new(300));
    till.close(Window::Year, &[]);
    assert_eq!(till.view().tier_name(), None, "600 miles in the year that ended");
}

#[test]
fn a_year_that_ends_sets_a_tier_down_to_what_was_flown_in_it() {
    let mut till = till("{}");
    till.buy(ticket(&[(45_000, "economy")]));
    assert_eq!(till.view().tier_name(), Some("gold"));
    till.at("2027-07-01T12:00:00-05:00").buy(ticket(&[(21_000, "economy")]));
    assert_eq!(till.view().tier_name(), Some("gold"));
    till.close(Window::Year, &[]);
    assert_eq!(till.view().tier_name(), Some("silver"));
    assert_eq!(till.view().tier.unwrap().until_ms, Some(instant("2029-01-01T00:00:00-05:00").ms));
}

#[test]
fn flying_often_has_a_bonus_and_returns_take_it_back() {
    let config = r#"{"segments": {"every": 3, "miles": 100}}"#;
    let mut till = till(config);
    let one = || ticket(&[(500, "economy")]);
    till.buy(one());
    till.buy(one());
    assert_eq!(till.buy(ticket(&[(500, "economy"), (500, "economy")])).points_under("often:2026"), Points::new(100));
    assert_eq!(till.points(), Points::new(2_100));
    // The first ticket comes back: three flights are left, which still earn it.
    till.refund_all(0);
    assert_eq!(till.points(), Points::new(1_600));
    till.refund_all(1);
    assert_eq!(till.points(), Points::new(1_000), "two flights don't");
    assert_eq!(till.buy(one()).points_under("often:2026"), Points::new(100), "and the third has it again");
}

/// Tickets that come back, in any order: miles, counters and tier end as those of a member who never bought them.
#[test]
fn random_histories_with_returns_end_alike() {
    let config = r#"{"segments": {"every": 3, "miles": 100}, "tiers": [{"id": "silver", "title": "Silver", "from": 4000}]}"#;
    for seed in 0..100 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let (mut with, mut without) = (till(config), till(config));
        let mut returned = Vec::new();
        for purchase in 0..8 {
            let flight = [(300 + below(2_000), "economy")];
            with.buy(ticket(&flight));
            if below(2) == 0 {
                returned.push(purchase);
            } else {
                without.buy(ticket(&flight));
            }
        }
        if below(2) == 0 {
            returned.reverse();
        }
        for purchase in returned {
            with.refund_all(purchase);
        }
        let seen = |till: &Till<AirMiles>| {
            let view = till.view();
            (view.counter("status-miles"), view.counter("flights"), view.awarded_under("often:2026"), view.tier)
        };
        for till in [&mut with, &mut without] {
            till.buy(ticket(&[(500, "economy")]));
        }
        let (with, without) = (seen(&with), seen(&without));
        assert_eq!((with.0, with.1, with.2), (without.0, without.1, without.2), "seed {seed}");
        assert_eq!(with.3.map(|tier| tier.name), without.3.map(|tier| tier.name), "seed {seed}");
    }
}

#[test]
fn an_award_is_priced_by_distance_and_season() {
    assert_eq!(quote("economy", flown(700, "")), Ok((4_500, 4_500)));
    assert_eq!(quote("economy", flown(701, "")), Ok((7_500, 7_500)));
    assert_eq!(quote("business", flown(9_000, "")), Ok((60_000, 60_000)));
    let on = |date: &str| flown(701, "").with("x-date", date);
    assert_eq!(quote("economy", on("2026-12-18")), Ok((11_250, 11_250)));
    assert_eq!(quote("economy", on("2027-01-04")), Ok((11_250, 11_250)), "over New Year");
    assert_eq!(quote("economy", on("2027-01-05")), Ok((7_500, 7_500)));
    assert_eq!(quote("economy", on("2027-02-01")), Ok((6_000, 6_000)));
    assert_eq!(quote("economy", Attributes::default()), Err("distance-needed".to_owned()));
    assert_eq!(quote("upgrade", Attributes::default()), Ok((15_000, 15_000)), "one price for any distance");
    assert_eq!(quote("balloon", flown(1, "")), Err("no-such-reward".to_owned()));
}

#[test]
fn offers_say_the_least_and_how_far_it_is() {
    let mut till = till("{}");
    till.at("2026-05-01T12:00:00-05:00").member(|member| member.balance = Some(Points::new(4_000)));
    let offer = till.offer("economy").unwrap();
    assert_eq!((offer.points, offer.eligible), (Some(Points::new(4_500)), false));
    assert_eq!(till.text("ro", &offer.reason.unwrap()), "Puncte care mai lipsesc: 500");
}

#[test]
fn miles_may_wait_until_the_flight() {
    let mut till = till(r#"{"waits_for": "flown", "other": null}"#);
    let answer = till.buy(ticket(&[(1_000, "economy")]).line("LOUNGE", 9_999));
    let waits = answer.effects.iter().find_map(|effect| match effect {
        coalition_sdk::Effect::Award(award) => Some(award.available.clone()),
        _ => None,
    });
    assert_eq!(waits, Some(coalition_sdk::Availability::OnAction("flown".to_owned())));
    assert_eq!(answer.points(), Points::new(1_000));
}

/// Each flight is rounded by itself, so splitting a ticket gains nothing while the tier stays; nor does splitting what is no flight.
#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    splitting_never_earns_more::<AirMiles>("{}", &["LOUNGE", "MEALS"], |_| {});
    more_never_earns_less::<AirMiles>("{}", &["LOUNGE", "MEALS"], |_| {});
    let config = r#"{"tiers": [], "segments": null}"#;
    for seed in 0..100 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let cabins = ["economy", "saver", "flexible", "first"];
        let flights: Vec<(i64, &str)> = (0..5).map(|_| (1 + below(3_000), cabins[usize::try_from(below(4)).unwrap()])).collect();
        let (mut whole, mut parts) = (till(config), till(config));
        whole.buy(ticket(&flights));
        parts.buy(ticket(&flights[..2]));
        parts.buy(ticket(&flights[2..]));
        assert_eq!(whole.points(), parts.points(), "seed {seed}");
        let mut fewer = till(config);
        fewer.buy(ticket(&flights[..4]));
        assert!(fewer.points() <= whole.points(), "seed {seed}");
    }
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<AirMiles>("{}", &texts::LOCALES);
    speaks::<AirMiles>(
        r#"{"tiers": [], "segments": null, "other": null, "awards": [], "minimum_miles": 0, "waits_for": "flown", "cabins": [{"id": "any", "title": "Any", "rate_bp": 10000}]}"#,
        &texts::LOCALES,
    );
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<AirMiles>(
        r#"{"cabins": [{"id": "a", "title": "A", "rate_bp": 1}, {"id": "a", "title": "B", "rate_bp": 1}],
            "tiers": [{"id": "s", "title": "S", "from": 5}, {"id": "s", "title": "T", "from": 5}],
            "awards": [{"id": "seat", "title": "Seat", "prices": [{"up_to": 700, "miles": 1}, {"miles": 2}, {"up_to": 900, "miles": 3}]}],
            "seasons": [{"title": "X", "from": {"month": 13, "day": 1}, "to": {"month": 1, "day": 1}, "rate_bp": 1}]}"#,
    )
    .unwrap_err();
    assert_eq!(problems[0].pointer, "/seasons/0/from/month");
    let problems = describe::<AirMiles>(
        r#"{"cabins": [{"id": "a", "title": "A", "rate_bp": 1}, {"id": "a", "title": "B", "rate_bp": 1}],
            "tiers": [{"id": "s", "title": "S", "from": 5}, {"id": "s", "title": "T", "from": 5}],
            "awards": [{"id": "seat", "title": "Seat", "prices": [{"up_to": 700, "miles": 1}, {"miles": 2}, {"up_to": 900, "miles": 3}]}]}"#,
    )
    .unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/cabins/1/id", "/tiers/1/id", "/tiers/1/from", "/awards/0/prices/2/up_to"]);
}
