//! The program's settings, and the clock of a test program.

use serde_json::json;

use crate::harness::{World, read, refused};

#[tokio::test]
async fn the_program_is_set_by_the_operator() {
    let world = World::new().await;
    let (app, operator) = (&world.app, world.operator().await);
    let view = app.program(&operator).await.unwrap();
    assert_eq!((view.base_currency.as_str(), view.test, view.backdating_d_max), ("USD", true, 30));
    let new = json!({
        "name": "Town", "points_name": "acorns", "base_currency": "EUR", "time_zone": "Europe/Skopje",
        "expiry": {"policy": "fixed_days", "days": 365}, "till_redemption": {"mode": "card", "daily_points_max": 500},
    });
    let view = json!(app.put_program(&operator, read(new.clone())).await.unwrap());
    assert_eq!(view["expiry"], new["expiry"]);
    assert_eq!(view["till_redemption"], new["till_redemption"]);
    assert_eq!(json!(app.program(&operator).await.unwrap()), view);
    assert_eq!(app.settings().await.unwrap().calendar.offset_minutes(coalition_domain::Instant(0)), 60);

    // Prices are kept in the base currency: with the first partner it is fixed.
    refused(app.create_partner(&operator, crate::harness::new_partner("bakehouse"), None).await, "invalid-request");
    let mut partner = json!(crate::harness::new_partner("bakehouse"));
    for price in ["issue_price", "redeem_price"] {
        partner["terms"][price]["currency"] = json!("EUR");
    }
    app.create_partner(&operator, read(partner), None).await.unwrap();
    let mut other = new.clone();
    other["base_currency"] = json!("USD");
    refused(app.put_program(&operator, read(other)).await, "base-currency-fixed");
    app.put_program(&operator, read(new)).await.unwrap();
}

#[tokio::test]
async fn others_do_not_set_the_program() {
    let world = World::new().await;
    let brand = world.partner("bakehouse").await;
    refused(world.app.program(&brand.caller).await, "forbidden");
    let clock = read(json!({"now": "2026-11-21T10:00:00Z"}));
    refused(world.app.put_clock(&brand.caller, clock).await, "forbidden");
}

#[tokio::test]
async fn the_clock_moves_on_every_gateway() {
    let world = World::new().await;
    let operator = world.operator().await;
    let other = world.another().await;
    for now in ["2017-11-21T10:00:00Z", "2027-03-01T00:00:00Z", "2016-02-29T00:00:00Z"] {
        // The other gateway has just read the time before.
        other.now().await.unwrap();
        let set = world.app.put_clock(&operator, read(json!({"now": now}))).await.unwrap();
        assert!(set.test);
        for app in [&world.app, &other] {
            assert_eq!(app.now().await.unwrap().to_string(), now);
        }
    }
    refused(world.app.put_clock(&operator, coalition_app::clock::NewClock { now: coalition_domain::Instant(-1) }).await, "invalid-request");
    // Tokens live by the time of the world.
    world.operator().await;
}

#[tokio::test]
async fn a_real_program_has_no_such_clock() {
    let world = World::with(false).await;
    let clock = read(json!({"now": "2026-11-21T10:00:00Z"}));
    refused(world.app.put_clock(&world.operator().await, clock).await, "not-found");
    let far = world.app.now().await.unwrap().0 - world.app.wall_now().0;
    assert!(far.abs() < 5_000);
}
