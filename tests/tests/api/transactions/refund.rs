//! What comes back of a purchase, and what is taken back for it.

use std::time::{Duration, Instant};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member, NOW, fresh_id};
use coalition_tests::harness::http::Answer;
use serde_json::{Value, json};

both_databases!(
    a_full_refund_takes_the_whole_award_back,
    any_split_and_order_ends_where_one_full_refund_does,
    what_was_spent_is_owed_and_repaid_by_the_next_award,
    the_policy_says_how_far_a_refund_may_go,
    a_repeat_gets_the_first_answer_and_nothing_more_is_taken,
    counters_vouchers_and_badges_are_put_back,
    what_came_back_before_it_was_decided_is_never_awarded,
    what_ran_out_while_it_waited_is_not_taken_again,
    rules_that_can_no_longer_decide_give_back_in_proportion,
    the_version_that_awarded_is_asked_not_the_one_that_is_live,
    live_rules_may_answer_a_refund,
    a_prepaid_partner_can_issue_again_what_came_back,
    a_refund_that_cannot_be_is_refused,
);

async fn refund(brand: &Brand, transaction: &Value, more: Value) -> Answer {
    let mut body = json!({ "external_id": fresh_id("ref") });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    brand.http.post(&format!("/v1/transactions/{}/refunds", id(transaction)), &body).await
}

fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

/// 12.00, 7.00 for two, and a line that costs nothing.
fn receipt(brand: &Brand, member: &Member) -> Value {
    let mut purchase = brand.purchase(member, 1_900);
    purchase["lines"] = json!([
        { "sku": "a", "category": "BREAD", "quantity": 3, "amount": 1_200 },
        { "sku": "b", "category": "MILK", "quantity": 2, "amount": 700 },
        { "sku": "c", "quantity": 1, "amount": 0 },
    ]);
    purchase
}

async fn points(brand: &Brand, member: &Member) -> [i64; 4] {
    let balance = brand.balance(member).await;
    ["available", "pending", "held", "arrears"].map(|name| balance[name].as_i64().unwrap())
}

async fn a_full_refund_takes_the_whole_award_back(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "unit": 10, "bonus": 7 })).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 500).await;
    let sold = brand.post(&receipt(&brand, &ada)).await.ok(201);
    assert_eq!(points(&brand, &ada).await[0], 57 + 197);
    let refunded = refund(&brand, &sold, json!({})).await.ok(201);
    assert_eq!((&refunded["amount"], &refunded["left"]), (&json!(1_900), &json!(0)));
    assert_eq!(refunded["points"], json!({ "recovered": 197, "arrears": 0, "shortfall": 0 }));
    assert_eq!(refunded["balance"]["available"], 57);
    assert!(id(&refunded).starts_with("rfd_"), "{refunded:#}");
    refund(&brand, &sold, json!({})).await.problem(409, "nothing-left");
    let entries = brand.http.get(&format!("/v1/members/{}/entries", ada.id)).await.ok(200);
    let kinds: Vec<_> = entries["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "clawback").count(), 2, "one entry an award: {kinds:?}");
    coalition.verify().await;
}

async fn any_split_and_order_ends_where_one_full_refund_does(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "unit": 70, "bonus": 3 })).await;
    let pieces = [
        json!({ "lines": [{ "line": 0, "quantity": 1 }] }),
        json!({ "lines": [{ "line": 1, "amount": 333 }, { "line": 2 }] }),
        json!({ "amount": 450 }),
    ];
    for (number, order) in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].into_iter().enumerate() {
        let ada = brand.enrol(&format!("ADA-{number}")).await;
        let sold = brand.post(&receipt(&brand, &ada)).await.ok(201);
        assert_eq!(sold["points"]["awarded"], 27 + 3);
        let mut back = 0;
        for place in order {
            let refunded = refund(&brand, &sold, pieces[place].clone()).await;
            // Money spread over the lines may leave less of one than its pieces cost: then that piece is refused, and the rest goes on.
            if refunded.status == 409 {
                continue;
            }
            let refunded = refunded.ok(201);
            back += refunded["amount"].as_i64().unwrap();
            assert_eq!(refunded["left"].as_i64().unwrap(), 1_900 - back, "{refunded:#}");
            assert_eq!(points(&brand, &ada).await[0], (1_900 - back) / 70 + 3, "the award is that of what is left");
            let again = refunded["decisions"][0]["id"].as_str().unwrap();
            let replayed = brand.http.post_empty(&format!("/v1/decisions/{again}/replay")).await.ok(200);
            assert_eq!(replayed["identical"], true, "{replayed:#}");
        }
        refund(&brand, &sold, json!({})).await.ok(201);
        assert_eq!(points(&brand, &ada).await, [0, 0, 0, 0], "order {order:?}");
    }
    coalition.verify().await;
}

async fn what_was_spent_is_owed_and_repaid_by_the_next_award(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 15_000).await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
    brand.capture(id(&held), None).await.ok(200);
    let refunded = refund(&brand, &sold, json!({})).await.ok(201);
    assert_eq!(refunded["points"], json!({ "recovered": 50, "arrears": 100, "shortfall": 0 }));
    assert_eq!(points(&brand, &ada).await, [0, 0, 0, 100]);
    me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.problem(409, "insufficient-points");
    brand.sell(&ada, 13_000).await;
    assert_eq!(points(&brand, &ada).await, [30, 0, 0, 0], "what was owed was repaid first");
    coalition.verify().await;
    coalition.trial_balance().await;
}

async fn the_policy_says_how_far_a_refund_may_go(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let program = coalition.operator.get("/v1/program").await.ok(200);
    for (number, (policy, expected, left)) in [
        ("within_balance", json!({ "recovered": 50, "arrears": 0, "shortfall": 100 }), [0, 0, 0, 0]),
        ("pending_only", json!({ "recovered": 0, "arrears": 0, "shortfall": 150 }), [50, 0, 0, 0]),
    ]
    .into_iter()
    .enumerate()
    {
        let mut changed = program.clone();
        changed.as_object_mut().unwrap().remove("test");
        changed["refund_policy"] = json!(policy);
        coalition.operator.put("/v1/program", &changed).await.ok(200);
        let ada = brand.enrol(&format!("ADA-{number}")).await;
        let sold = brand.sell(&ada, 15_000).await;
        let me = coalition.session(&ada).await;
        let held = me.post("/v1/redemptions", &json!({ "partner": "bakehouse", "reward": "mug" })).await.ok(201);
        brand.capture(id(&held), None).await.ok(200);
        // The settings in memory may be a moment old.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let refunded = refund(&brand, &sold, json!({})).await.ok(201);
        assert_eq!(refunded["points"], expected, "{policy}");
        assert_eq!(points(&brand, &ada).await, left, "{policy}");
    }
    let mut wrong = program.clone();
    wrong.as_object_mut().unwrap().remove("test");
    wrong["refund_policy"] = json!("whatever");
    coalition.operator.put("/v1/program", &wrong).await.any_problem(400);
    coalition.verify().await;
}

async fn a_repeat_gets_the_first_answer_and_nothing_more_is_taken(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 10_000).await;
    let path = format!("/v1/transactions/{}/refunds", id(&sold));
    let body = json!({ "external_id": "r-1", "amount": 2_500 });
    let answers = futures::future::join_all((0..20).map(|_| brand.http.post(&path, &body).send())).await;
    let answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "posted once");
    for answer in &answers {
        assert_eq!(answer.json(), answers[0].json());
    }
    assert_eq!(points(&brand, &ada).await[0], 75);
    brand.http.post(&path, &json!({ "external_id": "r-1", "amount": 2_501 })).await.problem(409, "external-id-conflict");
    coalition.verify().await;
}

async fn counters_vouchers_and_badges_are_put_back(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "everything": true })).await;
    let ada = brand.enrol("ADA-1").await;
    let first = brand.sell(&ada, 1_000).await;
    let look = async |what: &str| brand.http.get(&format!("/v1/members/{}/{what}", ada.id)).await.ok(200)["items"].clone();
    assert_eq!(look("counters").await[0]["value"], 1);
    assert_eq!(look("vouchers").await[0]["status"], "open");
    // A part keeps them, since the rules still give them for what is left.
    refund(&brand, &first, json!({ "amount": 400 })).await.ok(201);
    assert_eq!((&look("counters").await[0]["value"], look("badges").await.as_array().unwrap().len()), (&json!(1), 1));
    refund(&brand, &first, json!({})).await.ok(201);
    assert_eq!(look("counters").await[0]["value"], 0);
    assert_eq!(look("vouchers").await[0]["status"], "revoked");
    assert_eq!(look("badges").await, json!([]));
    coalition.verify().await;
}

async fn what_came_back_before_it_was_decided_is_never_awarded(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "mood": "traps" })).await;
    let ada = brand.enrol("ADA-1").await;
    let part = brand.post(&brand.purchase(&ada, 10_000)).await.ok(201);
    let whole = brand.post(&brand.purchase(&ada, 7_000)).await.ok(201);
    let refunded = refund(&brand, &part, json!({ "amount": 4_000 })).await.ok(201);
    assert_eq!(refunded["points"]["recovered"], 0);
    refund(&brand, &whole, json!({})).await.ok(201);
    brand.deploy("puppet", &json!({})).await;
    for posted in [&part, &whole] {
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            let now = brand.http.get(&format!("/v1/transactions/{}", id(posted))).await.ok(200);
            if now["status"] == "posted" {
                break;
            }
            assert!(Instant::now() < give_up, "still deferred: {now:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert_eq!(points(&brand, &ada).await, [60, 0, 0, 0], "6 000 are left of one, and nothing of the other");
    let now = brand.http.get(&format!("/v1/transactions/{}", id(&part))).await.ok(200);
    let decided = now["decisions"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let replayed = brand.http.post_empty(&format!("/v1/decisions/{decided}/replay")).await.ok(200);
    assert_eq!(replayed["identical"], true, "{replayed:#}");
    refund(&brand, &part, json!({})).await.ok(201);
    assert_eq!(points(&brand, &ada).await, [0, 0, 0, 0]);
    coalition.verify().await;
}

async fn what_ran_out_while_it_waited_is_not_taken_again(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let shop = coalition.brand_with_puppet("cellar", &json!({ "action": "delivered", "expires_days": 1 })).await;
    let members = [brand.enrol("ADA-1").await, brand.enrol("ADA-2").await, brand.enrol("ADA-3").await];
    let mut sold = Vec::new();
    for member in &members {
        brand.sell(member, 30_000).await;
        sold.push(shop.sell(member, 10_000).await);
    }
    coalition.set_clock("2026-11-22T12:00:00Z").await;
    // Whether or not somebody has written by now that the award is gone.
    for sold in &sold {
        let refunded = refund(&shop, sold, json!({ "amount": 4_000 })).await.ok(201);
        assert_eq!(refunded["points"], json!({ "recovered": 0, "arrears": 0, "shortfall": 0 }));
        let refunded = refund(&shop, sold, json!({})).await.ok(201);
        assert_eq!(refunded["points"], json!({ "recovered": 0, "arrears": 0, "shortfall": 0 }));
    }
    for member in &members {
        assert_eq!(points(&brand, member).await, [300, 0, 0, 0], "what was bought elsewhere is not touched");
    }
    coalition.verify().await;
}

async fn rules_that_can_no_longer_decide_give_back_in_proportion(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "traps_under": 10_000 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 10_000).await;
    let refunded = refund(&brand, &sold, json!({ "amount": 3_333 })).await.ok(201);
    assert_eq!(refunded["decisions"][0]["status"], "in-proportion", "{refunded:#}");
    assert_eq!(points(&brand, &ada).await[0], 66, "two thirds of a hundred, rounded down");
    refund(&brand, &sold, json!({})).await.ok(201);
    assert_eq!(points(&brand, &ada).await, [0, 0, 0, 0]);
    coalition.verify().await;
}

async fn the_version_that_awarded_is_asked_not_the_one_that_is_live(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "unit": 100 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 10_000).await;
    brand.deploy("puppet", &json!({ "unit": 1 })).await;
    refund(&brand, &sold, json!({ "amount": 5_000 })).await.ok(201);
    assert_eq!(points(&brand, &ada).await[0], 50);
    coalition.verify().await;
}

async fn live_rules_may_answer_a_refund(coalition: Coalition) {
    let handles = json!(["purchase", "refund"]);
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "handles": handles, "recovers": 30 })).await;
    let ada = brand.enrol("ADA-1").await;
    let early = brand.sell(&ada, 10_000).await;
    let late = brand.sell(&ada, 2_000).await;
    // 20 for what came back, and 30 more that the rules think right: from the newest award, which is gone, then the one before.
    let refunded = refund(&brand, &late, json!({})).await.ok(201);
    assert_eq!(refunded["points"], json!({ "recovered": 50, "arrears": 0, "shortfall": 0 }), "{refunded:#}");
    assert_eq!(points(&brand, &ada).await[0], 70);
    let answered = &refunded["decisions"][1];
    assert_eq!(answered["status"], "applied", "{refunded:#}");
    let replayed = brand.http.post_empty(&format!("/v1/decisions/{}/replay", id(answered))).await.ok(200);
    assert_eq!(replayed["identical"], true, "{replayed:#}");
    // What was recovered of the earlier award is not asked for again when that comes back.
    let refunded = refund(&brand, &early, json!({})).await.ok(201);
    assert_eq!(refunded["points"]["recovered"], 70, "{refunded:#}");
    assert_eq!(points(&brand, &ada).await, [0, 0, 0, 0]);
    coalition.verify().await;
}

async fn a_prepaid_partner_can_issue_again_what_came_back(coalition: Coalition) {
    let mut terms = coalition_tests::harness::actors::terms();
    terms["funding"] = json!("prepaid");
    terms["credit_limit_points"] = json!(100);
    let brand = coalition.brand_with("bakehouse", &terms).await;
    brand.deploy("puppet", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 10_000).await;
    assert_eq!(brand.sell(&ada, 5_000).await["points"]["awarded"], 0, "the credit is used up");
    refund(&brand, &sold, json!({ "amount": 4_000 })).await.ok(201);
    assert_eq!(brand.sell(&ada, 5_000).await["points"]["awarded"], 40);
    coalition.verify().await;
}

async fn a_refund_that_cannot_be_is_refused(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let other = coalition.brand_with_puppet("grocer", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.post(&receipt(&brand, &ada)).await.ok(201);
    for wrong in [
        json!({ "amount": 0 }),
        json!({ "amount": -1 }),
        json!({ "amount": "1" }),
        json!({ "amount": 1, "lines": [{ "line": 0 }] }),
        json!({ "lines": [{ "line": 3 }] }),
        json!({ "lines": [{ "line": -1 }] }),
        json!({ "lines": [{ "line": 0, "quantity": 0 }] }),
        json!({ "lines": [{ "line": 0, "quantity": 0.0001 }] }),
        json!({ "lines": [{ "line": 0, "sku": "a" }] }),
        json!({ "occurred_at": "2026-11-21T11:59:59Z" }),
        json!({ "occurred_at": "2026-11-21T12:05:01Z" }),
        json!({ "occurred_at": "2026-11-21T12:00:00" }),
        json!({ "reason": "late" }),
    ] {
        refund(&brand, &sold, wrong).await.any_problem(400);
    }
    for much in [
        json!({ "amount": 1_901 }),
        json!({ "lines": [{ "line": 0, "quantity": 3.001 }] }),
        json!({ "lines": [{ "line": 1, "amount": 701 }] }),
    ] {
        refund(&brand, &sold, much).await.problem(409, "nothing-left");
    }
    refund(&other, &sold, json!({})).await.any_problem(404);
    assert_eq!(points(&brand, &ada).await, [19, 0, 0, 0], "nothing was half done");
    refund(&brand, &sold, json!({ "occurred_at": NOW, "lines": [{ "line": 2 }] })).await.ok(201);
    assert_eq!(points(&brand, &ada).await, [19, 0, 0, 0], "what cost nothing earned nothing");
    coalition.verify().await;
}
