//! The rules as plain Rust: no WebAssembly, no gateway.

use coalition_sdk::Points;
use coalition_sdk::testkit::{Basket, Till};

use crate::Rules;

#[test]
fn a_dollar_is_a_point_and_coffee_is_two() {
    let mut till = Till::<Rules>::new("{}");
    let answer = till.buy(Basket::usd().line("ROLLS", 350).line("COFFEE", 450));
    assert_eq!(answer.points_under("base"), Points::new(8));
    assert_eq!(answer.points_under("double"), Points::new(4));
}

#[test]
fn what_comes_back_takes_its_points_along() {
    let mut till = Till::<Rules>::new("{}");
    till.buy(Basket::usd().line("ROLLS", 350).line("COFFEE", 450));
    till.refund(0, &[1]);
    assert_eq!(till.points(), Points::new(3));
}

#[test]
#[should_panic(expected = "/earn")]
fn a_rate_of_nothing_is_refused() {
    Till::<Rules>::new(r#"{"earn": {"points": 1, "minor": 0}}"#);
}
