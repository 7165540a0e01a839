use coalition_sdk::testkit::{Basket, Till, describe, instant, more_never_earns_less, speaks, splitting_never_earns_more};
use coalition_sdk::{Attributes, Effect, Points};

use super::*;

const NO_GRACE: &str =
    r#"{"plan": {"id": "plus", "title": "Plus", "goods": {"skus": ["MEMBERSHIP-PLUS"]}, "fee": 13900, "grace_days": 0}}"#;

fn till(config: &str) -> Till<PaidMembership> {
    let mut till = Till::new(config);
    till.at("2026-03-15T12:00:00-05:00");
    till
}

fn fee() -> Basket {
    Basket::usd().item("MEMBERSHIP-PLUS", "MEMBERSHIPS", 1_000, 13_900)
}

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

fn until(till: &Till<PaidMembership>) -> Option<i64> {
    till.view().tier.and_then(|tier| tier.until_ms)
}

fn ms(time: &str) -> Option<i64> {
    Some(instant(time).ms)
}

#[test]
fn a_fee_makes_a_member_for_a_year_and_its_grace() {
    let mut till = till("{}");
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(10));
    let joined = till.buy(fee());
    assert_eq!(joined.points(), Points::ZERO, "the fee itself earns nothing");
    let told = joined.effects.iter().find_map(|effect| match effect {
        Effect::SetTier(change) => Some(till.text("en", &change.reason)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("Plus is yours until 2027-03-15."));
    assert_eq!(until(&till), ms("2027-03-29T12:00:00-05:00"), "with fourteen days of grace");
    let answer = till.buy(soup(1_050));
    assert_eq!((answer.points_under("base"), answer.points_under("member")), (Points::new(10), Points::new(10)));
    till.at("2027-03-28T12:00:00-05:00");
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(20), "in grace");
    till.at("2027-03-30T12:00:00-05:00");
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(10));
}

#[test]
fn a_renewal_goes_on_from_the_old_end() {
    let mut till = till("{}");
    till.buy(fee());
    till.at("2027-02-20T12:00:00-05:00").buy(fee());
    assert_eq!(until(&till), ms("2028-03-29T12:00:00-05:00"), "a month early, and no day is lost");
    // In grace too: it is no year of fifty-four weeks.
    till.at("2028-03-20T12:00:00-05:00").buy(fee());
    assert_eq!(until(&till), ms("2029-03-29T12:00:00-05:00"));
    // After it a new year begins.
    till.at("2030-01-01T12:00:00-05:00").buy(fee());
    assert_eq!(until(&till), ms("2031-01-15T12:00:00-05:00"));
}

#[test]
fn a_fee_given_back_ends_what_it_paid_for() {
    let mut till = till(NO_GRACE);
    till.buy(fee());
    till.refund_all(0);
    assert_eq!(till.view().tier, None);
    assert_eq!(till.buy(soup(1_000)).points(), Points::new(10));
    // Of two years the second goes, whichever fee it was; goods that come back change nothing.
    till.buy(fee());
    till.at("2026-09-15T12:00:00-05:00").buy(Basket::usd().item("MEMBERSHIP-PLUS", "X", 1_000, 13_900).line("SOUP", 500));
    assert_eq!(until(&till), ms("2028-03-15T12:00:00-05:00"));
    till.refund(3, &[1]);
    assert_eq!(until(&till), ms("2028-03-15T12:00:00-05:00"));
    till.refund_all(2);
    assert_eq!(until(&till), ms("2027-03-15T12:00:00-05:00"));
}

#[test]
fn what_is_not_used_is_a_share_of_whole_months() {
    let mut till = till(NO_GRACE);
    till.buy(fee());
    let unused = |till: &Till<PaidMembership>| till.offer("membership").unwrap().attributes.number("x-unused-minor");
    assert_eq!(unused(&till), Some(13_900));
    till.at("2026-07-14T12:00:00-05:00");
    assert_eq!(unused(&till), Some(9_266), "eight months and a day: 8/12, rounded down");
    till.at("2026-07-16T12:00:00-05:00");
    assert_eq!(unused(&till), Some(8_108), "seven whole months");
    till.at("2027-03-01T12:00:00-05:00");
    assert_eq!(unused(&till), Some(0));
}

#[test]
fn counted_deliveries_are_vouchers_that_go_back_with_the_fee() {
    let config = r#"{"delivery": {"minimum": 2000, "times": 3}, "welcome_points": 50}"#;
    let mut till = till(config);
    assert!(!till.offer("free-delivery").unwrap().eligible);
    let joined = till.buy(fee());
    assert_eq!((joined.vouchers("free-delivery"), joined.points()), (3, Points::new(50)));
    for left in [2, 1, 0] {
        till.use_voucher("free-delivery");
        assert_eq!(till.offer("free-delivery").unwrap().target.unwrap().have, left);
    }
    let offer = till.offer("free-delivery").unwrap();
    assert_eq!(till.text("en", &offer.reason.unwrap()), "All free deliveries are used.");
    till.buy(fee());
    assert_eq!(till.view().open_vouchers("free-delivery").len(), 3);
    assert_eq!(till.points(), Points::new(50), "a welcome is given once");
    till.refund_all(1);
    assert!(till.view().open_vouchers("free-delivery").is_empty());
}

#[test]
fn a_subscription_is_paid_and_ends_without_a_till() {
    let mut till = till("{}");
    let status = |status: &str| Attributes::default().with("x-status", status);
    till.activity("subscription", status("paid"));
    assert!(till.view().tier.is_some());
    assert!(till.activity("subscription", status("paused")).effects.is_empty());
    till.activity("subscription", status("ended"));
    assert!(till.view().tier.is_none());
    assert!(till.activity("subscription", status("ended")).effects.is_empty(), "it has ended before");
}

#[test]
fn offers_are_for_members_and_cost_no_points() {
    let mut till = till("{}");
    let delivery = till.offer("free-delivery").unwrap();
    assert_eq!((delivery.eligible, till.text("ru", &delivery.reason.unwrap())), (false, "Для участников Плюс.".to_owned()));
    till.buy(fee());
    for reward in ["free-delivery", "member-price-own-brand", "early-access"] {
        let offer = till.offer(reward).unwrap();
        assert!(offer.eligible && offer.points.is_none(), "{reward}");
        assert_eq!(till.quote(reward, 1, None).unwrap_err().code, "not-eligible");
    }
    let price = till.offer("member-price-own-brand").unwrap();
    assert_eq!(price.attributes.text("x-goods"), Some("OWN BRAND*,PRIVATE LABEL*"));
    assert_eq!(till.quote("membership", 1, None).unwrap_err().reason, "bought-like-goods".into());
    assert_eq!(till.quote("gold", 1, None).unwrap_err().code, "unknown-reward");
}

#[test]
fn splitting_gains_nothing_and_more_costs_nothing() {
    let member = |till: &mut Till<PaidMembership>| {
        till.at("2026-03-15T12:00:00-05:00").buy(fee());
    };
    for config in ["{}", r#"{"earn": {"points": 7, "minor": 300}, "member_rate_bp": 13333}"#] {
        splitting_never_earns_more::<PaidMembership>(config, &["SOUP", "CIGARETTES"], member);
        more_never_earns_less::<PaidMembership>(config, &["SOUP", "CIGARETTES"], member);
    }
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<PaidMembership>("{}", &texts::LOCALES);
    speaks::<PaidMembership>(
        r#"{"delivery": {"minimum": 2000, "times": 12}, "welcome_points": 1, "early_minutes": null, "member_prices": []}"#,
        &texts::LOCALES,
    );
    speaks::<PaidMembership>(r#"{"delivery": null, "member_rate_bp": 10000}"#, &texts::LOCALES);
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let price = r#"{"id": "a", "title": "A", "goods": {}, "discount_bp": 1}"#;
    let config = format!(r#"{{"plan": {{"id": "plus", "title": "Plus", "goods": {{}}, "fee": 1}}, "member_prices": [{price}, {price}]}}"#);
    let problems = describe::<PaidMembership>(&config).unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/plan/goods", "/member_prices/0/goods", "/member_prices/1/id", "/member_prices/1/goods"]);
}
