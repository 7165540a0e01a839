//! One purchase, one award, one answer, however often it is asked for.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(
    a_purchase_is_awarded_in_the_same_answer,
    the_same_purchase_again_is_answered_as_before,
    the_same_id_with_another_body_is_a_conflict,
    an_external_id_belongs_to_its_partner,
    a_retry_is_answered_however_late_it_comes,
    the_same_purchase_many_times_at_once_is_posted_once,
    every_effect_comes_back_in_the_answer,
    rules_may_say_no_and_the_sale_stands,
    caps_cut_what_rules_say,
);

async fn a_purchase_is_awarded_in_the_same_answer(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("HH00900").await;
    let purchase = json!({
        "external_id": "pos-17-000123", "member": { "card": "HH00900" }, "occurred_at": "2026-11-21T10:00:00Z",
        "store": "store-330", "channel": "pos", "currency": "USD", "total": 5230,
        "lines": [
            { "sku": "1095275", "category": "ROLLS", "quantity": 1, "amount": 50 },
            { "sku": "7", "category": "FUEL", "quantity": 35.27, "amount": 5180 },
        ],
        "attributes": { "tender": "card" },
    });
    let posted = brand.post(&purchase).await.ok(201);
    assert!(posted["id"].as_str().unwrap().starts_with("txn_"));
    assert_eq!((posted["external_id"].as_str(), posted["status"].as_str()), (Some("pos-17-000123"), Some("posted")));
    assert_eq!(posted["points"], json!({ "awarded": 52, "pending": 0, "capped": 0 }));
    assert_eq!(posted["balance"]["available"], 52, "{posted:#}");
    let award = posted["effects"].as_array().unwrap().iter().find(|effect| effect["kind"] == "award").expect("an award");
    assert_eq!((award["key"].as_str(), award["points"].as_i64()), (Some("base"), Some(52)));

    let decision = &posted["decisions"][0];
    assert_eq!((decision["partner"].as_str(), decision["name"].as_str()), (Some("bakehouse"), Some("puppet")));
    assert!(decision["id"].as_str().unwrap().starts_with("dec_"));
    assert_eq!(decision["digest"].as_str().unwrap().len(), 64);
    assert!(decision["fuel"].as_u64().unwrap() > 0);
    assert_eq!(brand.available(&ada).await, 52);

    let path = format!("/v1/transactions/{}", posted["id"].as_str().unwrap());
    let read = brand.http.get(&path).await.ok(200);
    for field in ["id", "external_id", "status", "points"] {
        assert_eq!(read[field], posted[field], "{field}");
    }
    let other = coalition.brand("freshmart").await;
    let foreign = other.http.get(&path).await;
    foreign.any_problem(404);
    assert_eq!(foreign.text(), other.http.get("/v1/transactions/txn_01kkkkkkkkekkbkkkkkkkkkkkk").await.text());
    coalition.verify().await;
}

async fn the_same_purchase_again_is_answered_as_before(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let purchase = brand.purchase(&ada, 5_000);
    let first = brand.post(&purchase).await;
    first.ok(201);
    assert!(!first.is_replay());
    brand.sell(&ada, 700).await;
    // Bodies compare as parsed values: neither the order of fields nor white space is another body.
    let fields: Vec<String> =
        purchase.as_object().unwrap().iter().rev().map(|(name, value)| format!(" {} :  {value}", json!(name))).collect();
    let text = format!("{{{}}}", fields.join(" ,\n"));
    for _ in 0..3 {
        let again = brand.http.post_raw("/v1/transactions", "application/json", text.clone()).await;
        assert_eq!(again.ok(200), first.json(), "the first answer, the balance of then included");
        assert!(again.is_replay());
    }
    assert_eq!(brand.available(&ada).await, 57);
    coalition.verify().await;
}

async fn the_same_id_with_another_body_is_a_conflict(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let mut purchase = brand.purchase(&ada, 5_000);
    brand.post(&purchase).await.ok(201);
    purchase["total"] = json!(5_001);
    brand.post(&purchase).await.problem(409, "external-id-conflict");
    assert_eq!(brand.available(&ada).await, 50);
}

async fn an_external_id_belongs_to_its_partner(coalition: Coalition) {
    let bakehouse = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let freshmart = coalition.brand_with_puppet("freshmart", &json!({})).await;
    let ada = bakehouse.enrol("ADA-1").await;
    let purchase = bakehouse.purchase(&ada, 1_000);
    bakehouse.post(&purchase).await.ok(201);
    let mut by_card = purchase.clone();
    by_card["member"] = json!({ "card": ada.card });
    freshmart.post(&by_card).await.ok(201);
    assert_eq!(bakehouse.available(&ada).await, 20);
}

async fn a_retry_is_answered_however_late_it_comes(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let purchase = brand.purchase(&ada, 1_000);
    let first = brand.post(&purchase).await.ok(201);
    coalition.set_clock("2027-06-01T00:00:00Z").await;
    let late = brand.post(&purchase).await;
    assert_eq!(late.ok(200), first);
}

async fn the_same_purchase_many_times_at_once_is_posted_once(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let purchase = brand.purchase(&ada, 2_000);
    let answers = futures::future::join_all((0..24).map(|_| brand.post(&purchase))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200 && answer.is_replay()).count(), 23);
    assert!(answers.iter().all(|answer| answer.json() == answers[0].json()));
    assert_eq!(brand.available(&ada).await, 20);
    coalition.verify().await;
}

async fn every_effect_comes_back_in_the_answer(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "everything": true, "bonus": 5 })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    let kinds: Vec<&str> = sold["effects"].as_array().unwrap().iter().map(|effect| effect["kind"].as_str().unwrap()).collect();
    for kind in ["award", "progress", "grant-badge", "set-tier", "issue-voucher", "tell", "instruct"] {
        let spelt = kind.replace('-', "_");
        assert!(kinds.contains(&kind) || kinds.contains(&spelt.as_str()), "no {kind} among {kinds:?}");
    }
    assert_eq!(sold["points"]["awarded"], 15);
    brand.sell(&ada, 1_000).await;
    coalition.verify().await;
}

async fn rules_may_say_no_and_the_sale_stands(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "mood": "refuses" })).await;
    let ada = brand.enrol("ADA-1").await;
    let sold = brand.sell(&ada, 1_000).await;
    assert_eq!(sold["points"]["awarded"], 0);
    assert!(sold.to_string().contains("not-today"), "the reason is told: {sold:#}");
    assert_eq!(brand.available(&ada).await, 0);
}

async fn caps_cut_what_rules_say(coalition: Coalition) {
    let mut terms = coalition_tests::harness::actors::terms();
    terms["caps"] = json!({ "per_transaction": 100, "per_member_day": 150, "per_day": 180 });
    let brand = coalition.brand_with("bakehouse", &terms).await;
    brand.deploy("puppet", &json!({})).await;
    let (ada, bob) = (brand.enrol("ADA-1").await, brand.enrol("BOB-1").await);
    for (member, total, awarded, capped) in [(&ada, 20_000, 100, 100), (&ada, 9_000, 50, 40), (&ada, 1_000, 0, 10), (&bob, 9_000, 30, 60)] {
        let sold = brand.sell(member, total).await;
        assert_eq!((sold["points"]["awarded"].as_i64(), sold["points"]["capped"].as_i64()), (Some(awarded), Some(capped)), "{sold:#}");
    }
    coalition.set_clock("2026-11-22T12:00:00Z").await;
    let mut tomorrow = brand.purchase(&ada, 3_000);
    tomorrow["occurred_at"] = json!("2026-11-22T12:00:00Z");
    assert_eq!(brand.post(&tomorrow).await.ok(201)["points"]["awarded"], 30, "a new day");
    coalition.verify().await;
}
