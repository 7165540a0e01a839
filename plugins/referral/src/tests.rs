use coalition_sdk::testkit::{Basket, Till, describe, speaks};
use coalition_sdk::{Attributes, Availability, Effect, Moment, Points};

use super::*;

fn friend(config: &str) -> Till<Referral> {
    let mut till = Till::new(config);
    till.at("2026-03-01T12:00:00-05:00").enrol(&["referrer"]);
    till
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

#[test]
fn the_first_purchase_that_is_enough_rewards_the_friend_and_sends_word() {
    let mut till = friend("{}");
    assert!(till.buy(soup(999)).effects.is_empty(), "too little");
    let answer = till.buy(soup(600).line("EGGS", 400));
    assert_eq!(answer.points_under("friend"), Points::new(500));
    let signals = answer.signals();
    assert_eq!((signals.len(), signals[0].relation.as_str(), signals[0].kind.as_str()), (1, "referrer", "friend-bought"));
    let waits = answer.effects.iter().find_map(|effect| match effect {
        Effect::Award(award) => Some(award.available.clone()),
        _ => None,
    });
    assert_eq!(waits, Some(Availability::Later(Moment::AfterDays(14))));
    assert!(till.buy(soup(5_000)).effects.is_empty(), "once");
}

#[test]
fn joining_tells_what_waits() {
    let mut till = Till::<Referral>::new("{}");
    let answer = till.enrol(&["referrer"]);
    let told = answer.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("en", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("Points that wait for your first purchase of 10.00 USD or more: 500"));
    assert!(Till::<Referral>::new("{}").enrol(&["enroller"]).effects.is_empty());
}

#[test]
fn who_was_not_brought_earns_nothing() {
    let mut till = Till::<Referral>::new("{}");
    till.enrol(&[]);
    assert!(till.buy(soup(5_000)).effects.is_empty());
}

#[test]
fn a_returned_purchase_takes_both_rewards_and_the_next_is_the_first_again() {
    let mut till = friend("{}");
    till.buy(soup(600).line("EGGS", 500));
    till.refund(0, &[1]);
    assert_eq!(till.points(), Points::ZERO, "what is kept is too little");
    assert_eq!(till.view().counter("qualified"), 0);
    let again = till.buy(soup(1_000));
    assert_eq!((again.points(), again.signals().len()), (Points::new(500), 1));
    assert_eq!(till.points(), Points::new(500));
}

#[test]
fn too_late_and_employees_dont_count() {
    let mut till = friend("{}");
    assert!(till.buy(soup(5_000).with("employee", true)).effects.is_empty());
    till.at("2026-06-01T12:00:00-05:00");
    assert!(till.buy(soup(5_000)).effects.is_empty(), "after 92 days");
    let mut till = friend(r#"{"within_days": null, "employees": true}"#);
    till.at("2027-06-01T12:00:00-05:00");
    assert_eq!(till.buy(soup(5_000).with("employee", true)).points(), Points::new(500));
}

#[test]
fn gift_cards_dont_count() {
    let mut till = friend("{}");
    assert!(till.buy(Basket::usd().line("GIFT CARDS", 5_000).line("SOUP", 500)).effects.is_empty());
}

#[test]
fn a_household_does_not_bring_itself() {
    let mut till = Till::<Referral>::new("{}");
    assert_eq!(till.enrol(&["referrer", "household"]).refusal.unwrap().code, "same-household");
    assert!(till.buy(soup(5_000)).effects.is_empty());
    let mut till = Till::<Referral>::new(r#"{"same_household": true}"#);
    till.enrol(&["referrer", "household"]);
    assert_eq!(till.buy(soup(5_000)).points(), Points::new(500));
}

#[test]
fn who_brings_friends_is_rewarded_up_to_the_limit() {
    let mut till = Till::<Referral>::new(r#"{"friends": {"max": 2, "window": "year"}}"#);
    till.at("2026-03-01T12:00:00-05:00");
    let hear = |till: &mut Till<Referral>| till.hears("referrer", "friend-bought", Attributes::default());
    assert_eq!(hear(&mut till).points(), Points::new(500));
    assert_eq!(hear(&mut till).points(), Points::new(500), "another source is another award");
    assert!(!till.offer("invite").unwrap().eligible);
    let third = hear(&mut till);
    assert_eq!(third.refusal.map(|refusal| till.text("pl", &refusal.reason)).as_deref(), Some("Osiągnięto liczbę nagradzanych poleceń: 2"));
    till.at("2027-01-01T12:00:00-05:00");
    assert_eq!(hear(&mut till).points(), Points::new(500), "a new year");
    assert!(till.hears("referrer", "other", Attributes::default()).effects.is_empty());
    assert_eq!(till.offer("invite").unwrap().target.unwrap().have, 1);
}

#[test]
fn the_friend_may_have_a_voucher_instead_of_points() {
    let mut till = friend(r#"{"friend_points": 0, "friend_voucher": {"value": 500}}"#);
    let answer = till.buy(soup(2_000));
    assert_eq!((answer.points(), answer.vouchers("friend-voucher"), answer.signals().len()), (Points::ZERO, 1, 1));
    assert!(till.buy(soup(2_000)).effects.is_empty(), "once, without points too");
    assert_eq!(till.offer("friend-voucher").unwrap().value, Some(Money::new(500, coalition_sdk::Currency::USD)));
    till.refund_all(0);
    assert!(till.offer("friend-voucher").is_none());
}

#[test]
fn nothing_is_for_points() {
    let till = Till::<Referral>::new("{}");
    assert_eq!(till.quote("invite", 1, None).unwrap_err().code, "not-eligible");
    assert_eq!(till.quote("friend-voucher", 1, None).unwrap_err().code, "unknown-reward");
}

/// Splitting gains nothing: the purchase must be enough by itself. Buying more loses nothing.
#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    use coalition_sdk::testkit::{more_never_earns_less, splitting_never_earns_more};
    let brought = |till: &mut Till<Referral>| {
        till.at("2026-03-01T12:00:00-05:00").enrol(&["referrer"]);
    };
    splitting_never_earns_more::<Referral>("{}", &["SOUP", "GIFT CARDS"], brought);
    more_never_earns_less::<Referral>("{}", &["SOUP", "GIFT CARDS"], brought);
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<Referral>("{}", &texts::LOCALES);
    for window in ["day", "week", "month", "quarter", "year"] {
        let config = format!(
            r#"{{"friends": {{"max": 1, "window": "{window}"}}, "friend_voucher": {{"value": 1}}, "within_days": null, "pending_days": 0, "same_household": true}}"#
        );
        speaks::<Referral>(&config, &texts::LOCALES);
    }
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems = describe::<Referral>(r#"{"friends": {"max": 0, "window": "year"}, "minimum": 0}"#).unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/minimum", "/friends/max"]);
}
