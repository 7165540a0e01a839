//! The coalition's tiers by the program's own terms: reached at once, given up at a period's end, right without any job.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member, fresh_id};
use serde_json::{Value, json};

both_databases!(
    a_tier_is_reached_by_the_purchase_that_reaches_it,
    at_a_periods_end_the_policy_says_what_becomes_of_it,
    what_comes_back_counts_back_at_the_periods_end,
    a_rolling_window_forgets,
    only_what_the_program_says_counts,
    what_the_operators_rules_set_holds_before,
    what_cannot_be_a_tier_is_refused,
);

async fn tiers(coalition: &Coalition, tiers: Value) {
    let mut program = coalition.operator.get("/v1/program").await.ok(200);
    program.as_object_mut().unwrap().remove("test");
    program["tiers"] = tiers.clone();
    let set = coalition.operator.put("/v1/program", &program).await.ok(200);
    assert_eq!(set["tiers"], tiers);
    coalition.set_clock("2026-11-21T12:00:00Z").await;
}

fn terms(counts: &str, window: Value, downgrade: &str) -> Value {
    let levels = json!([{ "name": "bronze", "from": 100 }, { "name": "silver", "from": 500 }, { "name": "gold", "from": 1_000 }]);
    json!({ "counts": counts, "window": window, "downgrade": downgrade, "levels": levels })
}

fn year() -> Value {
    json!({ "kind": "calendar_year" })
}

async fn sell_at(brand: &Brand, member: &Member, at: &str, total: i64) -> Value {
    let mut purchase = brand.purchase(member, total);
    purchase["occurred_at"] = json!(at);
    brand.post(&purchase).await.ok(201)
}

async fn tier(brand: &Brand, member: &Member) -> Value {
    brand.balance(member).await["tier"].clone()
}

/// All that the operator is told of the member's balance.
async fn balance_of(coalition: &Coalition, member: &Member) -> Value {
    coalition.operator.get(&format!("/v1/members/{}/balance", member.id)).await.ok(200)
}

/// The tier that the rules saw when they decided on a purchase.
async fn seen(brand: &Brand, sold: &Value) -> Value {
    let id = sold["decisions"][0]["id"].as_str().unwrap();
    let decision = brand.http.get(&format!("/v1/decisions/{id}")).await.ok(200);
    let text = decision.to_string();
    let member = &decision["member"];
    assert!(member.is_object(), "{text}");
    member["coalition_tier"].clone()
}

async fn a_tier_is_reached_by_the_purchase_that_reaches_it(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "pending_days": 3 })).await;
    tiers(&coalition, terms("points", year(), "by_progress")).await;
    let ada = brand.enrol("ADA-1").await;
    let fresh = balance_of(&coalition, &ada).await;
    assert_eq!(brand.balance(&ada).await["tier_progress"], Value::Null, "what is counted elsewhere is no partner's to know");
    assert_eq!(fresh["tier"], Value::Null);
    assert_eq!(
        fresh["tier_progress"],
        json!({ "counts": "points", "counted": 0, "tier": null, "until": null, "next": { "tier": "bronze", "from": 100, "missing": 100 } })
    );
    let first = brand.sell(&ada, 49_900).await;
    let reached: Vec<_> = first["effects"].as_array().unwrap().iter().filter(|effect| effect["kind"] == "set_tier").collect();
    assert_eq!((reached.len(), &reached[0]["tier"], &reached[0]["partner"]), (1, &json!("bronze"), &json!("operator")), "the till is told");
    let told = balance_of(&coalition, &ada).await;
    assert_eq!(told["tier"], "bronze");
    assert_eq!(
        told["tier_progress"],
        json!({ "counts": "points", "counted": 499, "tier": "bronze", "until": "2027-01-01T00:00:00Z", "next": { "tier": "silver", "from": 500, "missing": 1 } })
    );
    let second = brand.sell(&ada, 60_000).await;
    let third = brand.sell(&ada, 100).await;
    let me = coalition.session(&ada).await;
    let told = me.get("/v1/me/balance").await.ok(200);
    assert_eq!((&told["tier"], &told["tier_progress"]["next"]), (&json!("gold"), &Value::Null));
    // Each decision keeps the tier that it saw: that of before its purchase.
    for (sold, expected) in [(first, Value::Null), (second, json!("bronze")), (third, json!("gold"))] {
        assert_eq!(seen(&brand, &sold).await, expected);
        let id = sold["decisions"][0]["id"].as_str().unwrap();
        assert_eq!(brand.http.post_empty(&format!("/v1/decisions/{id}/replay")).await.ok(200)["identical"], true);
    }
    coalition.verify().await;
}

async fn at_a_periods_end_the_policy_says_what_becomes_of_it(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    for (number, (policy, expected)) in [
        ("none", ["gold", "gold", "gold", "gold"]),
        ("one_level", ["gold", "gold", "silver", "bronze"]),
        ("by_progress", ["gold", "gold", "bronze", ""]),
    ]
    .into_iter()
    .enumerate()
    {
        tiers(&coalition, terms("spend", year(), policy)).await;
        let ada = brand.enrol(&format!("ADA-{number}")).await;
        sell_at(&brand, &ada, "2026-11-21T12:00:00Z", 1_200).await;
        let clocks = ["2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"];
        coalition.set_clock("2027-06-01T00:00:00Z").await;
        sell_at(&brand, &ada, "2027-06-01T00:00:00Z", 150).await;
        for (clock, expected) in clocks.into_iter().zip(expected) {
            coalition.set_clock(clock).await;
            let told = tier(&brand, &ada).await;
            assert_eq!(told.as_str().unwrap_or_default(), expected, "{policy} at {clock}");
        }
        // Asked for later, a moment answers as it did; also once somebody has written what was due.
        for _ in 0..2 {
            for (clock, expected) in clocks.into_iter().zip(expected).skip(1).take(2) {
                let told = brand.http.get(&format!("/v1/members/{}/balance?as_of={clock}", ada.id)).await.ok(200);
                assert_eq!(told["tier"].as_str().unwrap_or_default(), expected, "{policy} as of {clock}");
            }
            sell_at(&brand, &ada, "2029-01-01T00:00:00Z", 10).await;
        }
    }
    coalition.verify().await;
}

async fn what_comes_back_counts_back_at_the_periods_end(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "unit": 10 })).await;
    for (number, counts) in ["spend", "points"].into_iter().enumerate() {
        tiers(&coalition, terms(counts, year(), "by_progress")).await;
        let ada = brand.enrol(&format!("ADA-{number}")).await;
        let scale = if counts == "spend" { 1 } else { 10 };
        sell_at(&brand, &ada, "2026-11-21T12:00:00Z", 300 * scale).await;
        let sold = sell_at(&brand, &ada, "2026-11-21T12:00:00Z", 400 * scale).await;
        assert_eq!(tier(&brand, &ada).await, "silver");
        let back = json!({ "external_id": fresh_id("back"), "amount": 300 * scale });
        brand.http.post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &back).await.ok(201);
        let told = balance_of(&coalition, &ada).await;
        assert_eq!((&told["tier"], &told["tier_progress"]["counted"]), (&json!("silver"), &json!(400)), "{counts}: it holds to the end");
        coalition.set_clock("2027-01-01T00:00:00Z").await;
        assert_eq!(tier(&brand, &ada).await, "bronze", "{counts}");
    }
    coalition.verify().await;
}

async fn a_rolling_window_forgets(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    tiers(&coalition, terms("spend", json!({ "kind": "rolling_days", "days": 30 }), "by_progress")).await;
    let ada = brand.enrol("ADA-1").await;
    // Posted late, it counts for its own day.
    sell_at(&brand, &ada, "2026-11-01T12:00:00Z", 450).await;
    sell_at(&brand, &ada, "2026-11-21T12:00:00Z", 150).await;
    let told = balance_of(&coalition, &ada).await["tier_progress"].clone();
    assert_eq!((&told["counted"], &told["tier"], &told["until"]), (&json!(600), &json!("silver"), &json!("2026-12-21T12:00:00Z")));
    coalition.set_clock("2026-12-01T12:00:00Z").await;
    let told = balance_of(&coalition, &ada).await["tier_progress"].clone();
    assert_eq!((&told["counted"], &told["tier"]), (&json!(150), &json!("silver")));
    for (clock, expected) in [("2026-12-21T11:59:59Z", json!("silver")), ("2026-12-21T12:00:00Z", Value::Null)] {
        coalition.set_clock(clock).await;
        assert_eq!(tier(&brand, &ada).await, expected, "{clock}");
    }
    coalition.verify().await;
}

async fn only_what_the_program_says_counts(coalition: Coalition) {
    let counting = coalition.brand_with_puppet("bakehouse", &json!({ "action": "delivered" })).await;
    let other = coalition.brand_with_puppet("grocer", &json!({})).await;
    let mut terms = terms("points", year(), "by_progress");
    terms["partners"] = json!(["bakehouse"]);
    tiers(&coalition, terms).await;
    let ada = counting.enrol("ADA-1").await;
    other.sell(&ada, 90_000).await;
    assert_eq!(tier(&other, &ada).await, Value::Null);
    let sold = counting.sell(&ada, 50_000).await;
    assert_eq!(tier(&other, &ada).await, "silver");
    // What is cancelled while it waits never was.
    let report = json!({ "external_id": fresh_id("cancel") });
    counting.http.post(&format!("/v1/transactions/{}/cancel", sold["id"].as_str().unwrap()), &report).await.ok(200);
    assert_eq!(balance_of(&coalition, &ada).await["tier_progress"]["counted"], 0);
    let told = counting.http.get(&format!("/v1/transactions/{}", sold["id"].as_str().unwrap())).await.ok(200);
    assert_eq!((&told["ended"][0]["kind"], &told["ended"][0]["points"]), (&json!("cancellation"), &json!(500)));
    coalition.verify().await;
}

async fn what_the_operators_rules_set_holds_before(coalition: Coalition) {
    let operator = coalition.operator.get("/v1/partners").await.ok(200);
    let operator = operator["items"].as_array().unwrap().iter().find(|partner| partner["slug"] == "operator").cloned().unwrap();
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    tiers(&coalition, terms("spend", year(), "by_progress")).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 1_000).await;
    assert_eq!(tier(&brand, &ada).await, "gold");
    // The operator's own rules say silver, without an end.
    let rules = Brand {
        id: operator["id"].as_str().unwrap().to_owned(),
        slug: "operator".to_owned(),
        http: coalition.operator.clone(),
        credentials: brand.credentials.clone(),
    };
    rules.deploy("puppet", &json!({ "everything": true, "unit": 0 })).await;
    brand.sell(&ada, 100).await;
    let told = balance_of(&coalition, &ada).await;
    assert_eq!((&told["tier"], &told["tier_progress"]["tier"]), (&json!("silver"), &json!("gold")));
    coalition.verify().await;
}

async fn what_cannot_be_a_tier_is_refused(coalition: Coalition) {
    let program = json!({ "name": "x", "points_name": "x", "base_currency": "USD", "time_zone": "UTC" });
    for (pointer, change) in [
        ("/tiers/levels", json!({ "levels": [] })),
        ("/tiers/levels/1/from", json!({ "levels": [{ "name": "a", "from": 5 }, { "name": "b", "from": 5 }] })),
        ("/tiers/levels/0/name", json!({ "levels": [{ "name": "", "from": 5 }] })),
        ("/tiers/window/days", json!({ "window": { "kind": "rolling_days", "days": 1 } })),
        ("/tiers/partners/0", json!({ "partners": ["nobody"] })),
    ] {
        let mut body = program.clone();
        body["tiers"] = terms("points", year(), "none");
        body["tiers"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = coalition.operator.put("/v1/program", &body).await.any_problem(400);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused:#}");
    }
}
