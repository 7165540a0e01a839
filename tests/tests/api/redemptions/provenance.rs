//! Where spent points came from, and who is told how much of it.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Coalition, fresh_id};
use serde_json::{Value, json};

both_databases!(every_spent_point_has_an_issuer_and_a_price);

async fn every_spent_point_has_an_issuer_and_a_price(coalition: Coalition) {
    let baker = coalition.brand_with_puppet("bakehouse", &json!({ "expires_days": 10 })).await;
    let grocer = coalition.brand_with_puppet("grocer", &json!({ "expires_days": 20 })).await;
    let ada = baker.enrol("ADA-1").await;
    let bread = baker.sell(&ada, 3_000).await;
    let new_price = json!({ "terms": { "issue_price": { "amount": 1_500, "currency": "USD" } } });
    coalition.operator.patch(&format!("/v1/partners/{}", baker.id), &new_price).await.ok(200);
    coalition.set_clock("2026-11-21T12:00:01Z").await;
    let mut dearer = baker.purchase(&ada, 2_000);
    dearer["occurred_at"] = json!("2026-11-21T12:00:01Z");
    baker.post(&dearer).await.ok(201);
    grocer.sell(&ada, 9_000).await;
    let me = coalition.session(&ada).await;
    let held = me.post("/v1/redemptions", &json!({ "partner": "grocer", "reward": "mug" })).await.ok(201);
    let id = held["id"].as_str().unwrap();
    let path = format!("/v1/redemptions/{id}/provenance");
    let before = coalition.operator.get(&path).await.ok(200);
    assert_eq!((&before["points"], &before["sources"]), (&json!(0), &json!([])), "nothing is spent yet");
    grocer.capture(id, None).await.ok(200);
    let all = coalition.operator.get(&path).await.ok(200);
    let parts = |told: &Value| -> Vec<(Value, Value, Value)> {
        let row = |source: &Value| (source["points"].clone(), source["issuer"].clone(), source["price"]["amount"].clone());
        told["sources"].as_array().unwrap().iter().map(row).collect()
    };
    assert_eq!(
        parts(&all),
        [
            (json!(30), json!("bakehouse"), json!(1_000)),
            (json!(20), json!("bakehouse"), json!(1_500)),
            (json!(50), json!("grocer"), json!(1_000)),
        ]
    );
    assert_eq!(all["sources"][0]["decision"], bread["decisions"][0]["id"]);
    assert_eq!(all["sources"][0]["transaction"], bread["id"]);
    let value = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    assert_eq!(
        all["by_issuer"],
        json!([
            { "issuer": "bakehouse", "points": 30, "price": value(1_000), "value": value(30) },
            { "issuer": "bakehouse", "points": 20, "price": value(1_500), "value": value(30) },
            { "issuer": "grocer", "points": 50, "price": value(1_000), "value": value(50) },
        ])
    );
    // The reward's partner learns which are its own; where else its guest shops it does not.
    let own = grocer.http.get(&path).await.ok(200);
    assert_eq!(parts(&own), [(json!(50), Value::Null, Value::Null), (json!(50), json!("grocer"), json!(1_000))]);
    assert_eq!((&own["sources"][0]["decision"], &own["by_issuer"]), (&Value::Null, &Value::Null));
    assert!(!own.to_string().contains("bakehouse"));
    // The member learns who gave them, and not at which price.
    let mine = me.get(&path).await.ok(200);
    assert_eq!(parts(&mine)[0], (json!(30), json!("bakehouse"), Value::Null));
    baker.http.get(&path).await.any_problem(404);
    // What is given back goes to the lots that paid last.
    let back = json!({ "external_id": fresh_id("rev"), "points": 60 });
    grocer.http.post(&format!("/v1/redemptions/{id}/reverse"), &back).await.ok(200);
    let left = coalition.operator.get(&format!("/v1/members/{}/provenance", ada.id)).await.ok(200);
    assert_eq!(left["items"][0]["redemption"], id);
    assert_eq!(parts(&left["items"][0]), [(json!(30), json!("bakehouse"), json!(1_000)), (json!(10), json!("bakehouse"), json!(1_500))]);
    grocer.http.get(&format!("/v1/members/{}/provenance", ada.id)).await.any_problem(403);
    coalition.verify().await;
}
