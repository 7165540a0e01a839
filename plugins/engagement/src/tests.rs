use coalition_sdk::testkit::{Till, describe, speaks};
use coalition_sdk::{Attributes, Availability, Effect, Points};

use super::*;

fn till() -> Till<Engagement> {
    let mut till = Till::new("{}");
    till.at("2026-03-02T12:00:00-05:00").member(|member| member.activity.purchases = 1);
    till
}

fn plain() -> Attributes {
    Attributes::default()
}

#[test]
fn a_review_waits_until_it_was_looked_at() {
    let mut till = till();
    let answer = till.activity("review", plain().with("x-characters", 40_i64));
    let Some(Effect::Award(award)) = answer.effects.iter().next() else {
        panic!("an award");
    };
    assert_eq!((award.points, &award.available), (Points::new(10), &Availability::OnAction("approved".to_owned())));
    assert_eq!(till.text("mk", &award.reason), "Рецензија");
    assert_eq!(till.activity("review", plain().with("x-characters", 200_i64)).points(), Points::new(20), "a long one");
}

#[test]
fn who_has_not_bought_has_nothing_to_review() {
    let mut till = till();
    till.member(|member| member.activity.purchases = 0);
    assert_eq!(till.activity("review", plain()).refusal.unwrap().code, "not-eligible");
    assert_eq!(till.activity("visit", plain()).points(), Points::new(2), "a visit needs no purchase");
}

#[test]
fn a_day_has_its_limit_and_the_next_day_another() {
    let mut till = till();
    for _ in 0..3 {
        assert_eq!(till.activity("review", plain()).points(), Points::new(10));
    }
    let refusal = till.activity("review", plain()).refusal.unwrap();
    assert_eq!(till.text("en", &refusal.reason), "That is all for today. A day's limit: 3");
    assert_eq!(till.activity("x-photo", plain()).points(), Points::new(5), "photos have their own");
    till.at("2026-03-03T00:00:00-05:00");
    assert_eq!(till.activity("review", plain()).points(), Points::new(10));
}

#[test]
fn some_things_are_rewarded_so_often_and_no_more() {
    let mut till = till();
    for day in 1..=20 {
        till.at(&format!("2026-03-{day:02}T12:00:00-05:00"));
        assert_eq!(till.activity("social", plain()).points(), Points::new(3));
    }
    till.at("2026-04-01T12:00:00-05:00");
    let refusal = till.activity("social", plain()).refusal.unwrap();
    assert_eq!((refusal.code.as_str(), refusal.reason.key.as_str()), ("limit-reached", "ever-max"));
}

#[test]
fn a_quiz_counts_right_answers() {
    let mut till = till();
    for (score, points) in [(Some(7), 7), (Some(99), 10), (Some(0), 0), (Some(-3), 0), (None, 0)] {
        till.at("2026-03-02T12:00:00-05:00");
        let mut fresh = Till::<Engagement>::new("{}");
        let attributes = score.map_or_else(plain, |score: i64| plain().with("x-score", score));
        let answer = fresh.activity("quiz", attributes);
        assert_eq!(answer.points(), Points::new(points), "{score:?}");
        assert_eq!(answer.refusal.is_some(), points == 0);
        assert_eq!(fresh.view().counter("today-quiz"), i64::from(points > 0), "what earned nothing is no attempt");
    }
}

#[test]
fn levels_follow_the_points_earned_by_taking_part() {
    let config = r#"{"levels": [{"id": "guide", "title": "Guide", "from": 25}], "day_points_max": null,
        "actions": [{"id": "idea", "title": "Idea", "kind": "x-idea", "points": 15, "day_max": 5}]}"#;
    let mut till = Till::<Engagement>::new(config);
    till.activity("x-idea", plain());
    assert!(!till.view().has_badge("guide", ""));
    let answer = till.activity("x-idea", plain());
    assert!(till.view().has_badge("guide", ""));
    let told = answer.effects.iter().find_map(|effect| match effect {
        Effect::Tell(message) => Some(till.text("en", message)),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("You are “Guide” now."));
    let again = till.activity("x-idea", plain());
    assert!(!again.effects.iter().any(|effect| matches!(effect, Effect::GrantBadge(_))), "once");
}

/// Farming: however many are sent, a day gives what the limits say.
#[test]
fn a_burst_earns_what_the_limits_say() {
    let mut till = till();
    let mut earned = 0;
    for number in 0..200_i64 {
        for kind in ["review", "x-photo", "x-idea", "quiz", "survey", "social", "visit"] {
            let answer = till.activity(kind, plain().with("x-score", number % 12).with("x-characters", number * 7));
            earned += answer.points().get();
        }
    }
    assert!(earned <= 3 * 20 + 5 * 5 + 15 + 10 + 10 + 3 + 2, "{earned}");
    let manifest = describe::<Engagement>("{}").unwrap();
    assert_eq!((manifest.limits[0].name.as_str(), manifest.limits[0].max), ("points", 100), "and the gateway cuts above this");
}

#[test]
fn a_preview_is_for_points() {
    let mut till = till();
    till.member(|member| member.balance = Some(Points::new(120)));
    assert!(!till.offer("preview").unwrap().eligible);
    assert_eq!(till.quote("preview", 1, None).unwrap().points, Points::new(300));
    assert_eq!(till.quote("gold", 1, None).unwrap_err().code, "unknown-reward");
}

#[test]
fn everything_is_said_in_every_language() {
    speaks::<Engagement>("{}", &texts::LOCALES);
    speaks::<Engagement>(
        r#"{"actions": [{"id": "visit", "title": "Visit", "kind": "visit", "points": 1}], "levels": [], "rewards": [], "day_points_max": null}"#,
        &texts::LOCALES,
    );
}

#[test]
fn a_wrong_configuration_is_told_where() {
    let action = |id: &str, kind: &str| format!(r#"{{"id": "{id}", "title": "A", "kind": "{kind}", "points": 1}}"#);
    let config = format!(
        r#"{{"actions": [{}, {}, {}], "levels": [{{"id": "a", "title": "A", "from": 5}}, {{"id": "a", "title": "B", "from": 5}}]}}"#,
        action("a", "review"),
        action("a", "review"),
        action("b", "applause")
    );
    let problems = describe::<Engagement>(&config).unwrap_err();
    let pointers: Vec<&str> = problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/actions/1/id", "/actions/1/kind", "/actions/2/kind", "/levels/1/id", "/levels/1/from"]);
}
