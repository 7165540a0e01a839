//! Many purchases in one call, as a list or as lines; each item stands for itself.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::{Value, json};

both_databases!(
    a_batch_answers_in_order,
    lines_are_a_batch_too,
    a_bad_item_never_spoils_its_neighbours,
    a_batch_and_a_single_post_agree,
    a_purchase_twice_in_a_batch_is_posted_once,
    a_batch_is_bounded,
    one_member_many_times_in_a_batch_is_decided_in_order,
);

async fn a_batch_answers_in_order(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let items: Vec<Value> = (1..=50).map(|number| brand.purchase(&ada, number * 100)).collect();
    let results = brand.http.post("/v1/transactions/batch", &json!({ "items": items })).await.ok(200);
    let results = results["results"].as_array().unwrap();
    for (item, result) in items.iter().zip(results) {
        assert_eq!(item["external_id"], result["external_id"]);
        assert_eq!(result["status"], "posted");
        assert_eq!(result["points"]["awarded"].as_i64().unwrap() * 100, item["total"].as_i64().unwrap());
    }
    assert_eq!((results.len(), brand.available(&ada).await), (50, 1_275));
    coalition.verify().await;
}

async fn lines_are_a_batch_too(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let good = [brand.purchase(&ada, 100), brand.purchase(&ada, 200)];
    let text = format!("{}\nthis is not JSON\n\n{}\n", good[0], good[1]);
    let answer = brand.http.post_raw("/v1/transactions/batch", "application/x-ndjson", text).await.ok(200);
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 3, "an empty line is no item: {answer:#}");
    assert_eq!((results[0]["status"].as_str(), results[2]["status"].as_str()), (Some("posted"), Some("posted")));
    assert_eq!(results[1]["status"], 400, "{answer:#}");
    assert_eq!(brand.available(&ada).await, 3);
}

async fn a_bad_item_never_spoils_its_neighbours(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let earlier = brand.purchase(&ada, 100);
    brand.post(&earlier).await.ok(201);
    let with = |name: &str, value: Value| {
        let mut item = brand.purchase(&ada, 100);
        item[name] = value;
        item
    };
    let mut conflicting = earlier.clone();
    conflicting["total"] = json!(999);
    let items = json!([
        brand.purchase(&ada, 100),
        with("total", json!(-5)),
        with("colour", json!("red")),
        brand.purchase(&ada, 100),
        with("member", json!({ "card": "NOBODY" })),
        with("currency", json!("EUR")),
        conflicting,
        earlier,
        with("occurred_at", json!("2020-01-01T00:00:00Z")),
        "text",
        brand.purchase(&ada, 100),
    ]);
    let answer = brand.http.post("/v1/transactions/batch", &json!({ "items": items })).await.ok(200);
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<Value> = results.iter().map(|result| result["status"].clone()).collect();
    let expected = json!(["posted", 400, 400, "posted", 404, 422, 409, "posted", 400, 400, "posted"]);
    assert_eq!(json!(statuses), expected, "{answer:#}");
    assert_eq!((results[4]["code"].as_str(), results[6]["code"].as_str()), (Some("member-not-found"), Some("external-id-conflict")));
    assert_eq!(brand.available(&ada).await, 4);
    coalition.verify().await;
}

async fn a_batch_and_a_single_post_agree(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let (one, two) = (brand.purchase(&ada, 100), brand.purchase(&ada, 200));
    let single = brand.post(&one).await.ok(201);
    let batch = brand.http.post("/v1/transactions/batch", &json!({ "items": [one, two] })).await.ok(200);
    assert_eq!(batch["results"][0]["id"], single["id"]);
    let again = brand.post(&two).await;
    assert_eq!(again.ok(200)["id"], batch["results"][1]["id"]);
    assert!(again.is_replay());
    assert_eq!(brand.available(&ada).await, 3);
}

async fn a_purchase_twice_in_a_batch_is_posted_once(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let one = brand.purchase(&ada, 100);
    let mut other = one.clone();
    other["total"] = json!(200);
    let answer = brand.http.post("/v1/transactions/batch", &json!({ "items": [one, one, other] })).await.ok(200);
    assert_eq!(answer["results"][0]["id"], answer["results"][1]["id"]);
    assert_eq!(answer["results"][2]["code"], "external-id-conflict");
    assert_eq!(brand.available(&ada).await, 1);
}

async fn a_batch_is_bounded(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let items: Vec<Value> = (0..1_001).map(|_| brand.purchase(&ada, 100)).collect();
    for bad in [json!({ "items": items }), json!({ "items": [] }), json!({}), json!({ "items": [], "more": 1 }), json!([])] {
        brand.http.post("/v1/transactions/batch", &bad).await.any_problem(400);
    }
    let most = json!({ "items": items[..1_000] });
    brand.http.post("/v1/transactions/batch", &most).await.ok(200);
    assert_eq!(brand.available(&ada).await, 1_000);
}

async fn one_member_many_times_in_a_batch_is_decided_in_order(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({ "unit": 0, "remembers": true })).await;
    let (ada, bob) = (brand.enrol("ADA-1").await, brand.enrol("BOB-1").await);
    let items: Vec<Value> = (0..20).map(|number| brand.purchase(if number % 2 == 0 { &ada } else { &bob }, 100)).collect();
    let answer = brand.http.post("/v1/transactions/batch", &json!({ "items": items })).await.ok(200);
    let awarded: Vec<i64> =
        answer["results"].as_array().unwrap().iter().map(|result| result["points"]["awarded"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (0..20).map(|number| number / 2 + 1).collect();
    assert_eq!(awarded, expected, "each decides on the state that the one before has left");
    assert_eq!((brand.available(&ada).await, brand.available(&bob).await), (55, 55));
    coalition.verify().await;
}
