//! The rules as plain Rust: no WebAssembly, no gateway.

use coalition_sdk::testkit::{Basket, Till};

use crate::{FREE_ONE, Rules};

#[test]
fn the_tenth_coffee_fills_the_card() {
    let mut till = Till::<Rules>::new("{}");
    for _ in 1..=9 {
        assert_eq!(till.buy(Basket::usd().line("COFFEE", 320).line("ROLLS", 50)).vouchers(FREE_ONE), 0);
    }
    assert_eq!(till.buy(Basket::usd().line("COFFEE", 320)).vouchers(FREE_ONE), 1);
    assert_eq!(till.buy(Basket::usd().line("COFFEE", 320)).vouchers(FREE_ONE), 0);
}

#[test]
fn a_returned_coffee_takes_its_stamp_along() {
    let mut till = Till::<Rules>::new(r#"{"stamps": 2}"#);
    till.buy(Basket::usd().line("COFFEE", 320));
    till.refund_all(0);
    assert_eq!(till.buy(Basket::usd().line("COFFEE", 320)).vouchers(FREE_ONE), 0);
    assert_eq!(till.buy(Basket::usd().line("COFFEE", 320)).vouchers(FREE_ONE), 1);
}

#[test]
fn the_offer_says_how_far_it_is() {
    let mut till = Till::<Rules>::new("{}");
    till.buy(Basket::usd().line("COFFEE", 320));
    let target = till.offer(FREE_ONE).unwrap().target.unwrap();
    assert_eq!((target.have, target.need), (1, 10));
}
