//! A brand may know that members buy elsewhere, where the operator lets it, and no more than that.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::Coalition;
use serde_json::json;

both_databases!(a_subscriber_is_told_of_purchases_elsewhere_as_far_as_it_was_granted);

async fn a_subscriber_is_told_of_purchases_elsewhere_as_far_as_it_was_granted(coalition: Coalition) {
    let config = json!({ "handles": ["purchase", "coalition"], "unit": 0, "answers": [
        { "on": "coalition", "points": 1, "times": "spent", "key": "elsewhere", "counts": "purchases" },
    ] });
    let fuel = coalition.brand_with_puppet("fuel", &config).await;
    let grocer = coalition.brand_with_puppet("grocer", &json!({ "unit": 0 })).await;
    let bakery = coalition.brand_with_puppet("bakery", &json!({ "unit": 0 })).await;
    let ada = grocer.enrol("ADA-1").await;
    bakery.http.post("/v1/transactions", &bakery.purchase(&ada, 100)).await.ok(201);
    let path = format!("/v1/partners/{}/subscriptions", fuel.id);
    grocer.http.put(&path, &json!({ "granted": true })).await.any_problem(403);
    coalition.operator.put(&path, &json!({ "granted": true, "partners": ["nobody"] })).await.problem(422, "partner-not-found");
    coalition.operator.put(&path, &json!({ "granted": "yes" })).await.any_problem(400);
    // Before the grant nothing is told; nor afterwards of what was before.
    grocer.sell(&ada, 70_000).await;
    let granted = coalition.operator.put(&path, &json!({ "granted": true, "partners": ["grocer"] })).await.ok(200);
    assert_eq!(granted, json!({ "partner": "fuel", "granted": true, "partners": ["grocer"] }));
    let sold = grocer.sell(&ada, 4_200).await;
    assert_eq!(sold["points"]["awarded"], 0, "the till hears nothing of others' rules: {sold:#}");
    bakery.sell(&ada, 50_000).await;
    grocer.until_available(&ada, 42).await;
    let decisions = fuel.decisions(&coalition.operator, &ada).await;
    assert_eq!(decisions.len(), 1, "{decisions:#?}");
    let event = &decisions[0]["event"];
    assert_eq!(event["coalition"], json!({ "partner": "grocer", "kind": "purchase", "total": { "amount": 4_200, "currency": "USD" } }));
    for secret in [sold["id"].as_str().unwrap(), sold["external_id"].as_str().unwrap(), &ada.id, "lines", "store"] {
        assert!(!event.to_string().contains(secret), "{secret} in {event:#}");
    }
    // Two partners' rules can't find out that they know the same person.
    let pseudonym = decisions[0]["member"]["id"].clone();
    let seen = grocer.http.get(&format!("/v1/decisions/{}", sold["decisions"][0]["id"].as_str().unwrap())).await.ok(200);
    assert_ne!(seen["member"]["id"], pseudonym);
    // Nor is the member the subscriber's customer for it, until they come.
    fuel.http.get(&format!("/v1/members/{}", ada.id)).await.any_problem(404);
    fuel.sell(&ada, 100).await;
    fuel.http.get(&format!("/v1/members/{}", ada.id)).await.ok(200);
    // A repeat of the purchase is told once; a repeat of the grant changes nothing; taken back, it is quiet.
    coalition.operator.put(&path, &json!({ "granted": true })).await.ok(200);
    bakery.sell(&ada, 300).await;
    grocer.until_available(&ada, 45).await;
    coalition.operator.put(&path, &json!({ "granted": false })).await.ok(200);
    grocer.sell(&ada, 9_900).await;
    coalition.operator.put(&path, &json!({ "granted": true })).await.ok(200);
    grocer.sell(&ada, 100).await;
    grocer.until_available(&ada, 46).await;
    coalition.verify().await;
}
