use coalition_sdk::testkit::{Basket, Till, describe, instant, more_never_earns_less, speaks};
use coalition_sdk::{Chance, Effect, Points};

use super::*;

fn soup(amount: i64) -> Basket {
    Basket::usd().line("SOUP", amount)
}

fn till() -> Till<Tiers> {
    let mut till = Till::new("{}");
    till.at("2026-03-01T12:00:00-05:00");
    till
}

fn tier(till: &Till<Tiers>) -> Option<String> {
    till.view().tier.map(|tier| tier.name)
}

#[test]
fn spend_of_a_year_climbs_the_tiers() {
    let mut till = till();
    let answer = till.buy(soup(9_999));
    assert_eq!(answer.points(), Points::new(99));
    assert_eq!(tier(&till), None);
    till.buy(soup(1));
    assert_eq!(tier(&till).as_deref(), Some("bronze"), "from 100.00 on");
    // Bronze has no points on top; reaching silver has a welcome.
    let answer = till.buy(soup(40_000));
    assert_eq!(answer.points_under("tier-bonus"), Points::ZERO);
    assert_eq!(answer.points_under("welcome:silver:2026"), Points::new(50));
    assert_eq!(tier(&till).as_deref(), Some("silver"));
    // Silver has a quarter more.
    let answer = till.buy(soup(50_000));
    assert_eq!(answer.points_under("base"), Points::new(500));
    assert_eq!(answer.points_under("tier-bonus"), Points::new(125));
    assert_eq!(answer.points_under("welcome:gold:2026"), Points::new(150));
    assert_eq!(tier(&till).as_deref(), Some("gold"));
}

#[test]
fn one_purchase_may_pass_several_tiers() {
    let mut till = till();
    let answer = till.buy(soup(200_000));
    assert_eq!(answer.points(), Points::new(2_000 + 50 + 150));
    let changes = answer.effects.iter().filter(|effect| matches!(effect, Effect::SetTier(_)));
    assert_eq!(changes.count(), 1);
}

#[test]
fn a_tier_is_kept_through_the_next_year_and_lost_after_it() {
    let mut till = till();
    till.buy(soup(50_000));
    let until = till.view().tier.unwrap().until_ms;
    assert_eq!(until, Some(instant("2028-01-01T00:00:00-05:00").ms));
    till.at("2027-06-01T12:00:00-05:00");
    let answer = till.buy(soup(1_000));
    assert_eq!(answer.points_under("tier-bonus"), Points::new(2));
    assert_eq!(tier(&till).as_deref(), Some("silver"));
    till.at("2028-01-02T12:00:00-05:00");
    assert!(!till.offer("member-discount").unwrap().eligible);
    till.buy(soup(1_000));
    assert_eq!(tier(&till), None, "the year before brought 10.00 only");
}

#[test]
fn the_welcome_is_given_once_a_year() {
    let mut till = till();
    assert_eq!(till.buy(soup(60_000)).points_under("welcome:silver:2026"), Points::new(50));
    assert_eq!(till.buy(soup(1_000)).points_under("welcome:silver:2026"), Points::ZERO);
    till.at("2027-03-01T12:00:00-05:00");
    assert_eq!(till.buy(soup(60_000)).points_under("welcome:silver:2027"), Points::new(50));
}

#[test]
fn goods_that_come_back_count_back() {
    let mut till = till();
    till.buy(soup(30_000));
    till.buy(Basket::usd().line("SOUP", 1_000).line("WINE", 25_000));
    assert_eq!(tier(&till).as_deref(), Some("silver"));
    till.refund(1, &[1]);
    assert_eq!(till.points(), Points::new(310), "the welcome went back too");
    assert_eq!(till.view().counter("qualifying-spend"), 31_000);
    assert!(till.quote("gold-evening", 1, None).is_err());
    assert_eq!(tier(&till).as_deref(), Some("bronze"));
    till.buy(soup(100));
    let answer = till.buy(soup(20_000));
    assert_eq!(answer.points_under("welcome:silver:2026"), Points::new(50));
}

/// Returns of any purchases in any order: counter and tier end as those of a member who never bought them.
#[test]
fn random_histories_with_returns_end_alike() {
    for seed in 0..200 {
        let mut chance = Chance::from_seed(seed);
        let mut below = |bound: u64| i64::try_from(chance.below(bound).unwrap()).unwrap();
        let (mut with, mut without) = (till(), till());
        let mut returned = Vec::new();
        for purchase in 0..12 {
            let amount = 1_000 + below(40_000);
            with.buy(soup(amount));
            if below(2) == 0 {
                returned.push(purchase);
            } else {
                without.buy(soup(amount));
            }
        }
        if below(2) == 0 {
            returned.reverse();
        }
        for purchase in returned {
            with.refund_all(purchase);
        }
        for till in [&mut with, &mut without] {
            till.at("2026-12-01T12:00:00-05:00").buy(soup(100));
        }
        let seen = |till: &Till<Tiers>| (till.view().counter(SPEND), tier(till));
        assert_eq!(seen(&with), seen(&without), "seed {seed}");
    }
}

#[test]
fn a_refund_event_settles_what_a_later_purchase_gave() {
    // Silver was reached by the second purchase, and the first comes back.
    let mut till = till();
    till.buy(soup(30_000));
    till.buy(soup(25_000));
    assert_eq!((till.points(), tier(&till).as_deref()), (Points::new(300 + 250 + 50), Some("silver")));
    till.refund_all(0);
    assert_eq!((till.points(), tier(&till).as_deref()), (Points::new(250), Some("bronze")), "the welcome goes back, the tier follows");
}

#[test]
fn a_year_that_ends_sets_down_who_comes_no_more() {
    let mut till = till();
    till.buy(soup(100_000));
    till.at("2027-06-01T12:00:00-05:00").buy(soup(60_000));
    assert_eq!(tier(&till).as_deref(), Some("gold"), "by the year before");
    let closed = till.close(coalition_sdk::Window::Year, &[]);
    let Some(Effect::SetTier(change)) = closed.effects.iter().next() else {
        panic!("a tier");
    };
    assert_eq!(change.tier.as_deref(), Some("silver"));
    assert_eq!(change.until, Some(coalition_sdk::Moment::At(instant("2029-01-01T00:00:00-05:00").ms)));
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<Tiers>("{}", &texts::LOCALES);
    let config =
        r#"{"tiers": [{"id": "friend", "title": {"en": "Friend", "mk": "Пријател"}, "from": 1}], "exclusives": [], "excluded": {}}"#;
    speaks::<Tiers>(config, &texts::LOCALES);
    let manifest = describe::<Tiers>(config).unwrap();
    let terms = &manifest.texts[2].entries.iter().find(|(key, _)| key == "terms").unwrap().1;
    assert!(terms.contains("Пријател од 0.01 USD. Вратеното"), "{terms}");
}

/// More never earns less. Two baskets may earn more than one, since a tier reached by the first counts for the second; the terms say so.
#[test]
fn more_costs_nothing() {
    for spent in [0, 45_000, 99_000] {
        more_never_earns_less::<Tiers>("{}", &["SOUP", "GIFT CARDS"], |till| {
            till.at("2026-03-01T12:00:00-05:00");
            if spent > 0 {
                till.buy(soup(spent));
            }
        });
    }
}

#[test]
fn excluded_goods_neither_earn_nor_count() {
    let mut till = till();
    let answer = till.buy(Basket::usd().line("GIFT CARDS", 100_000).line("SOUP", 500));
    assert_eq!(answer.points(), Points::new(5));
    assert_eq!(till.view().counter("qualifying-spend"), 500);
}

#[test]
fn offers_say_how_far_the_next_tier_is() {
    let mut till = till();
    till.buy(soup(30_000));
    let offer = till.offer("member-discount").unwrap();
    assert!(offer.eligible);
    assert_eq!(till.text("en", &offer.title), "Bronze: 5 % off at the till");
    let target = offer.target.unwrap();
    assert_eq!((target.have, target.need), (30_000, 50_000));
    let evening = till.offer("gold-evening").unwrap();
    assert_eq!(till.text("en", &evening.reason.unwrap()), "For Gold members.");
    till.buy(soup(70_000));
    till.member(|member| member.balance = Some(Points::new(200)));
    assert!(till.offer("member-discount").unwrap().target.is_none(), "nothing above gold");
    let evening = till.offer("gold-evening").unwrap();
    assert_eq!(till.text("en", &evening.reason.unwrap()), "Points still missing: 100");
    till.member(|member| member.balance = Some(Points::new(300)));
    let evening = till.offer("gold-evening").unwrap();
    assert!(evening.eligible);
    assert_eq!(till.text("en", &evening.title), "An evening of tasting, for gold members");
}

#[test]
fn quotes_follow_the_tier() {
    let mut till = till();
    let code = |till: &Till<Tiers>, reward, amount| till.quote(reward, 1, amount).unwrap_err().code;
    assert_eq!(code(&till, "member-discount", Some(1_000)), "not-eligible");
    assert_eq!(code(&till, "gold-evening", None), "not-eligible");
    assert_eq!(code(&till, "silver-evening", None), "unknown-reward");
    till.buy(soup(100_000));
    assert_eq!(till.quote("gold-evening", 2, None).unwrap().points, Points::new(600));
    assert_eq!(code(&till, "member-discount", Some(1_999)), "not-eligible");
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let problems =
        describe::<Tiers>(r#"{"tiers": [{"id": "a", "title": "A", "from": 500}, {"id": "a", "title": "B", "from": 400}]}"#).unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/tiers/1/id", "/tiers/1/from", "/exclusives/0/tier"]);
}
