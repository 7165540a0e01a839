//! When points run out by the program's policy, and how members are told ahead of time.

use std::time::{Duration, Instant};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member, fresh_id};
use serde_json::{Value, json};

both_databases!(
    points_run_out_as_the_policy_says,
    points_live_on_with_what_their_member_does,
    what_was_so_stays_so_while_points_slide,
    what_rules_fixed_does_not_slide,
    members_are_told_ahead_once,
    what_ran_out_is_accounted,
);

async fn policy(coalition: &Coalition, more: Value) {
    let mut program = coalition.operator.get("/v1/program").await.ok(200);
    program.as_object_mut().unwrap().remove("test");
    program.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let set = coalition.operator.put("/v1/program", &program).await.ok(200);
    for (name, value) in more.as_object().unwrap() {
        assert_eq!(&set[name], value);
    }
    // Every gateway reads the program anew when the clock is set.
    coalition.set_clock("2026-11-21T12:00:00Z").await;
}

async fn sell_at(brand: &Brand, member: &Member, at: &str, total: i64) -> Value {
    let mut purchase = brand.purchase(member, total);
    purchase["occurred_at"] = json!(at);
    brand.post(&purchase).await.ok(201)
}

async fn available_at(coalition: &Coalition, brand: &Brand, member: &Member, clock: &str) -> i64 {
    coalition.set_clock(clock).await;
    brand.available(member).await
}

async fn points_run_out_as_the_policy_says(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let zone = json!({ "time_zone": "Europe/Skopje" });
    policy(&coalition, zone).await;
    for (number, (expiry, end)) in [
        (json!({ "policy": "fixed_days", "days": 3 }), Some("2026-11-24T12:00:00Z")),
        (json!({ "policy": "fixed_months", "months": 2 }), Some("2027-01-21T12:00:00Z")),
        (json!({ "policy": "end_of_month", "months_later": 0 }), Some("2026-11-30T23:00:00Z")),
        (json!({ "policy": "end_of_year", "years_later": 1 }), Some("2027-12-31T23:00:00Z")),
        (json!({ "policy": "sliding_days", "days": 90 }), Some("2027-02-19T12:00:00Z")),
        (json!({ "policy": "sliding_months", "months": 18 }), Some("2028-05-21T11:00:00Z")),
        (json!({ "policy": "none" }), None),
    ]
    .into_iter()
    .enumerate()
    {
        policy(&coalition, json!({ "expiry": expiry })).await;
        let ada = brand.enrol(&format!("ADA-{number}")).await;
        brand.sell(&ada, 1_000).await;
        let told = brand.balance(&ada).await;
        let expected: Vec<Value> = end.iter().map(|at| json!({ "points": 10, "expires_at": at })).collect();
        assert_eq!(told["expiring"], json!(expected), "{expiry}");
    }
    let refused = json!({ "name": "x", "points_name": "x", "base_currency": "USD", "time_zone": "UTC", "expiry": { "policy": "sliding_days", "days": 0 } });
    coalition.operator.put("/v1/program", &refused).await.any_problem(400);
    coalition.verify().await;
}

async fn points_live_on_with_what_their_member_does(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    policy(&coalition, json!({ "expiry": { "policy": "sliding_days", "days": 10 } })).await;
    let [ada, ben, cleo, dora] =
        [brand.enrol("ADA-1").await, brand.enrol("BEN-1").await, brand.enrol("CLEO-1").await, brand.enrol("DORA-1").await];
    for member in [&ada, &ben, &cleo, &dora] {
        brand.sell(member, 20_000).await;
    }
    coalition.set_clock("2026-11-30T12:00:00Z").await;
    // Ada buys for too little to earn; Ben redeems; Cleo's purchase of the day before is posted late; Dora does nothing.
    sell_at(&brand, &ada, "2026-11-30T12:00:00Z", 50).await;
    let me = coalition.session(&ben).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    brand.capture(held["id"].as_str().unwrap(), None).await.ok(200);
    sell_at(&brand, &cleo, "2026-11-29T12:00:00Z", 50).await;
    let told = brand.balance(&ada).await;
    assert_eq!(told["expiring"], json!([{ "points": 200, "expires_at": "2026-12-10T12:00:00Z" }]));
    for (clock, expected) in [
        ("2026-12-01T11:59:59Z", [200, 100, 200, 200]),
        ("2026-12-01T12:00:00Z", [200, 100, 200, 0]),
        ("2026-12-09T11:59:59Z", [200, 100, 200, 0]),
        ("2026-12-09T12:00:00Z", [200, 100, 0, 0]),
        ("2026-12-10T11:59:59Z", [200, 100, 0, 0]),
        ("2026-12-10T12:00:00Z", [0, 0, 0, 0]),
    ] {
        coalition.set_clock(clock).await;
        let mut found = [0; 4];
        for (place, member) in [&ada, &ben, &cleo, &dora].into_iter().enumerate() {
            found[place] = brand.available(member).await;
        }
        assert_eq!(found, expected, "{clock}");
    }
    // What has run out does not come back, whatever is done later; a purchase posted late wakes nothing either.
    sell_at(&brand, &dora, "2026-11-25T12:00:00Z", 50).await;
    sell_at(&brand, &ada, "2026-12-10T12:00:00Z", 1_000).await;
    assert_eq!([brand.available(&dora).await, brand.available(&ada).await], [0, 10]);
    // What a captured redemption gives back lives on by the last activity.
    let back = json!({ "external_id": fresh_id("rev") });
    brand.http.post(&format!("/v1/redemptions/{}/reverse", held["id"].as_str().unwrap()), &back).await.ok(200);
    assert_eq!(brand.available(&ben).await, 0, "ten days after it, nothing is left of it");
    coalition.verify().await;
}

async fn what_was_so_stays_so_while_points_slide(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    policy(&coalition, json!({ "expiry": { "policy": "sliding_days", "days": 10 } })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 10_000).await;
    coalition.set_clock("2026-11-28T12:00:00Z").await;
    sell_at(&brand, &ada, "2026-11-28T12:00:00Z", 50).await;
    coalition.set_clock("2026-12-20T12:00:00Z").await;
    let moments = [
        ("2026-11-21T13:00:00Z", 100, Some("2026-12-01T12:00:00Z")),
        ("2026-11-28T11:59:59Z", 100, Some("2026-12-01T12:00:00Z")),
        ("2026-11-28T12:00:01Z", 100, Some("2026-12-08T12:00:00Z")),
        ("2026-12-08T11:59:59Z", 100, Some("2026-12-08T12:00:00Z")),
        ("2026-12-08T12:00:00Z", 0, None),
    ];
    for round in 0..3 {
        for (at, points, end) in moments {
            let told = brand.http.get(&format!("/v1/members/{}/balance?as_of={at}", ada.id)).await.ok(200);
            let expected: Vec<Value> = end.iter().map(|end| json!({ "points": points, "expires_at": end })).collect();
            assert_eq!((&told["available"], &told["expiring"]), (&json!(points), &json!(expected)), "{at}, round {round}");
        }
        sell_at(&brand, &ada, "2026-12-20T12:00:00Z", 500).await;
    }
    coalition.verify().await;
}

async fn what_rules_fixed_does_not_slide(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "expires_days": 5 })).await;
    let other = coalition.brand_with_puppet("grocer", &json!({})).await;
    policy(&coalition, json!({ "expiry": { "policy": "sliding_days", "days": 10 } })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    other.sell(&ada, 2_000).await;
    coalition.set_clock("2026-11-25T12:00:00Z").await;
    sell_at(&other, &ada, "2026-11-25T12:00:00Z", 50).await;
    assert_eq!(available_at(&coalition, &other, &ada, "2026-11-26T12:00:00Z").await, 20);
    // Points of before keep the terms that they were earned on.
    policy(&coalition, json!({ "expiry": { "policy": "none" } })).await;
    coalition.set_clock("2026-11-26T12:00:00Z").await;
    sell_at(&other, &ada, "2026-11-26T12:00:00Z", 3_000).await;
    assert_eq!(available_at(&coalition, &other, &ada, "2026-12-06T11:59:59Z").await, 50);
    assert_eq!(available_at(&coalition, &other, &ada, "2026-12-06T12:00:00Z").await, 30);
    coalition.verify().await;
}

/// What members were told of points that run out, newest first.
async fn told(brand: &Coalition, member: &Member) -> Vec<String> {
    let told = brand.operator.get(&format!("/v1/members/{}/messages", member.id)).await.ok(200);
    let mine = told["items"].as_array().unwrap().iter().filter(|message| message["key"] == "points.expiring");
    mine.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

async fn is_told(coalition: &Coalition, member: &Member, count: usize) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let found = told(coalition, member).await;
        if found.len() >= count || begun.elapsed() > Duration::from_secs(30) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn members_are_told_ahead_once(coalition: Coalition) {
    let mut coalition = coalition;
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    policy(&coalition, json!({ "expiry": { "policy": "sliding_days", "days": 40 }, "expiry_notice_d": 7 })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    let second = coalition.another_gateway();
    coalition.set_clock("2026-12-23T12:00:00Z").await;
    assert_eq!(told(&coalition, &ada).await, Vec::<String>::new(), "it is not yet time");
    coalition.set_clock("2026-12-24T12:00:00Z").await;
    assert_eq!(is_told(&coalition, &ada, 1).await, ["10 points run out on 2026-12-31."]);
    // Told for another end, once the member has been active; and never twice for one, whoever looks, and whoever has ended in between.
    sell_at(&brand, &ada, "2026-12-24T12:00:00Z", 50).await;
    coalition.crash_and_restart();
    coalition.set_clock("2026-12-25T12:00:00Z").await;
    coalition.set_clock("2027-01-26T12:00:00Z").await;
    assert_eq!(is_told(&coalition, &ada, 2).await, ["10 points run out on 2027-02-02.", "10 points run out on 2026-12-31."]);
    for day in 27..=30 {
        coalition.set_clock(&format!("2027-01-{day}T12:00:00Z")).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
    }
    assert_eq!(told(&coalition, &ada).await.len(), 2);
    drop(second);
}

async fn what_ran_out_is_accounted(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "expires_days": 5 })).await;
    let other = coalition.brand_with_puppet("grocer", &json!({ "expires_days": 15 })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 30_000).await;
    other.sell(&ada, 20_000).await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    brand.capture(held["id"].as_str().unwrap(), None).await.ok(200);
    let liability = |answer: Value| -> Vec<(String, String, [i64; 6])> {
        let row = |item: &Value| {
            let numbers = ["opening", "issued", "redeemed", "expired", "recovered", "closing"].map(|name| item[name].as_i64().unwrap());
            (item["partner"].as_str().unwrap().to_owned(), item["period"].as_str().unwrap().to_owned(), numbers)
        };
        answer["items"].as_array().unwrap().iter().map(row).collect()
    };
    let now = coalition.operator.get("/v1/analytics/liability?from=2026-11&to=2026-11").await.ok(200);
    let row = |partner: &str, period: &str, numbers| (partner.to_owned(), period.to_owned(), numbers);
    assert_eq!(
        liability(now.clone()),
        [row("bakehouse", "2026-11", [0, 300, 100, 0, 0, 200]), row("grocer", "2026-11", [0, 200, 0, 0, 0, 200])]
    );
    assert_eq!(now["items"][0]["value"], json!({ "amount": 200, "currency": "USD" }));
    coalition.set_clock("2026-12-07T12:00:00Z").await;
    let due = coalition.operator.get("/v1/analytics/breakage").await.ok(200);
    // Until a job, or whoever touches the member, has written it, it is said that something is due.
    assert!(due["unsettled_members"].as_i64().unwrap() <= 1, "{due:#}");
    sell_at(&brand, &ada, "2026-12-07T12:00:00Z", 1_000).await;
    let broken = coalition.operator.get("/v1/analytics/breakage?from=2026-11&to=2026-12").await.ok(200);
    let value = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    assert_eq!(
        broken,
        json!({ "items": [
            { "partner": "bakehouse", "period": "2026-11", "points": 200, "value": value(200) },
            { "partner": "grocer", "period": "2026-12", "points": 200, "value": value(200) },
        ], "unsettled_members": 0 })
    );
    let months = coalition.operator.get("/v1/analytics/liability?from=2026-11&to=2026-12").await.ok(200);
    assert_eq!(
        liability(months),
        [
            row("bakehouse", "2026-11", [0, 300, 100, 200, 0, 0]),
            row("grocer", "2026-11", [0, 200, 0, 0, 0, 200]),
            row("bakehouse", "2026-12", [0, 10, 0, 0, 0, 10]),
            row("grocer", "2026-12", [200, 0, 0, 200, 0, 0]),
        ]
    );
    brand.http.get("/v1/analytics/breakage").await.any_problem(403);
    coalition.operator.get("/v1/analytics/breakage?from=2026-12&to=2026-11").await.any_problem(400);
    coalition.verify().await;
}
