//! The rules as plain Rust: no WebAssembly, no gateway.

use coalition_sdk::Points;
use coalition_sdk::testkit::{Basket, Till};

use crate::Rules;

#[test]
fn a_member_rises_at_once_and_earns_more_from_the_next_purchase_on() {
    let mut till = Till::<Rules>::new("{}");
    assert_eq!(till.buy(Basket::usd().line("SHOES", 12_000)).points(), Points::new(120));
    assert_eq!(till.view().tier.unwrap().name, "bronze");
    assert_eq!(till.buy(Basket::usd().line("SHOES", 1_000)).points(), Points::new(20));
}

#[test]
fn one_large_purchase_skips_tiers() {
    let mut till = Till::<Rules>::new("{}");
    till.buy(Basket::usd().line("PIANO", 200_000));
    assert_eq!(till.view().tier.unwrap().name, "gold");
}

#[test]
#[should_panic(expected = "/tiers/1/from")]
fn tiers_out_of_order_are_refused() {
    let tier = |name: &str, from: i64| format!(r#"{{"name": "{name}", "from": {from}, "earn": {{"points": 1, "minor": 100}}}}"#);
    Till::<Rules>::new(&format!(r#"{{"tiers": [{}, {}]}}"#, tier("a", 5), tier("b", 5)));
}
